package dev.procession.core;

import java.util.concurrent.TimeUnit;

/**
 * A gate between processes that opens once, when it was counted down to zero.
 *
 * <p>The JDK's {@link java.util.concurrent.CountDownLatch} is a class and stays in one JVM; this has its method names.
 */
public interface Latch {
    /** Counts down by one; at zero it does nothing. */
    void countDown();

    /**
     * Waits until the count is zero.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    void await() throws InterruptedException;

    /**
     * Waits until the count is zero, at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if the count is zero
     * @throws InterruptedException if interrupted before or while waiting
     */
    boolean await(long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * How far it is to zero.
     *
     * @return the count
     */
    long getCount();
}
