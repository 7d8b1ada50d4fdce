package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every count-down latch of ours promises. Rules T1 to T3 of docs/contracts/synchronizers.md. */
public abstract class LatchContract {
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** The methods of {@link java.util.concurrent.CountDownLatch}, since the JDK has no interface for them. */
    public interface Latch extends AutoCloseable {
        /** As {@link java.util.concurrent.CountDownLatch#countDown()}. */
        void countDown();

        /** As {@link java.util.concurrent.CountDownLatch#getCount()}. */
        long getCount();

        /** As {@link java.util.concurrent.CountDownLatch#await()}. */
        void await() throws InterruptedException;

        /** As {@link java.util.concurrent.CountDownLatch#await(long, TimeUnit)}. */
        boolean await(long time, TimeUnit unit) throws InterruptedException;

        @Override
        default void close() {}
    }

    /**
     * Makes a latch, which is closed after the test.
     *
     * @param count how often it must be counted down
     * @return the latch
     */
    protected abstract Latch newLatch(int count);

    /** Starts the suite. */
    protected LatchContract() {}

    private Latch of(int count) {
        Latch latch = newLatch(count);
        opened.add(latch);
        return latch;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable latch : opened) {
            latch.close();
        }
    }

    @Test
    final void t1_holdsEverybodyUpUntilZeroAndNobodyAfterwards() throws Exception {
        Latch latch = of(2);
        List<Background<Boolean>> waiters = List.of(Background.run(latch::await), Background.run(latch::await));
        latch.countDown();
        assertThat(latch.getCount()).isOne();
        waiters.forEach(Background::staysWaiting);
        latch.countDown();
        waiters.forEach(Background::result);
        latch.countDown();
        assertThat(latch.getCount()).isZero();
        latch.await();
        assertThat(latch.await(0, SECONDS)).isTrue();
    }

    @Test
    final void t1_noCountIsLost() throws Exception {
        Latch latch = of(4_000);
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Background.run(() -> {
                for (int n = 0; n < 1_000; n++) {
                    latch.countDown();
                }
            }));
        }
        assertThat(latch.await(Background.PATIENCE.toMillis(), MILLISECONDS)).isTrue();
        threads.forEach(Background::result);
        assertThat(latch.getCount()).isZero();
    }

    @Test
    final void t2_aTimedWaitLastsAtLeastItsTimeAndZeroOrLessNotAtAll() throws Exception {
        Latch latch = of(1);
        long begin = System.nanoTime();
        assertThat(latch.await(50, MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        assertThat(latch.await(-1, SECONDS)).isFalse();
    }

    @Test
    final void t3_anInterruptEndsAWait() {
        Latch latch = of(1);
        Background<Boolean> waiter = Background.run(latch::await);
        waiter.staysWaiting().interrupt();
        waiter.failure(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(latch::await);
        assertThat(latch.getCount()).isOne();
    }
}
