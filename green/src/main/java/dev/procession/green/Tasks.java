package dev.procession.green;

import dev.procession.green.engine.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ways for a task to wait for others: {@code gather}, {@code wait}, {@code wait_for}, {@code as_completed} and {@code shield}
 * of Python's asyncio. All are called by tasks, and throw {@link TaskCancelledException} when the calling task is cancelled.
 */
public final class Tasks {
    private Tasks() {}

    /** Until when {@link Tasks#wait(Collection, Until)} waits. */
    public enum Until {
        /** One is done, however it ended. */
        FIRST_COMPLETED,
        /** One has failed, or all are done. */
        FIRST_EXCEPTION,
        /** All are done. */
        ALL_COMPLETED
    }

    /**
     * How far a number of futures were when a wait ended.
     *
     * @param done those that were done
     * @param pending the others, which go on
     * @param <F> the type of the futures
     */
    public record Waited<F extends LoopFuture<?>>(Set<F> done, Set<F> pending) {}

    /**
     * Waits for a future, and hands a cancellation on: if the calling task is cancelled meanwhile, so is the future. Python's
     * {@code await task}.
     *
     * @param future what to wait for
     * @param <T> the type of the result
     * @return the result
     * @throws CompletionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled
     */
    public static <T extends @Nullable Object> T await(LoopFuture<T> future) {
        try {
            awaitEnd(future);
        } catch (Throwable interrupted) { // a cancellation, a deadline, a kill
            future.cancel(/* mayInterruptIfRunning= */ true);
            throw interrupted;
        }
        return future.join();
    }

    /**
     * Waits for a future, and keeps a cancellation to itself: if the calling task is cancelled meanwhile, the future goes on.
     * The same as {@link LoopFuture#join}, by the name that says why.
     *
     * @param future what to wait for
     * @param <T> the type of the result
     * @return the result
     * @throws CompletionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled
     */
    public static <T extends @Nullable Object> T shield(LoopFuture<T> future) {
        return future.join();
    }

    /**
     * Waits for all and gives their results in the order of the arguments. The first failure is thrown at once; the others go
     * on. When the calling task is cancelled, all are.
     *
     * @param futures what to wait for
     * @param <T> the type of the results
     * @return the results
     * @throws CompletionException if one failed; the cause is what was thrown
     * @throws CancellationException if one was cancelled
     */
    public static <T extends @Nullable Object> List<T> gather(Collection<? extends LoopFuture<? extends T>> futures) {
        Task<?> self = Task.current();
        List<LoopFuture<? extends T>> all = new ArrayList<>(futures);
        try {
            whileWaiting(all, self, null, future -> future.state() == State.FAILED || future.isCancelled(), all.size());
        } catch (Throwable interrupted) {
            all.forEach(future -> future.cancel(/* mayInterruptIfRunning= */ true));
            throw interrupted;
        }
        for (LoopFuture<? extends T> future : all) {
            if (future.isDone() && future.state() != State.SUCCESS) {
                future.join(); // throws
            }
        }
        List<T> results = new ArrayList<>(all.size());
        all.forEach(future -> results.add(future.join()));
        return results;
    }

    /**
     * Waits for all and gives their results in the order of the arguments, like {@link #gather(Collection)}.
     *
     * @param futures what to wait for
     * @param <T> the type of the results
     * @return the results
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    public static <T extends @Nullable Object> List<T> gather(LoopFuture<? extends T>... futures) {
        return gather(Arrays.asList(futures));
    }

    /**
     * Waits until all are done. Throws nothing of theirs, and cancels none.
     *
     * @param futures what to wait for
     * @param <F> the type of the futures
     * @return all of them
     */
    public static <F extends LoopFuture<?>> Waited<F> wait(Collection<F> futures) {
        return wait(futures, Until.ALL_COMPLETED, null);
    }

    /**
     * Waits until some are done. Throws nothing of theirs, and cancels none.
     *
     * @param futures what to wait for
     * @param until which
     * @param <F> the type of the futures
     * @return which are done
     */
    public static <F extends LoopFuture<?>> Waited<F> wait(Collection<F> futures, Until until) {
        return wait(futures, until, null);
    }

    /**
     * Waits until some are done, or a time is over. Throws nothing of theirs, and cancels none.
     *
     * @param futures what to wait for
     * @param until which
     * @param timeout how long at most; null for no limit
     * @param <F> the type of the futures
     * @return which are done
     */
    public static <F extends LoopFuture<?>> Waited<F> wait(
            Collection<F> futures, Until until, @Nullable Duration timeout) {
        Task<?> self = Task.current();
        List<F> all = List.copyOf(new LinkedHashSet<>(futures));
        whileWaiting(
                all,
                self,
                timeout,
                future -> until == Until.FIRST_EXCEPTION && future.state() == State.FAILED,
                until == Until.FIRST_COMPLETED ? Math.min(1, all.size()) : all.size());
        Set<F> done = new LinkedHashSet<>();
        Set<F> pending = new LinkedHashSet<>();
        all.forEach(future -> (future.isDone() ? done : pending).add(future));
        return new Waited<>(done, pending);
    }

    /** Which of the futures that are done ends a wait by itself. */
    @FunctionalInterface
    private interface Decisive {
        boolean test(LoopFuture<?> future);
    }

    /** Suspends the task until so many are done, one of them is decisive, or the time is over. */
    private static void whileWaiting(
            List<? extends LoopFuture<?>> futures,
            Task<?> self,
            @Nullable Duration timeout,
            Decisive decisive,
            int enough) {
        self.checkpoint();
        int[] done = {0};
        boolean[] decided = {false};
        Consumer<LoopFuture<?>> count = future -> {
            done[0]++;
            decided[0] |= decisive.test(future);
            if (done[0] >= enough || decided[0]) {
                self.fiber().resume();
            }
        };
        for (LoopFuture<?> future : futures) {
            if (future.isDone()) {
                done[0]++;
                decided[0] |= decisive.test(future);
            }
        }
        if (done[0] >= enough || decided[0]) {
            return;
        }
        List<LoopFuture<?>> pending = new ArrayList<>(futures);
        pending.removeIf(LoopFuture::isDone);
        pending.forEach(future -> future.addDoneCallback(count));
        Timers.Timer timer =
                timeout == null ? null : self.loop.timers().after(EventLoop.nanos(timeout), self.fiber()::resume);
        try {
            while (done[0] < enough && !decided[0] && (timer == null || !timer.isDone())) {
                self.suspend("the end of " + futures.size() + " futures");
            }
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            pending.forEach(future -> future.removeDoneCallback(count));
        }
    }

    /**
     * Waits for a future, but not for longer than a time: then it is cancelled, and when it has ended, clean-up included, this
     * throws. A result that comes while it is being cancelled is returned all the same.
     *
     * @param future what to wait for; cancelled when the calling task is, too
     * @param timeout how long; zero or less does not wait
     * @param <T> the type of the result
     * @return the result
     * @throws TimeoutException if the time was over
     * @throws CompletionException if it failed; the cause is what was thrown
     * @throws CancellationException if it was cancelled by somebody else
     */
    public static <T extends @Nullable Object> T waitFor(LoopFuture<T> future, Duration timeout)
            throws TimeoutException {
        Task<?> self = Task.current();
        if (future.isDone()) {
            return future.join();
        }
        try {
            if (timeout.isPositive()) {
                future.awaitAs(self, EventLoop.nanos(timeout));
            }
        } catch (TimeoutException over) {
            // cancelled below
        } catch (Throwable interrupted) {
            future.cancel(/* mayInterruptIfRunning= */ true);
            throw interrupted;
        }
        if (future.isDone()) {
            return future.join();
        }
        future.cancel(/* mayInterruptIfRunning= */ true);
        awaitEnd(future);
        if (future.isCancelled()) {
            throw new TimeoutException("not done within " + timeout + ": " + future);
        }
        return future.join();
    }

    /**
     * Makes a call in a task of its own and waits for it, but not for longer than a time, like
     * {@link #waitFor(LoopFuture, Duration)}.
     *
     * @param body what to do
     * @param timeout how long
     * @param <T> the type of the result
     * @return the result
     * @throws TimeoutException if the time was over
     */
    public static <T extends @Nullable Object> T waitFor(Callable<? extends T> body, Duration timeout)
            throws TimeoutException {
        Task<T> task = Task.start(body);
        return waitFor(task, timeout);
    }

    /**
     * Gives futures in the order in which they are done. The iterator's {@code next} waits.
     *
     * @param futures what to wait for
     * @param <F> the type of the futures
     * @return each of them once, when it is done
     */
    public static <F extends LoopFuture<?>> Iterable<F> asCompleted(Collection<F> futures) {
        Task<?> _ = Task.current(); // or it throws: only a task can wait
        Set<F> all = new LinkedHashSet<>(futures);
        Queue<F> done = new ArrayDeque<>();
        WaitLine line = new WaitLine("the next of " + all.size() + " futures");
        for (F future : all) {
            future.addDoneCallback(_ -> {
                done.add(future);
                line.wakeNext();
            });
        }
        return () -> new Iterator<>() {
            private int left = all.size();

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public F next() {
                if (left == 0) {
                    throw new NoSuchElementException("all of the futures were given");
                }
                while (done.isEmpty()) {
                    line.await();
                }
                left--;
                return done.remove();
            }
        };
    }

    /** Waits until it is done, and does not ask how it ended. */
    static void awaitEnd(LoopFuture<?> future) {
        try {
            future.awaitAs(Task.current(), Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The result; throws as it is what made it fail. */
    static <T extends @Nullable Object> T valueOf(LoopFuture<T> future) throws Exception {
        try {
            return future.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
