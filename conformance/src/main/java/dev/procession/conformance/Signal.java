package dev.procession.conformance;

import java.io.Serializable;

/** A one-way gate between a test and its tasks, wherever these run. */
public interface Signal extends Serializable {
    /** Opens it, for good. */
    void set();

    /**
     * Tells whether it is open.
     *
     * @return true after {@link #set}, by whatever process
     */
    boolean isSet();

    /**
     * Waits until it is open.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    default void await() throws InterruptedException {
        while (!isSet()) {
            Thread.sleep(1);
        }
    }

    /** Waits until it is open, whatever the interrupts; like a task that does not heed them. */
    default void awaitUninterruptibly() {
        boolean interrupted = false;
        while (!isSet()) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
