package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Lock} of ours promises. Rules K1 to K6 of docs/contracts/synchronizers.md. */
@SuppressWarnings("LockNotBeforeTry") // what each single call does is what is tested
public abstract class LockContract {
    private final List<AutoCloseable> opened = new ArrayList<>();

    /**
     * Makes a lock. Those that are {@link AutoCloseable} are closed after the test.
     *
     * @return a free lock
     */
    protected abstract Lock newLock();

    /** Starts the suite. */
    protected LockContract() {}

    /** A lock that is closed after the test. */
    final Lock free() {
        Lock lock = newLock();
        if (lock instanceof AutoCloseable closeable) {
            opened.add(closeable);
        }
        return lock;
    }

    /** A lock that another thread holds, until the result is run. */
    private static Background<Boolean> hold(Lock lock, CountDownLatch release) throws InterruptedException {
        var held = new CountDownLatch(1);
        Background<Boolean> holder = Background.run(() -> {
            lock.lock();
            held.countDown();
            release.await();
            lock.unlock();
        });
        assertThat(held.await(Background.PATIENCE.toMillis(), MILLISECONDS)).isTrue();
        return holder;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable lock : opened) {
            lock.close();
        }
    }

    @Test
    final void k1_oneHoldsItAtATime() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        assertThat(lock.tryLock()).isFalse();
        Background<Boolean> second = Background.run(lock::lock).staysWaiting();
        release.countDown();
        holder.result();
        second.result();
    }

    @Test
    final void k1_noUpdateIsLostUnderIt() throws Exception {
        Lock lock = free();
        int[] counter = {0};
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Background.run(() -> {
                for (int n = 0; n < 5_000; n++) {
                    lock.lock();
                    try {
                        counter[0]++;
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        threads.forEach(Background::result);
        assertThat(counter[0]).isEqualTo(20_000);
    }

    @Test
    final void k2_aFreeOneCannotBeReleased() {
        Lock lock = free();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
        lock.lock();
        lock.unlock();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    final void k3_aTimedAttemptWaitsAtLeastItsTimeAndLeavesTheLockSound() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        long begin = System.nanoTime();
        assertThat(lock.tryLock(50, MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        release.countDown();
        holder.result();
        assertThat(lock.tryLock(50, MILLISECONDS)).isTrue();
        lock.unlock();
    }

    @Test
    final void k3_zeroOrLessDoesNotWait() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        assertThat(lock.tryLock(0, SECONDS)).isFalse();
        assertThat(lock.tryLock(-1, SECONDS)).isFalse();
        assertThat(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        release.countDown();
        holder.result();
    }

    @Test
    final void k3_aVeryLongTimeIsNotAShortOne() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        Background<Boolean> second = Background.call(() -> lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS))
                .staysWaiting();
        release.countDown();
        holder.result();
        assertThat(second.result()).isTrue();
    }

    @Test
    final void k4_anInterruptEndsAWaitAndTakesNothing() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        Background<Boolean> timed = Background.call(() -> lock.tryLock(1, TimeUnit.DAYS));
        Background<Boolean> endless = Background.run(lock::lockInterruptibly);
        for (Background<Boolean> waiter : List.of(timed, endless)) {
            waiter.staysWaiting().interrupt();
            waiter.failure(InterruptedException.class);
        }
        release.countDown();
        holder.result();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    final void k4_anInterruptBeforeRefusesAFreeLock() {
        Lock lock = free();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(lock::lockInterruptibly);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> lock.tryLock(1, SECONDS));
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    final void k5_lockKeepsAnInterruptForLater() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        Background<Boolean> waiter = Background.call(() -> {
            lock.lock();
            lock.unlock();
            return Thread.currentThread().isInterrupted();
        });
        waiter.staysWaiting().interrupt();
        waiter.staysWaiting();
        release.countDown();
        holder.result();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    final void k6_virtualThreadsWaitWithoutHoldingUpTheirCarriers() throws Exception {
        Lock lock = free();
        var release = new CountDownLatch(1);
        Background<Boolean> holder = hold(lock, release);
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors() * 4 + 8; i++) {
            waiters.add(Thread.startVirtualThread(() -> {
                lock.lock();
                lock.unlock();
            }));
        }
        assertThat(Thread.startVirtualThread(() -> {}).join(Background.PATIENCE))
                .isTrue();
        release.countDown();
        holder.result();
        for (Thread waiter : waiters) {
            assertThat(waiter.join(Background.PATIENCE)).isTrue();
        }
    }
}
