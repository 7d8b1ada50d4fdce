package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ordinary blocking calls of the JDK suspend the task alone: on all engines but the one of public API only. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a loop and a group tell what their tasks threw
class OverlapTest {
    private final List<Object> seen = new ArrayList<>();

    /** Case V2. */
    @Test
    void sleepsOfTheJdkOverlap() {
        List<Task<?>> tasks = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            int number = i;
            tasks.add(Green.spawn(() -> {
                Thread.sleep(300);
                seen.add(number);
            }));
        }
        Green.joinAll(tasks);
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aQueueOfTheJdkHandsOverBetweenTasks() throws Exception {
        EventLoop.run(() -> {
            LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>(1);
            Task<Integer> sum = Task.start(() -> {
                int total = 0;
                for (int i = 0; i < 100; i++) {
                    total += queue.take();
                }
                return total;
            });
            for (int i = 0; i < 100; i++) {
                queue.put(i);
            }
            assertThat((Object) sum.get()).isEqualTo(4950);
        });
    }

    /** A thousand tasks, and a read and a write with a blocking call in between. */
    @Test
    void noUpdateIsLostAroundBlockingCalls() throws Exception {
        int[] counter = {0};
        EventLoop.run(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < 1000; i++) {
                    group.start(() -> {
                        Thread.sleep(1);
                        counter[0]++;
                        Thread.sleep(1);
                        counter[0]++;
                    });
                }
            }
        });
        assertThat(counter[0]).isEqualTo(2000);
    }

    @Test
    void anInterruptedJdkWaitOfTheBodyTellsTheFailure() throws Exception {
        EventLoop.run(() -> {
            assertThatThrownBy(() -> TaskGroup.run(group -> {
                        group.start(() -> fails());
                        EventLoop.sleep(Duration.ZERO);
                        Thread.sleep(60_000);
                    }))
                    .isInstanceOf(TaskGroupException.class)
                    .hasRootCauseMessage("task");
            Task<?> opener = Task.start(() -> {
                try (TaskGroup group = TaskGroup.open()) {
                    group.start(() -> fails());
                    EventLoop.sleep(Duration.ZERO);
                    Thread.sleep(60_000);
                }
            });
            assertThatThrownBy(opener::join).cause().isInstanceOf(TaskGroupException.class);
        });
    }

    private static void fails() {
        EventLoop.sleep(Duration.ZERO);
        throw new IllegalStateException("task");
    }

    @Test
    void socketsWorkInOneLoopAfterAnother() throws Exception {
        for (int round = 0; round < 3; round++) {
            EventLoop.run(() -> {
                try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                    Task<?> accepting = Task.start(() -> {
                        try (Socket peer = server.accept()) {
                            InputStream in = peer.getInputStream();
                            for (int b = in.read(); b >= 0; b = in.read()) {
                                peer.getOutputStream().write(b + 1);
                            }
                        }
                    });
                    try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                        for (int b = 0; b < 20; b++) {
                            client.getOutputStream().write(b);
                            seen.add(client.getInputStream().read());
                        }
                    }
                    accepting.join();
                }
            });
        }
        assertThat(seen).hasSize(60).endsWith(18, 19, 20);
    }

    @Test
    void aThreadThatATaskLeavesBehindGoesOnWithoutTheLoop() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread stray = EventLoop.run(() -> {
            Thread started = Thread.startVirtualThread(() -> {
                began.countDown();
                try {
                    goOn.await();
                    Thread.sleep(5);
                    seen.add("went on");
                } catch (InterruptedException e) {
                    seen.add(e);
                }
            });
            began.await();
            return started;
        });
        goOn.countDown();
        assertThat(stray.join(Duration.ofSeconds(30))).isTrue();
        assertThat(seen).containsExactly("went on");
        Thread sleeping = EventLoop.run(() -> {
            Thread started = Thread.startVirtualThread(() -> {
                try {
                    Thread.sleep(50);
                    seen.add("slept on");
                } catch (InterruptedException e) {
                    seen.add(e);
                }
            });
            EventLoop.sleep(Duration.ofMillis(5));
            return started;
        });
        assertThat(sleeping.join(Duration.ofSeconds(30))).isTrue();
        assertThat(seen).containsExactly("went on", "slept on");
    }
}
