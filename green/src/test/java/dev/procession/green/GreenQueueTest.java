package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues between the tasks of a loop, by asyncio's rules. On a virtual clock. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a loop and a group tell what their tasks threw
class GreenQueueTest {
    private final List<Object> seen = new ArrayList<>();
    private EventLoop loop;

    private void onLoop(TaskAction main) throws Exception {
        try (EventLoop virtual = EventLoop.builder().virtualClock().build()) {
            loop = virtual;
            virtual.runToTheEnd(EventLoop.callable(main));
        }
    }

    private static void letAllRun() {
        EventLoop.sleep(Duration.ZERO);
        EventLoop.sleep(Duration.ZERO);
    }

    /** Case A13. */
    @Test
    void aTakeCancelledAsItsElementComesLosesNone() throws Exception {
        onLoop(() -> {
            GreenQueue<String> queue = GreenQueue.of(1);
            Task<String> take = Task.start(queue::take);
            letAllRun();
            queue.add("element");
            take.cancel();
            Tasks.wait(List.of(take));
            assertThat(take.isCancelled()).isTrue();
            assertThat(queue).hasSize(1);
            assertThatThrownBy(() -> queue.add("one too many")).isInstanceOf(IllegalStateException.class);
            assertThat(queue.take()).isEqualTo("element");
            queue.taskDone();
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("more often");
        });
    }

    @Test
    void anElementThatACancelledTakerLeavesWakesTheNext() throws Exception {
        onLoop(() -> {
            GreenQueue<String> queue = GreenQueue.unbounded();
            Task<String> first = Task.start(queue::take);
            Task<String> second = Task.start(queue::take);
            letAllRun();
            queue.put("element");
            first.cancel();
            assertThat(second.join()).isEqualTo("element");
        });
    }

    @Test
    void producersAndConsumersMeetInOrder() throws Exception {
        onLoop(() -> {
            GreenQueue<Integer> queue = GreenQueue.of(3);
            Task<?> producer = Task.start(() -> {
                for (int i = 0; i < 1000; i++) {
                    queue.put(i);
                }
            });
            for (int i = 0; i < 1000; i++) {
                assertThat(queue.size()).isLessThanOrEqualTo(3);
                assertThat(queue.take()).isEqualTo(i);
            }
            producer.join();
        });
    }

    @Test
    void waitsEndInTime() throws Exception {
        onLoop(() -> {
            GreenQueue<Integer> queue = GreenQueue.of(1);
            assertThat(queue.poll(5, TimeUnit.MILLISECONDS)).isNull();
            queue.put(1);
            assertThat(queue.offer(2, 5, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(loop.time()).isEqualTo(Duration.ofMillis(10));
            loop.callLater(Duration.ofMillis(5), queue::poll);
            assertThat(queue.offer(3, 1, TimeUnit.HOURS)).isTrue();
            assertThat(loop.time()).isEqualTo(Duration.ofMillis(15));
            assertThat(queue).containsExactly(3);
        });
    }

    @Test
    void joinWaitsUntilAllIsDone() throws Exception {
        onLoop(() -> {
            GreenQueue<Integer> queue = GreenQueue.unbounded();
            queue.addAll(List.of(1, 2, 3));
            Task<?> worker = Task.start(() -> {
                while (true) {
                    seen.add(queue.take());
                    EventLoop.sleep(Duration.ofMillis(1));
                    queue.taskDone();
                }
            });
            queue.join();
            worker.cancel();
            assertThat(seen).containsExactly(1, 2, 3);
            assertThat(loop.time()).isEqualTo(Duration.ofMillis(3));
        });
    }

    @Test
    void otherOrdersAreLastInFirstOutAndTheSmallest() throws Exception {
        onLoop(() -> {
            GreenQueue<Integer> stack = GreenQueue.lifo(3);
            GreenQueue<Integer> smallest = GreenQueue.priority(3, Comparator.naturalOrder());
            for (GreenQueue<Integer> queue : List.of(stack, smallest)) {
                queue.addAll(List.of(2, 1, 3));
                List<Integer> taken = new ArrayList<>();
                queue.drainTo(taken);
                seen.add(taken);
            }
            assertThat(seen).containsExactly(List.of(3, 1, 2), List.of(1, 2, 3));
        });
    }

    @Test
    void nullAndRoomForNothingAreRefused() throws Exception {
        onLoop(() -> {
            assertThatThrownBy(() -> GreenQueue.unbounded().put(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> GreenQueue.of(0)).hasMessageContaining("capacity=0");
        });
    }
}
