package dev.procession.green;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A future that whoever has it completes: with a value, with an error, or by cancelling it. Once only. From any thread; what
 * other threads than the loop's ask for takes effect in a later turn.
 *
 * @param <T> the type of the result; it may be null
 */
public final class Promise<T extends @Nullable Object> extends LoopFuture<T> {
    private Promise(EventLoop loop) {
        super(loop);
    }

    /**
     * Makes a promise of the loop on which this is called.
     *
     * @param <T> the type of the result
     * @return the promise
     * @throws IllegalStateException if the current thread is not on a loop
     */
    public static <T extends @Nullable Object> Promise<T> create() {
        EventLoop loop = EventLoop.current("make a promise");
        loop.mayBeWokenFromOutside();
        return new Promise<>(loop);
    }

    /** One that only the loop completes. */
    static <T extends @Nullable Object> Promise<T> on(EventLoop loop) {
        return new Promise<>(loop);
    }

    /**
     * Completes it with a value.
     *
     * @param value the result
     * @throws IllegalStateException if it is complete already
     */
    public void complete(T value) {
        settleOnce(new Outcome.Value<>(value));
    }

    /**
     * Completes it with an error, which is thrown to those who wait as the cause of an
     * {@link java.util.concurrent.ExecutionException}.
     *
     * @param error what went wrong
     * @throws IllegalStateException if it is complete already
     */
    public void fail(Throwable error) {
        settleOnce(new Outcome.Failure<>(error));
    }

    private void settleOnce(Outcome<T> how) {
        if (isDone()) {
            throw new IllegalStateException("is complete already: " + this);
        }
        if (loop.isOnLoop()) {
            settle(how);
        } else {
            loop.callSoonThreadsafe(() -> settle(how));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return false;
        }
        settleOnce(new Outcome.Cancelled<>(new CancellationException("cancelled")));
        return true;
    }

    @Override
    public String toString() {
        return "promise " + Integer.toHexString(System.identityHashCode(this)) + " " + state();
    }
}
