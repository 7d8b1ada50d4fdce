package dev.procession.core;

import java.util.concurrent.TimeUnit;

/**
 * A semaphore between processes: so many permits, taken one by one and given back by anybody.
 *
 * <p>The JDK's {@link java.util.concurrent.Semaphore} is a class and stays in one JVM; this has its method names.
 */
public interface CountingSemaphore {
    /**
     * Takes a permit, waiting as long as there is none.
     *
     * @throws InterruptedException if interrupted before or while waiting; no permit was taken
     */
    void acquire() throws InterruptedException;

    /**
     * Takes a permit if there is one.
     *
     * @return true if a permit was taken
     */
    boolean tryAcquire();

    /**
     * Takes a permit, waiting for one at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if a permit was taken
     * @throws InterruptedException if interrupted before or while waiting; no permit was taken
     */
    boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException;

    /** Gives a permit back; it need not have been taken by the caller. */
    void release();

    /**
     * How many permits there are just now.
     *
     * @return the number of permits that could be taken
     */
    int availablePermits();
}
