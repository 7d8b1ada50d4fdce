package dev.procession.green;

import java.time.Duration;

/**
 * Something that happens, and that tasks of one loop wait for. Python calls it {@code asyncio.Event}. For tasks and callbacks
 * of one loop only.
 */
public final class GreenEvent {
    private final WaitLine line = new WaitLine("a GreenEvent");
    private boolean happened;

    /** Creates an event that has not happened. */
    public GreenEvent() {}

    /** Lets it happen: all who wait go on, and who waits later does not wait. */
    public void set() {
        if (!happened) {
            happened = true;
            line.wakeAll();
        }
    }

    /** Lets it be as if it had not happened. */
    public void clear() {
        happened = false;
    }

    /**
     * Tells whether it has happened.
     *
     * @return whether it has
     */
    public boolean isSet() {
        return happened;
    }

    /**
     * Waits until it has happened. Goes on also if it is cleared right afterwards.
     *
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public void await() {
        boolean _ = await(Long.MAX_VALUE);
    }

    /**
     * Waits until it has happened, for some time at most.
     *
     * @param timeout how long, by the loop's clock
     * @return false if the time was over first
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public boolean await(Duration timeout) {
        return await(EventLoop.nanos(timeout));
    }

    private boolean await(long timeoutNanos) {
        Task.current().checkpoint();
        return happened || line.await(timeoutNanos);
    }
}
