package dev.procession.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows U01 to U16 of CPython's queue module tests, over all three kinds of order. */
class JoinableQueueTest {
    static Stream<BlockingQueue<Integer>> kinds() {
        return Stream.of(
                new JoinableQueue<>(new LinkedBlockingQueue<>(2)),
                new JoinableQueue<>(new LifoBlockingQueue<>(2)),
                new JoinableQueue<>(new PriorityBlockingQueue<>()));
    }

    private static JoinableQueue<Integer> fifo() {
        return new JoinableQueue<>(new LinkedBlockingQueue<>());
    }

    private static boolean ends(Future<?> future) throws InterruptedException, ExecutionException {
        try {
            future.get(50, MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        }
    }

    @Test
    @DisplayName("U01 first in, first out; U02 last in, first out")
    void orderIsThatOfTheQueueBelow() throws Exception {
        var fifo = fifo();
        var lifo = new JoinableQueue<Integer>(new LifoBlockingQueue<>());
        var priority = new JoinableQueue<Integer>(new PriorityBlockingQueue<>());
        for (var queue : List.of(fifo, lifo, priority)) {
            for (int each : new int[] {111, 333, 222}) {
                queue.put(each);
            }
        }
        assertThat(List.of(fifo.take(), fifo.take(), fifo.take())).containsExactly(111, 333, 222);
        assertThat(List.of(lifo.take(), lifo.take(), lifo.take())).containsExactly(222, 333, 111);
        assertThat(List.of(priority.take(), priority.take(), priority.take())).containsExactly(111, 222, 333);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @DisplayName("U04 a negative time-out does not wait; U05 forms that do not wait")
    void negativeTimeoutDoesNotWait(BlockingQueue<Integer> queue) throws Exception {
        assertThat(queue.poll(-1, SECONDS)).isNull();
        assertThat(queue.poll()).isNull();
        queue.put(1);
        queue.put(2);
        boolean bounded = queue.remainingCapacity() == 0;
        assertThat(queue.offer(3, -1, SECONDS)).isEqualTo(!bounded);
        assertThat(queue.offer(4)).isEqualTo(!bounded);
    }

    @Test
    @DisplayName("U07 taskDone on a fresh queue")
    void taskDoneNeedsATask() throws Exception {
        var queue = fifo();
        assertThatIllegalStateException().isThrownBy(queue::taskDone).withMessageContaining("taskDone()");
        queue.put(1);
        queue.taskDone();
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
    }

    @Test
    @DisplayName("U08 join until the sum is complete; join twice; stop elements, join again")
    void joinWaitsForAllWork() throws Exception {
        var queue = fifo();
        var sum = new AtomicInteger();
        try (var workers = Executors.newFixedThreadPool(2)) {
            for (int w = 0; w < 2; w++) {
                var _ = workers.submit(() -> {
                    while (true) {
                        int element = queue.take();
                        if (element >= 0) {
                            sum.addAndGet(element);
                        }
                        queue.taskDone();
                        if (element < 0) {
                            return null;
                        }
                    }
                });
            }
            for (int i = 0; i < 100; i++) {
                queue.put(i);
            }
            queue.join();
            assertThat(sum.get()).isEqualTo(4950);
            queue.join();
            queue.put(-1);
            queue.put(-1);
            queue.join();
            assertThat(queue.unfinishedTasks()).isZero();
        }
    }

    @Test
    @DisplayName("U10 an empty queue shut down refuses both ends")
    void shutDownEmptyQueueRefusesBothEnds() {
        var queue = fifo();
        queue.shutdown();

        assertThat(queue.isShutdown()).isTrue();
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.put(1));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.offer(1));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.offer(1, 1, SECONDS));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::take);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::poll);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.poll(1, SECONDS));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.drainTo(new ArrayList<>()));
        assertThat(queue.peek()).isNull();
    }

    @Test
    @DisplayName("U11 what is in a queue shut down can still be taken")
    void shutDownQueueGivesOutWhatItHas() throws Exception {
        var queue = fifo();
        queue.put(1);
        queue.put(2);
        queue.shutdown();

        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo(2);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::take);
    }

    @Test
    @DisplayName("U13 shutting down in any order, again and again")
    void shutdownIsFinal() {
        var queue = fifo();
        queue.add(1);
        queue.shutdown();
        assertThat(queue.shutdownNow()).containsExactly(1);
        queue.shutdown();
        assertThat(queue.shutdownNow()).isEmpty();
        assertThat(queue.isShutdown()).isTrue();
    }

    @Test
    @DisplayName("U14 shutdown wakes all takers; and putters")
    void shutdownWakesEverybody() throws Exception {
        var empty = fifo();
        var full = new JoinableQueue<Integer>(new LinkedBlockingQueue<>(1));
        full.put(1);
        try (var threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> waiting = List.of(
                    threads.submit(empty::take),
                    threads.submit(empty::take),
                    threads.submit(() -> empty.poll(60, SECONDS)),
                    threads.submit(() -> {
                        full.put(2);
                        return 2;
                    }),
                    threads.submit(() -> full.offer(3, 60, SECONDS) ? 3 : 0));
            for (var each : waiting) {
                assertThat(ends(each)).isFalse();
            }
            empty.shutdown();
            full.shutdown();
            for (var each : waiting) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> each.get(30, SECONDS))
                        .withCauseInstanceOf(QueueShutDownException.class);
            }
        }
        assertThat(full).containsExactly(1);
    }

    @Test
    @DisplayName("U16 join outlasts a shutdown")
    void joinWaitsForTheWorkAfterAShutdown() throws Exception {
        var queue = fifo();
        queue.put(1);
        try (var threads = Executors.newCachedThreadPool()) {
            Future<?> join = threads.submit(() -> {
                queue.join();
                return null;
            });
            queue.shutdown();
            assertThat(ends(join)).isFalse();
            assertThat(queue.join(20, MILLISECONDS)).isFalse();
            queue.take();
            assertThat(ends(join)).isFalse();
            queue.taskDone();
            join.get(30, SECONDS);
            assertThat(queue.join(-1, SECONDS)).isTrue();
        }
    }

    @Test
    void shutdownNowFinishesWhatNobodyTookAndNothingElse() throws Exception {
        var queue = fifo();
        queue.put(1);
        queue.put(2);
        queue.take();

        assertThat(queue.shutdownNow()).containsExactly(2);
        assertThat(queue.unfinishedTasks()).isEqualTo(1);
        queue.taskDone();
        queue.join();
    }

    @Test
    void withdrawnElementsAreFinished() throws Exception {
        var queue = fifo();
        queue.addAll(List.of(1, 2, 3, 4, 5, 6));
        queue.remove(1);
        queue.removeIf(n -> n == 2);
        var each = queue.iterator();
        each.next();
        each.remove();
        assertThat(queue.unfinishedTasks()).isEqualTo(3);
        queue.drainTo(new ArrayList<>(), 1);
        assertThat(queue.unfinishedTasks()).isEqualTo(3);
        queue.clear();
        assertThat(queue.unfinishedTasks()).isEqualTo(1);
        queue.taskDone();
        queue.join();
    }

    @Test
    void elementsThatWereThereBeforeCount() {
        var queue = new JoinableQueue<>(new LinkedBlockingQueue<>(List.of(1, 2)));

        assertThat(queue.unfinishedTasks()).isEqualTo(2);
    }

    @Test
    void queuesThatCannotCarryItAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JoinableQueue<>(new SynchronousQueue<Integer>()));
        assertThatIllegalArgumentException().isThrownBy(() -> new JoinableQueue<>(new DelayQueue<>()));
    }
}
