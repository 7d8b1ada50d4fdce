package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every semaphore of ours promises. Rules S1 to S5 of docs/contracts/synchronizers.md. */
public abstract class SemaphoreContract {
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** The methods of {@link java.util.concurrent.Semaphore} that all have, since the JDK has no interface for them. */
    public interface Permits extends AutoCloseable {
        /** As {@link java.util.concurrent.Semaphore#acquire(int)}. */
        void acquire(int count) throws InterruptedException;

        /** As {@link java.util.concurrent.Semaphore#tryAcquire(int)}. */
        boolean tryAcquire(int count);

        /** As {@link java.util.concurrent.Semaphore#tryAcquire(int, long, TimeUnit)}. */
        boolean tryAcquire(int count, long time, TimeUnit unit) throws InterruptedException;

        /** As {@link java.util.concurrent.Semaphore#release(int)}. */
        void release(int count);

        /** As {@link java.util.concurrent.Semaphore#availablePermits()}. */
        int availablePermits();

        @Override
        default void close() {}
    }

    /**
     * Makes a semaphore, which is closed after the test.
     *
     * @param permits how many permits it has
     * @return the semaphore
     */
    protected abstract Permits newSemaphore(int permits);

    /** Starts the suite. */
    protected SemaphoreContract() {}

    private Permits of(int permits) {
        Permits semaphore = newSemaphore(permits);
        opened.add(semaphore);
        return semaphore;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable semaphore : opened) {
            semaphore.close();
        }
    }

    @Test
    final void s1_countsDownToZeroAndUpAgain() throws Exception {
        Permits semaphore = of(2);
        semaphore.acquire(1);
        assertThat(semaphore.availablePermits()).isOne();
        semaphore.acquire(1);
        assertThat(semaphore.tryAcquire(1)).isFalse();
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release(1);
        semaphore.release(1);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThat(semaphore.tryAcquire(0)).isTrue();
    }

    @Test
    final void s2_severalPermitsAreTakenAtOnceOrNotAtAll() throws Exception {
        Permits semaphore = of(3);
        semaphore.acquire(1);
        assertThat(semaphore.tryAcquire(3)).isFalse();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        Background<Boolean> three = Background.run(() -> semaphore.acquire(3)).staysWaiting();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        semaphore.release(1);
        three.result();
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release(3);
    }

    @Test
    final void s3_aTimedAttemptWaitsAtLeastItsTimeAndZeroOrLessNotAtAll() throws Exception {
        Permits semaphore = of(0);
        long begin = System.nanoTime();
        assertThat(semaphore.tryAcquire(1, 50, MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        assertThat(semaphore.tryAcquire(1, 0, SECONDS)).isFalse();
        assertThat(semaphore.tryAcquire(1, Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
    }

    @Test
    final void s4_anInterruptEndsAWaitAndTakesNothing() throws Exception {
        Permits semaphore = of(1);
        semaphore.acquire(1);
        Background<Boolean> waiter = Background.run(() -> semaphore.acquire(1));
        waiter.staysWaiting().interrupt();
        waiter.failure(InterruptedException.class);
        semaphore.release(1);
        assertThat(semaphore.availablePermits()).isOne();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> semaphore.acquire(1));
        assertThat(semaphore.availablePermits()).isOne();
    }

    @Test
    final void s5_neverMoreInsideThanPermits() {
        Permits semaphore = of(2);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            threads.add(Background.run(() -> {
                for (int n = 0; n < 1_000; n++) {
                    semaphore.acquire(1);
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    semaphore.release(1);
                }
            }));
        }
        threads.forEach(Background::result);
        assertThat(most.get()).isBetween(1, 2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }

    @Test
    final void s5_asManyPassAsAreReleased() throws Exception {
        Permits semaphore = of(10);
        semaphore.acquire(10);
        AtomicInteger passed = new AtomicInteger();
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            threads.add(Background.run(() -> {
                semaphore.acquire(1);
                passed.incrementAndGet();
            }));
        }
        threads.getFirst().staysWaiting();
        semaphore.release(4);
        Background.until(() -> passed.get() >= 4);
        assertThat(threads.stream()
                        .filter(Background::isRunning)
                        .findFirst()
                        .orElseThrow()
                        .staysWaiting())
                .isNotNull();
        assertThat(passed).hasValue(4);
        semaphore.release(2);
        threads.forEach(Background::result);
    }

    @Test
    final void s1_refusesNegativeCounts() {
        Permits semaphore = of(1);
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.acquire(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.tryAcquire(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> semaphore.release(-1));
    }
}
