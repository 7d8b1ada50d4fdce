package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A worker at random is killed every quarter of a second while tasks flow, and each is retried without bound: every future
 * gets its right value, none is lost, nothing is left.
 */
@ExtendWith(NothingLeft.class)
class PoolStormTest {
    private static final int AHEAD = 200;
    private static final long EVERY_MILLIS = 250;

    private record Expected(int value, TaskFuture<Integer> future) {}

    @Test
    void everyTaskGetsItsValueInAShower() throws Exception {
        storm(Duration.ofSeconds(5), 2_000);
    }

    @Test
    @Tag("soak")
    @Timeout(300)
    void everyTaskGetsItsValueInAStorm() throws Exception {
        storm(Duration.ofSeconds(60), 50_000);
    }

    private static void storm(Duration length, int tasks) throws Exception {
        int descriptorsBefore = descriptors();
        var kills = new AtomicInteger();
        int done = 0;
        try (ProcessPool pool = ProcessPool.builder()
                .name("storm")
                .size(3)
                .heap(64 << 20)
                .retries(Integer.MAX_VALUE)
                .build()) {
            Thread killer = Thread.ofPlatform().start(() -> killNowAndThen(kills));
            try {
                long end = System.nanoTime() + length.toNanos();
                Deque<Expected> flying = new ArrayDeque<>();
                int submitted = 0;
                while (submitted < tasks || System.nanoTime() - end < 0) {
                    while (flying.size() < AHEAD) {
                        int x = submitted++;
                        flying.add(new Expected(x * 31, pool.submit(() -> {
                            if (x % 50 == 0) {
                                Thread.sleep(20);
                            }
                            return x * 31;
                        })));
                    }
                    check(flying.remove());
                    done++;
                }
                while (!flying.isEmpty()) {
                    check(flying.remove());
                    done++;
                }
                assertThat(done).isEqualTo(submitted);
                assertThat(pool.statistics().done()).isEqualTo(submitted);
                assertThat(pool.statistics().failed()).isZero();
                assertThat(pool.statistics().queued()).isZero();
                assertThat(pool.statistics().running()).isZero();
            } finally {
                killer.interrupt();
                killer.join();
            }
            assertThat(kills.get()).isGreaterThan((int) (length.toMillis() / EVERY_MILLIS / 2));
        }
        Marked.poll(
                Duration.ofSeconds(5),
                () -> descriptors() <= descriptorsBefore,
                () -> "descriptors before: " + descriptorsBefore + ", after: " + descriptors());
    }

    private static void check(Expected expected) throws Exception {
        assertThat(expected.future().get(60, TimeUnit.SECONDS)).isEqualTo(expected.value());
    }

    private static void killNowAndThen(AtomicInteger kills) {
        var random = new Random(4);
        try {
            while (true) {
                Thread.sleep(EVERY_MILLIS); // the pace of the kills, not a wait for anything
                List<ChildProcess> workers = Processes.activeChildren();
                if (!workers.isEmpty()
                        && Signals.send(
                                workers.get(random.nextInt(workers.size())).pid(), Signals.KILL)) {
                    kills.incrementAndGet();
                }
            }
        } catch (InterruptedException _) {
            // Enough.
        }
    }

    private static int descriptors() {
        int count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path _ : open) {
                count++;
            }
            return count;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
