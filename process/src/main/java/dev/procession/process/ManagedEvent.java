package dev.procession.process;

import java.util.concurrent.TimeUnit;

/**
 * A flag that a {@link Manager} holds and that threads of any process wait for: Python's {@code Event}. It stays set until
 * somebody clears it, whoever dies.
 */
public interface ManagedEvent {
    /** Sets the event and lets everybody through who waits, also if it is cleared again at once. */
    void set();

    /** Clears the event: who waits from now on waits for the next time it is set. */
    void clear();

    /**
     * Whether the event is set.
     *
     * @return true from {@link #set} to {@link #clear}
     */
    boolean isSet();

    /**
     * Waits until the event is set.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    void await() throws InterruptedException;

    /**
     * Waits until the event is set, at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if it is set
     * @throws InterruptedException if interrupted before or while waiting
     */
    boolean await(long timeout, TimeUnit unit) throws InterruptedException;
}
