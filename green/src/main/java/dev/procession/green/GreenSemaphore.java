package dev.procession.green;

import java.time.Duration;

/**
 * A number of permits that tasks of one loop take and give back. Who has waited longest is next, and nobody overtakes. Python
 * calls it {@code asyncio.Semaphore}.
 *
 * <p>A task that is cancelled while it waits leaves the line; a permit that was about to be its own goes to the next. For
 * tasks of one loop only.
 */
public final class GreenSemaphore {
    private final WaitLine line = new WaitLine("a permit of a GreenSemaphore");
    private final int most;
    private int permits;

    private GreenSemaphore(int permits, int most) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits must not be negative: permits=" + permits);
        }
        this.permits = permits;
        this.most = most;
    }

    /**
     * Creates a semaphore.
     *
     * @param permits how many there are at first
     * @return the semaphore
     */
    public static GreenSemaphore of(int permits) {
        return new GreenSemaphore(permits, Integer.MAX_VALUE);
    }

    /**
     * Creates a semaphore that refuses to have more permits than at first. Python calls it {@code BoundedSemaphore}.
     *
     * @param permits how many there are at first, and at most
     * @return the semaphore
     */
    public static GreenSemaphore bounded(int permits) {
        return new GreenSemaphore(permits, permits);
    }

    /**
     * Takes a permit; waits for one if there is none.
     *
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public void acquire() {
        boolean _ = acquire(Long.MAX_VALUE);
    }

    /**
     * Takes a permit; waits for one for some time.
     *
     * @param timeout how long, by the loop's clock; zero or less does not wait
     * @return false if there was none
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public boolean tryAcquire(Duration timeout) {
        return acquire(EventLoop.nanos(timeout));
    }

    /**
     * Takes a permit if there is one and nobody waits for it.
     *
     * @return whether it did
     */
    public boolean tryAcquire() {
        if (permits == 0 || line.isContended()) {
            return false;
        }
        permits--;
        return true;
    }

    private boolean acquire(long timeoutNanos) {
        Task.current().checkpoint();
        if (tryAcquire()) {
            return true;
        }
        do {
            if (!line.await(timeoutNanos)) {
                return false;
            }
        } while (permits == 0);
        permits--;
        return true;
    }

    /**
     * Gives a permit back.
     *
     * @throws IllegalStateException if the semaphore is bounded and has all of its permits
     */
    public void release() {
        if (permits == most) {
            throw new IllegalStateException("released more often than acquired: permits=" + permits);
        }
        permits++;
        line.wakeNext();
    }

    /**
     * How many permits there are.
     *
     * @return permits that nobody has
     */
    public int availablePermits() {
        return permits;
    }
}
