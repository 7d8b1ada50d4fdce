package dev.procession.green.engine;

/**
 * A virtual thread that takes turns on a {@link Dispatcher}. Running one is giving it a turn.
 *
 * <p>Two ways of waiting exist side by side. {@link #suspend} waits for {@link #resume}, and a fiber that was resumed comes
 * after all that were ready before it, on every rung. What the fiber calls in the JDK waits as it does in any virtual thread.
 */
public abstract class Fiber implements Runnable {
    final Dispatcher dispatcher;

    /** Set by {@link #suspend} until {@link #resume}. */
    private boolean suspended;

    Fiber(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /**
     * The thread this fiber is.
     *
     * @return a virtual thread
     */
    public abstract Thread thread();

    /** Makes a fiber that has not run yet ready for its first turn; from the loop, or before the loop runs. */
    public final void start() {
        dispatcher.ready(this);
    }

    /**
     * Waits until somebody calls {@link #resume}, or until the thread is interrupted: the caller looks at what it waits for,
     * and at the interrupt flag, which stays. Called by this fiber alone.
     *
     * @param blocker what it waits for, for those who look at the thread
     */
    public final void suspend(Object blocker) {
        suspended = true;
        dispatcher.suspended++;
        await(blocker);
        if (suspended) { // interrupted
            suspended = false;
            dispatcher.suspended--;
        }
    }

    /** Lets a suspended fiber go on at the end of the queue; does nothing to one that is not. Called on the loop. */
    public final void resume() {
        if (suspended) {
            suspended = false;
            dispatcher.suspended--;
            makeReady();
        }
    }

    /**
     * Tells whether this fiber waits in {@link #suspend}; from the loop.
     *
     * @return whether it does
     */
    public final boolean isSuspended() {
        return suspended;
    }

    /**
     * Sets from when on a wait in the JDK is to be interrupted where it keeps the turn, and so the loop's timers from firing;
     * elsewhere this does nothing.
     *
     * @param nanos the time, by the loop's clock; {@link Long#MAX_VALUE} for never
     */
    public void interruptFrom(long nanos) {
        // only where a wait in the JDK keeps the turn
    }

    /** Goes to the end of the queue. Called by this fiber alone. */
    public abstract void yieldTurn();

    /** Waits until {@link #isSuspended} is false or the thread is interrupted. */
    abstract void await(Object blocker);

    abstract void makeReady();
}
