package dev.procession.process;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A barrier that a {@link Manager} holds: works as {@link java.util.concurrent.CyclicBarrier}, across processes.
 *
 * <p><b>If a process dies</b> while one of its threads waits, the barrier breaks, as by an interrupt: the others get {@link
 * BrokenBarrierException} rather than wait for one that cannot come back.
 */
public interface ManagedBarrier {
    /**
     * Waits until all have come.
     *
     * @return how many were still to come: zero for the last
     * @throws InterruptedException if interrupted before or while waiting; the barrier is broken
     * @throws BrokenBarrierException if it is broken or reset, before or meanwhile
     */
    int await() throws InterruptedException, BrokenBarrierException;

    /**
     * Waits until all have come, at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return how many were still to come: zero for the last
     * @throws InterruptedException if interrupted before or while waiting; the barrier is broken
     * @throws BrokenBarrierException if it is broken or reset, before or meanwhile
     * @throws TimeoutException if the time is over; the barrier is broken
     */
    int await(long timeout, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException;

    /** Begins anew: who waits gets {@link BrokenBarrierException}, and the barrier is whole again. */
    void reset();

    /**
     * Whether it is broken.
     *
     * @return true until it is reset
     */
    boolean isBroken();

    /**
     * How many wait just now.
     *
     * @return less than {@link #getParties}
     */
    int getNumberWaiting();

    /**
     * How many must come.
     *
     * @return as it was made
     */
    int getParties();
}
