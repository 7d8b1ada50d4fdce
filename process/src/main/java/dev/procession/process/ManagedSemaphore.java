package dev.procession.process;

import dev.procession.core.CountingSemaphore;
import java.util.concurrent.TimeUnit;

/**
 * A semaphore that a {@link Manager} holds: works as {@link java.util.concurrent.Semaphore}, across processes.
 *
 * <p>A permit belongs to nobody: whoever wants may release. <b>If a process dies</b> with permits they are gone; one that
 * dies while it waits takes none.
 */
public interface ManagedSemaphore extends CountingSemaphore {
    /**
     * Takes several permits at once, waiting as long as there are too few.
     *
     * @param permits how many
     * @throws InterruptedException if interrupted before or while waiting; none was taken
     * @throws IllegalArgumentException if negative
     */
    void acquire(int permits) throws InterruptedException;

    /**
     * Takes several permits at once if there are enough.
     *
     * @param permits how many
     * @return true if they were taken
     * @throws IllegalArgumentException if negative
     */
    boolean tryAcquire(int permits);

    /**
     * Takes several permits at once, waiting for them at most as long as said.
     *
     * @param permits how many
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if they were taken
     * @throws InterruptedException if interrupted before or while waiting; none was taken
     * @throws IllegalArgumentException if negative
     */
    boolean tryAcquire(int permits, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * Gives several permits back; they need not have been taken by the caller.
     *
     * @param permits how many
     * @throws IllegalArgumentException if negative
     */
    void release(int permits);
}
