package dev.procession.green.engine;

/**
 * A body that runs until it suspends itself, and goes on from there when told to.
 *
 * <p>Neither safe for use by several threads nor in need of it: whoever runs it waits until it suspends or ends, so its
 * steps and its runner's never overlap, and each sees what the other did before.
 */
public abstract sealed class Coroutine permits ContinuationCoroutine, ThreadCoroutine {
    Coroutine() {}

    /**
     * Makes one of the rung in use. It does not run yet.
     *
     * @param kind the class of what the body does: coroutines of one kind are looked at together
     * @param body what it does; throws nothing
     * @return the coroutine
     */
    public static Coroutine of(Class<?> kind, Runnable body) {
        return Engine.rung().isInternal() ? new ContinuationCoroutine(kind, body) : new ThreadCoroutine(body);
    }

    /** Runs the body until it suspends or ends. Not to be called by a body of its own kind, nor after the end. */
    public abstract void run();

    /**
     * Suspends the body; called by it. Returns when {@link #run} is called again.
     *
     * @throws PinnedException if something on the stack holds the body where it is; nothing has changed then
     */
    public abstract void suspend();

    /**
     * Tells whether the body has ended.
     *
     * @return whether it has
     */
    public abstract boolean isDone();
}
