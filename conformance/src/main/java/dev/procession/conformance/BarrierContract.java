package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every cyclic barrier of ours promises. Rules B1 to B5 of docs/contracts/synchronizers.md. */
public abstract class BarrierContract {
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** The methods of {@link java.util.concurrent.CyclicBarrier}, since the JDK has no interface for them. */
    public interface Barrier extends AutoCloseable {
        /** As {@link java.util.concurrent.CyclicBarrier#await()}. */
        int await() throws InterruptedException, BrokenBarrierException;

        /** As {@link java.util.concurrent.CyclicBarrier#await(long, TimeUnit)}. */
        int await(long time, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException;

        /** As {@link java.util.concurrent.CyclicBarrier#reset()}. */
        void reset();

        /** As {@link java.util.concurrent.CyclicBarrier#isBroken()}. */
        boolean isBroken();

        /** As {@link java.util.concurrent.CyclicBarrier#getNumberWaiting()}. */
        int getNumberWaiting();

        @Override
        default void close() {}
    }

    /**
     * Makes a barrier, which is closed after the test.
     *
     * @param parties how many must arrive
     * @return the barrier
     */
    protected abstract Barrier newBarrier(int parties);

    /** Starts the suite. */
    protected BarrierContract() {}

    private Barrier of(int parties) {
        Barrier barrier = newBarrier(parties);
        opened.add(barrier);
        return barrier;
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (AutoCloseable barrier : opened) {
            barrier.close();
        }
    }

    private static List<Background<Integer>> waiting(Barrier barrier, int count) {
        List<Background<Integer>> waiters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waiters.add(Background.call(barrier::await));
        }
        Background.until(() -> barrier.getNumberWaiting() == count);
        return waiters;
    }

    @Test
    final void b1_holdsEverybodyUpUntilTheLastHasCome() throws Exception {
        Barrier barrier = of(3);
        List<Background<Integer>> waiters = waiting(barrier, 2);
        waiters.forEach(Background::staysWaiting);
        assertThat(barrier.await()).isZero();
        assertThat(waiters.stream().map(Background::result)).containsExactlyInAnyOrder(1, 2);
        assertThat(barrier.getNumberWaiting()).isZero();
    }

    @Test
    final void b1_keepsAllInStepPassAfterPass() {
        Barrier barrier = of(3);
        AtomicIntegerArray pass = new AtomicIntegerArray(3);
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int self = i;
            threads.add(Background.run(() -> {
                for (int n = 1; n <= 50; n++) {
                    pass.set(self, n);
                    barrier.await();
                    for (int other = 0; other < 3; other++) {
                        assertThat(pass.get(other)).isEqualTo(n);
                    }
                    barrier.await();
                }
            }));
        }
        threads.forEach(Background::result);
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    final void b2_breaksWhenOneWaitsTooLong() {
        Barrier barrier = of(3);
        List<Background<Integer>> waiters = waiting(barrier, 1);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> barrier.await(50, MILLISECONDS));
        waiters.getFirst().failure(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    final void b3_breaksWhenOneIsInterrupted() {
        Barrier barrier = of(3);
        List<Background<Integer>> waiters = waiting(barrier, 2);
        waiters.getFirst().interrupt();
        waiters.getFirst().failure(InterruptedException.class);
        waiters.getLast().failure(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    final void b4_staysBrokenUntilItIsReset() throws Exception {
        Barrier barrier = of(2);
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> barrier.await(0, MILLISECONDS));
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
        barrier.reset();
        assertThat(barrier.isBroken()).isFalse();
        List<Background<Integer>> waiters = waiting(barrier, 1);
        assertThat(barrier.await()).isZero();
        assertThat(waiters.getFirst().result()).isOne();
    }

    @Test
    final void b5_aResetSendsThoseAwayWhoWait() {
        Barrier barrier = of(3);
        List<Background<Integer>> waiters = waiting(barrier, 2);
        barrier.reset();
        waiters.forEach(waiter -> waiter.failure(BrokenBarrierException.class));
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.getNumberWaiting()).isZero();
    }
}
