package dev.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A call made by another thread, for tests of calls that wait.
 *
 * @param <T> the type of its result
 */
public final class Background<T> {
    /** How long a call that must end may take: far more than it ever needs. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long a call that must not end is watched. Too short can only hide a fault, not invent one. */
    private static final Duration WATCH = Duration.ofMillis(60);

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> call) {
        task = new FutureTask<>(call);
        thread = Thread.ofPlatform().name("background").daemon().start(task);
    }

    /**
     * Starts a call.
     *
     * @param call what to do
     * @param <T> the type of its result
     * @return the running call
     */
    public static <T> Background<T> call(Callable<T> call) {
        return new Background<>(call);
    }

    /**
     * Tells whether the call is still under way.
     *
     * @return false once it has ended, however it did
     */
    public boolean isRunning() {
        return !task.isDone();
    }

    /**
     * An action that may throw.
     */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception whatever it throws
         */
        void run() throws Exception;
    }

    /**
     * Starts an action.
     *
     * @param action what to do
     * @return the running action
     */
    public static Background<Boolean> run(Action action) {
        return new Background<>(() -> {
            action.run();
            return true;
        });
    }

    /**
     * Sees that the call keeps waiting.
     *
     * @return this
     */
    public Background<T> staysWaiting() {
        try {
            task.get(WATCH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return this;
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("should have kept waiting, but failed", e);
        }
        throw new AssertionError("should have kept waiting, but returned");
    }

    /**
     * Waits until something holds that other threads bring about.
     *
     * @param holds asked again and again
     */
    public static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("not within " + PATIENCE)
                    .isNegative();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Interrupts the thread that makes the call. */
    public void interrupt() {
        thread.interrupt();
    }

    /**
     * Waits for the result.
     *
     * @return the result
     */
    public T result() {
        try {
            return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            var stuck = new AssertionError("did not return within " + PATIENCE, e);
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        } catch (ExecutionException | InterruptedException | CancellationException e) {
            throw new AssertionError("should have returned, but failed", e);
        }
    }

    /** Waits for the call to end, with a result or a failure: it is not in the way of what comes next. */
    public void ended() {
        try {
            assertThat(thread.join(PATIENCE)).as("ended within " + PATIENCE).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /**
     * Waits for the call to fail.
     *
     * @param type what it must fail with
     * @param <X> the type of that
     * @return the failure
     */
    public <X extends Throwable> X failure(Class<X> type) {
        try {
            T result = task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("should have failed with " + type.getName() + ", but returned " + result);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            assertThat(cause).isInstanceOf(type);
            return type.cast(cause);
        } catch (TimeoutException | InterruptedException e) {
            var stuck = new AssertionError("did not fail within " + PATIENCE, e);
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        }
    }
}
