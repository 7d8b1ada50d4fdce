package dev.procession.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.JoinableQueue;
import dev.procession.core.LifoBlockingQueue;
import dev.procession.core.QueueShutDownException;
import dev.procession.explore.junit.ExploreTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Core's queues in every order. */
class InProcessQueuesTest {
    @ExploreTest
    void stackHandsEachElementOver(Program program) {
        BlockingQueue<Integer> stack = new LifoBlockingQueue<>(1);
        var taken = new ArrayList<Integer>();
        program.task("putter", () -> {
            stack.put(1);
            stack.put(2);
        });
        program.task("taker", () -> {
            taken.add(stack.take());
            taken.add(stack.take());
        });
        program.check("each is taken once", () -> taken.equals(List.of(1, 2)) && stack.isEmpty());
    }

    @ExploreTest
    void twoTakersWakeForTwoElements(Program program) {
        BlockingQueue<Integer> stack = new LifoBlockingQueue<>(2);
        var taken = new ArrayList<Integer>();
        program.task("ada", () -> taken.add(stack.take()));
        program.task("ben", () -> taken.add(stack.take()));
        program.task("putter", () -> {
            stack.put(1);
            stack.put(2);
        });
        program.check("both are taken", () -> taken.size() == 2 && stack.isEmpty());
    }

    @ExploreTest
    void joinEndsWhenAllWasDone(Program program) {
        var queue = new JoinableQueue<Integer>(new LinkedBlockingQueue<>());
        queue.add(1);
        var done = new ArrayList<Integer>();
        program.task("worker", () -> {
            done.add(queue.take());
            queue.taskDone();
        });
        program.task("joiner", () -> {
            queue.join();
            assertThat(done).containsExactly(1);
        });
    }

    @ExploreTest
    void shutdownWakesWhoWaits(Program program) {
        var queue = new JoinableQueue<Integer>(new LinkedBlockingQueue<>(1));
        var refused = new ArrayList<String>();
        for (String name : List.of("ada", "ben")) {
            program.task(name, () -> {
                try {
                    queue.take();
                } catch (QueueShutDownException e) {
                    refused.add(name);
                }
            });
        }
        program.task("closer", queue::shutdown);
        program.check("both are told", () -> refused.size() == 2);
    }

    /** The explorer can see a queue's fault: taken without the lock, one element goes to two. */
    @Test
    void brokenQueueIsCaught() {
        Exploration found = Explorer.everyKind().run(() -> {
            var program = new Program();
            var size = program.variable("size", 1);
            var taken = new ArrayList<String>();
            for (String name : List.of("ada", "ben")) {
                program.task(name, () -> {
                    if (size.get() > 0) {
                        size.set(size.get() - 1);
                        taken.add(name);
                    }
                });
            }
            return program.check("one of them has it", () -> taken.size() == 1);
        });
        assertThat(found.failing()).isPositive();
    }
}
