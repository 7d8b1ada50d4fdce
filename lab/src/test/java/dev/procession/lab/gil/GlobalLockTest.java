package dev.procession.lab.gil;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The model of the interpreter lock. */
@Timeout(60)
class GlobalLockTest {
    private static final Interpreter.Turns SILENT = new Interpreter.Turns() {
        @Override
        public void begins() {}

        @Override
        public void ends() {}
    };

    @Test
    void whoWaitsGetsTheLockThoughTheHolderNeverEnds() throws Exception {
        GlobalLock lock = new GlobalLock(Duration.ofMillis(1));
        AtomicBoolean end = new AtomicBoolean();
        CountDownLatch holds = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> {
            lock.acquire();
            holds.countDown();
            while (!end.get()) {
                if (lock.isWanted()) {
                    lock.drop();
                    lock.acquire();
                }
            }
            lock.release();
        });
        holds.await();

        for (int turn = 0; turn < 20; turn++) {
            lock.acquire();
            lock.release();
        }

        end.set(true);
        holder.join();
        assertThat(lock.switches()).isGreaterThanOrEqualTo(21);
    }

    @Test
    void aHolderWhomNobodyAsksKeepsIt() {
        GlobalLock lock = new GlobalLock(Duration.ofMillis(1));
        lock.acquire();

        assertThat(lock.isWanted()).isFalse();
        lock.release();
        assertThat(lock.switches()).isEqualTo(1);
    }

    @Test
    void underTheLockOneThreadAtATimeIsInAStepAndWithoutItMoreMayBe() throws Exception {
        Interpreter locked = Interpreter.withLock(Duration.ofMillis(1));
        Thread[] threads = new Thread[4];
        long[] results = new long[threads.length];
        for (int i = 0; i < threads.length; i++) {
            int mine = i;
            threads[i] = Thread.ofPlatform().start(() -> results[mine] = locked.compute(5_000, SILENT));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(locked.mostInside()).isEqualTo(1);
        assertThat(results).containsOnly(Interpreter.withoutLock().compute(5_000, SILENT));
    }
}
