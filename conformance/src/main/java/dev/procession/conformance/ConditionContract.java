package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Condition} of a re-entrant lock of ours promises. Rules W1 to W6 of docs/contracts/synchronizers.md. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "JavaUtilDate", "NullAway.Init"}) // single calls are tested
public abstract class ConditionContract {
    private Lock lock;
    private Condition condition;
    private final AtomicInteger awake = new AtomicInteger();
    private final AtomicInteger aboutToWait = new AtomicInteger();

    /**
     * Makes a re-entrant lock. One that is {@link AutoCloseable} is closed after the test.
     *
     * @return a free lock
     */
    protected abstract Lock newLock();

    /** Starts the suite. */
    protected ConditionContract() {}

    @BeforeEach
    final void make() {
        lock = newLock();
        condition = lock.newCondition();
    }

    @AfterEach
    final void close() throws Exception {
        if (lock instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** Threads that wait, all of them by the time this returns: who holds the lock after them knows that they do. */
    private List<Background<Boolean>> waiters(int count) {
        List<Background<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int before = aboutToWait.get();
            waiters.add(Background.run(() -> {
                lock.lock();
                aboutToWait.incrementAndGet();
                condition.await();
                awake.incrementAndGet();
                lock.unlock();
            }));
            Background.until(() -> aboutToWait.get() > before);
        }
        lock.lock();
        lock.unlock();
        return waiters;
    }

    @Test
    final void w1_isForHoldersOfTheLockOnly() {
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::signal);
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::signalAll);
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::await);
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(condition::awaitUninterruptibly);
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(() -> condition.await(1, SECONDS));
    }

    @Test
    final void w2_eachSignalWakesOne() {
        List<Background<Boolean>> waiters = waiters(3);
        for (int signals = 1; signals <= 3; signals++) {
            lock.lock();
            condition.signal();
            lock.unlock();
            int left = 3 - signals;
            Background.until(
                    () -> waiters.stream().filter(Background::isRunning).count() == left);
            waiters.stream().filter(Background::isRunning).findFirst().ifPresent(Background::staysWaiting);
            assertThat(awake).hasValue(signals);
        }
        waiters.forEach(Background::result);
    }

    @Test
    final void w2_signalAllWakesAll() {
        List<Background<Boolean>> waiters = waiters(4);
        lock.lock();
        condition.signalAll();
        lock.unlock();
        waiters.forEach(Background::result);
        assertThat(awake).hasValue(4);
    }

    @Test
    final void w3_aSignalNobodyWaitsForIsForgotten() throws Exception {
        lock.lock();
        condition.signal();
        condition.signalAll();
        assertThat(condition.await(30, MILLISECONDS)).isFalse();
        lock.unlock();
    }

    @Test
    final void w4_aTimedWaitLastsAtLeastItsTimeAndComesBackHoldingTheLock() throws Exception {
        lock.lock();
        long begin = System.nanoTime();
        assertThat(condition.await(50, MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        assertThat(condition.awaitNanos(MILLISECONDS.toNanos(10))).isNotPositive();
        assertThat(condition.awaitUntil(new Date(System.currentTimeMillis() + 10)))
                .isFalse();
        assertThat(condition.await(0, SECONDS)).isFalse();
        assertThat(condition.await(-1, SECONDS)).isFalse();
        assertThat(Background.call(lock::tryLock).result()).isFalse();
        lock.unlock();
    }

    @Test
    final void w4_aTimedWaitThatIsSignalledTellsWhatIsLeft() throws Exception {
        lock.lock();
        Background<Boolean> signaller = Background.run(() -> {
            lock.lock();
            condition.signal();
            lock.unlock();
        });
        assertThat(condition.awaitNanos(SECONDS.toNanos(1000))).isPositive();
        lock.unlock();
        signaller.result();
    }

    @Test
    final void w5_anInterruptEndsAWaitHoldingTheLock() {
        CountDownLatch locked = new CountDownLatch(1);
        Background<Boolean> waiter = Background.call(() -> {
            lock.lock();
            locked.countDown();
            try {
                condition.await();
                return false;
            } catch (InterruptedException expected) {
                lock.unlock(); // throws unless this thread holds the lock
                return !Thread.currentThread().isInterrupted();
            }
        });
        waiter.staysWaiting().interrupt();
        assertThat(waiter.result()).isTrue();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    final void w5_anInterruptIsKeptByAWaitThatCannotBeInterrupted() {
        Background<Boolean> waiter = Background.call(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            lock.unlock();
            return Thread.currentThread().isInterrupted();
        });
        waiter.staysWaiting().interrupt();
        waiter.staysWaiting();
        lock.lock();
        condition.signal();
        lock.unlock();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    final void w6_allHoldsAreReleasedAndRestored() {
        Background<Boolean> waiter = Background.run(() -> {
            lock.lock();
            lock.lock();
            aboutToWait.incrementAndGet();
            condition.await();
            lock.unlock();
            lock.unlock();
        });
        Background.until(() -> aboutToWait.get() == 1);
        lock.lock();
        condition.signal();
        lock.unlock();
        waiter.result();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }
}
