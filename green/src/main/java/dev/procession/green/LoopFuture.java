package dev.procession.green;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A result that a loop is going to have. Python calls it {@code asyncio.Future}.
 *
 * <p><b>Waiting.</b> {@link #get()} and {@link #join} suspend the task that calls, or block the thread if it is no task of
 * this loop. A task that waits is cancelled without any effect on what it waits for; {@link Tasks#await} is the call that
 * hands a cancellation on. Code on the loop that is no task, a callback, cannot wait.
 *
 * <p><b>Callbacks</b> run on the loop in the order they were added, never inside the call that adds them or that completes
 * this; waiting tasks go on in the same order.
 *
 * <p>Safe for use by any thread. What was done before this was completed happens before what follows the wait.
 *
 * @param <T> the type of the result; it may be null
 */
public abstract sealed class LoopFuture<T extends @Nullable Object> implements Future<T> permits Task, Promise {
    final EventLoop loop;

    /** Written once, on the loop. */
    private volatile @Nullable Outcome<T> outcome;

    /** Callbacks, and tasks that wait. Touched on the loop alone. */
    private @Nullable List<Object> dependents;

    /** For threads that are not on the loop; made by the first of them. */
    private volatile @Nullable CountDownLatch outside;

    private volatile boolean errorSeen;

    LoopFuture(EventLoop loop) {
        this.loop = loop;
    }

    /** How it ended. */
    sealed interface Outcome<T extends @Nullable Object> {
        record Value<T extends @Nullable Object>(T value) implements Outcome<T> {}

        record Failure<T extends @Nullable Object>(Throwable error) implements Outcome<T> {}

        record Cancelled<T extends @Nullable Object>(Throwable reason) implements Outcome<T> {}
    }

    /** On the loop: settles it. Does nothing the second time. */
    final void settle(Outcome<T> how) {
        if (outcome != null) {
            return;
        }
        outcome = how;
        CountDownLatch waiting = outside;
        if (waiting != null) {
            waiting.countDown();
        }
        List<Object> told = dependents;
        if (told != null) {
            dependents = null;
            for (Object dependent : told) {
                if (dependent instanceof Task<?> task) {
                    task.fiber().resume();
                } else {
                    call(dependent);
                }
            }
        }
    }

    /** For those who hold the outcome of a future whose type they do not know. */
    @SuppressWarnings("unchecked")
    final void settleAs(Outcome<?> how) {
        settle((Outcome<T>) how);
    }

    @SuppressWarnings("unchecked")
    private void call(Object callback) {
        loop.callSoon(() -> ((Consumer<? super LoopFuture<T>>) callback).accept(this));
    }

    final @Nullable Outcome<T> outcome() {
        return outcome;
    }

    /** Whether somebody has asked how it ended, or is going to be told. */
    final boolean isObserved() {
        return errorSeen || dependents != null || outside != null;
    }

    /**
     * Calls back when this is done: on the loop, one turn later at the earliest. What the callback throws is given to the
     * loop's error handler, and the callbacks after it run all the same.
     *
     * @param callback gets this future
     */
    public final void addDoneCallback(Consumer<? super LoopFuture<T>> callback) {
        if (!loop.isOnLoop()) {
            loop.callSoonThreadsafe(() -> addDoneCallback(callback));
        } else if (isDone()) {
            call(callback);
        } else {
            dependents().add(callback);
        }
    }

    /**
     * Takes a callback out; on the loop.
     *
     * @param callback what was added
     * @return whether it was there
     */
    public final boolean removeDoneCallback(Consumer<? super LoopFuture<T>> callback) {
        loop.ensureOnLoop();
        return dependents != null && dependents.remove(callback);
    }

    private List<Object> dependents() {
        if (dependents == null) {
            dependents = new ArrayList<>(2);
        }
        return dependents;
    }

    /** Waits until it is done, wherever this is called. */
    private void await(long timeoutNanos) throws InterruptedException, TimeoutException {
        if (isDone()) {
            return;
        }
        Task<?> self = Task.currentOrNull();
        if (self != null && self.loop == loop) {
            awaitAs(self, timeoutNanos);
        } else if (loop.isHubOfCurrentThread()) {
            loop.runUntilDone(this, timeoutNanos);
        } else if (loop.isOnLoop()) {
            throw new IllegalStateException("a callback cannot wait; only a task can: " + this);
        } else {
            CountDownLatch latch = outsideLatch();
            if (timeoutNanos == Long.MAX_VALUE) {
                latch.await();
            } else if (!latch.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("not done within " + timeoutNanos + " ns: " + this);
            }
        }
    }

    /** Waits as a task of this loop. */
    final void awaitAs(Task<?> self, long timeoutNanos) throws TimeoutException {
        self.checkpoint();
        if (isDone()) {
            return;
        }
        if (self == this) {
            throw new IllegalStateException("a task cannot wait for itself: " + this);
        }
        dependents().add(self);
        var timer = timeoutNanos == Long.MAX_VALUE ? null : loop.timers().after(timeoutNanos, self.fiber()::resume);
        try {
            while (!isDone()) {
                if (timer != null && timer.isDone()) {
                    throw new TimeoutException("not done within " + timeoutNanos + " ns: " + this);
                }
                self.suspend(this);
            }
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            if (dependents != null) {
                dependents.remove(self);
            }
        }
    }

    private CountDownLatch outsideLatch() {
        CountDownLatch latch;
        synchronized (this) {
            latch = outside;
            if (latch == null) {
                latch = new CountDownLatch(1);
                outside = latch;
            }
        }
        if (isDone()) {
            latch.countDown();
        }
        return latch;
    }

    /**
     * Waits for the result.
     *
     * @return the result
     * @throws ExecutionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled
     * @throws TaskCancelledException if the calling task is cancelled meanwhile
     * @throws InterruptedException if the calling thread, which is no task of this loop, is interrupted meanwhile
     */
    @Override
    public final T get() throws ExecutionException, InterruptedException {
        try {
            await(Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
        return report();
    }

    /**
     * Waits for the result, but not for longer than a time. When the time is over this goes on as if nobody had waited.
     *
     * @param timeout how long, by the loop's clock where a task of it calls; zero or less does not wait
     * @param unit of the time
     * @return the result
     * @throws TimeoutException if it is not done in time
     * @throws ExecutionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled
     * @throws TaskCancelledException if the calling task is cancelled meanwhile
     * @throws InterruptedException if the calling thread, which is no task of this loop, is interrupted meanwhile
     */
    @Override
    public final T get(long timeout, TimeUnit unit) throws ExecutionException, InterruptedException, TimeoutException {
        if (timeout <= 0 && !isDone()) {
            throw new TimeoutException("not done: " + this);
        }
        await(unit.toNanos(timeout));
        return report();
    }

    private T report() throws ExecutionException {
        errorSeen = true;
        return switch (Objects.requireNonNull(outcome)) {
            case Outcome.Value<T>(T value) -> value;
            case Outcome.Failure<T>(Throwable error) -> throw new ExecutionException(error);
            case Outcome.Cancelled<T>(Throwable reason) -> throw cancellation(reason);
        };
    }

    private CancellationException cancellation(Throwable reason) {
        CancellationException cancelled = new CancellationException("cancelled: " + this);
        cancelled.initCause(reason);
        return cancelled;
    }

    /**
     * Waits for the result, like {@link #get()}, and throws nothing checked.
     *
     * @return the result
     * @throws CompletionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled
     * @throws TaskCancelledException if the calling task is cancelled meanwhile
     */
    public final T join() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new CompletionException(Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final boolean isDone() {
        return outcome != null;
    }

    @Override
    public final boolean isCancelled() {
        return outcome instanceof Outcome.Cancelled;
    }

    @Override
    public final T resultNow() {
        if (outcome instanceof Outcome.Value<T>(T value)) {
            return value;
        }
        throw new IllegalStateException((isDone() ? "has no result: " : "not done yet: ") + this);
    }

    @Override
    public final Throwable exceptionNow() {
        if (outcome instanceof Outcome.Failure<T>(Throwable error)) {
            errorSeen = true;
            return error;
        }
        throw new IllegalStateException((isDone() ? "did not fail: " : "not done yet: ") + this);
    }

    @Override
    public final State state() {
        return switch (outcome) {
            case null -> State.RUNNING;
            case Outcome.Value<T> _ -> State.SUCCESS;
            case Outcome.Failure<T> _ -> State.FAILED;
            case Outcome.Cancelled<T> _ -> State.CANCELLED;
        };
    }
}
