package dev.procession.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Workers that run tasks: threads of this JVM, child JVMs, or green threads, behind one {@link ExecutorService} with what
 * Python's pools have on top.
 *
 * <pre>{@code
 *   try (Pool pool = ThreadPool.of(4)) {                     // or ProcessPool.of(4): nothing else changes
 *       TaskFuture<Integer> one = pool.submit(() -> 42);
 *       List<Integer> squares = pool.map(x -> x * x, List.of(1, 2, 3));
 *       pool.imap(Page::parse, files).forEach(this::show);   // lazily, in order
 *   }                                                        // close() waits for all tasks
 * }</pre>
 *
 * <p><b>Lambdas.</b> A lambda or method reference given to {@code submit}, {@code execute}, {@code map} and their like
 * becomes a serializable one by itself, so that it can travel to a worker in another JVM. What it captures must be
 * serializable too where the pool's workers are other JVMs. A variable of type {@link Callable} or {@link Runnable} is
 * taken as it is. (A reference to an overloaded method is ambiguous here, as it is for {@link ExecutorService}; write the
 * lambda.) The elements of the collections given to {@code invokeAll} and {@code invokeAny} get their type elsewhere:
 * {@code List.<SerializableCallable<Integer>>of(...)}.
 *
 * <p><b>Failure.</b> What a task throws is its own outcome and nobody else's: {@link TaskFuture#get} throws it as the cause
 * of an {@link ExecutionException}. Nothing a task does makes the pool unusable.
 *
 * <p><b>The end.</b> As for every {@code ExecutorService}: {@code close} waits for all tasks (Python's executors do the
 * same, {@code multiprocessing.Pool} kills them); {@code shutdownNow} stops the running ones as far as it can and returns
 * those that never ran. Their futures are cancelled, so that nobody waits for them for ever. A task submitted afterwards
 * is refused with {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p>A pool may be used by many threads. Null tasks, functions, inputs as a whole, and options are refused with {@link
 * NullPointerException}; single inputs and results may be null. What a thread did before it submitted a task happens before
 * the task; what the task did happens before what follows a {@code get} of its outcome.
 */
public interface Pool extends ExecutorService {
    @Override
    <T> TaskFuture<T> submit(Callable<T> task);

    @Override
    TaskFuture<?> submit(Runnable task);

    @Override
    <T> TaskFuture<T> submit(Runnable task, T result);

    /**
     * Submits a call with its own options.
     *
     * @param task what to do
     * @param options how
     * @param <T> the type of its result
     * @return its outcome
     */
    <T> TaskFuture<T> submit(Callable<T> task, TaskOptions options);

    /**
     * Submits an action with its own options.
     *
     * @param task what to do
     * @param options how
     * @return its outcome, null if it succeeds
     */
    TaskFuture<?> submit(Runnable task, TaskOptions options);

    /**
     * As {@link #submit(Callable)}: the overload that lambdas with a result pick.
     *
     * @param task what to do
     * @param <T> the type of its result
     * @return its outcome
     */
    default <T> TaskFuture<T> submit(SerializableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /**
     * As {@link #submit(Runnable)}: the overload that lambdas without result pick.
     *
     * @param task what to do
     * @return its outcome, null if it succeeds
     */
    default TaskFuture<?> submit(SerializableRunnable task) {
        return submit((Runnable) task);
    }

    /**
     * As {@link #submit(Runnable, Object)}: the overload that lambdas pick. The result stays in this JVM.
     *
     * @param task what to do
     * @param result what the future gives if it succeeds
     * @param <T> the type of the result
     * @return its outcome
     */
    default <T> TaskFuture<T> submit(SerializableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    /**
     * As {@link #submit(Callable, TaskOptions)}: the overload that lambdas with a result pick.
     *
     * @param task what to do
     * @param options how
     * @param <T> the type of its result
     * @return its outcome
     */
    default <T> TaskFuture<T> submit(SerializableCallable<T> task, TaskOptions options) {
        return submit((Callable<T>) task, options);
    }

    /**
     * As {@link #submit(Runnable, TaskOptions)}: the overload that lambdas without result pick.
     *
     * @param task what to do
     * @param options how
     * @return its outcome, null if it succeeds
     */
    default TaskFuture<?> submit(SerializableRunnable task, TaskOptions options) {
        return submit((Runnable) task, options);
    }

    /**
     * As {@link #execute(Runnable)}: the overload that lambdas pick. What the task throws is logged.
     *
     * @param task what to do
     */
    default void execute(SerializableRunnable task) {
        execute((Runnable) task);
    }

    /**
     * Applies a function to each input and waits for all results. Small tasks travel in batches, whose size follows the
     * time the tasks are seen to take.
     *
     * <p>If an input's task fails, all others are still run to their end, and then the failure of the first input (in the
     * order of the inputs) that failed is thrown. Python's {@code Pool.map} does so too; its {@code Executor.map} gives the
     * results before it. The inputs are read to their end first; for endless ones there is {@link #imap}.
     *
     * @param function applied to each input
     * @param inputs the inputs
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return the results in the order of the inputs, unmodifiable
     * @throws ExecutionException if a task failed; its cause is what that task threw
     * @throws InterruptedException if interrupted while waiting; tasks that have not ended are then cancelled
     */
    <A, R> List<R> map(SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs)
            throws InterruptedException, ExecutionException;

    /**
     * As {@link #map(SerializableFunction, Iterable)}, in batches of a given size.
     *
     * @param function applied to each input
     * @param inputs the inputs
     * @param chunkSize how many inputs travel together, at least 1
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return the results in the order of the inputs, unmodifiable
     * @throws ExecutionException if a task failed; its cause is what that task threw
     * @throws InterruptedException if interrupted while waiting; tasks that have not ended are then cancelled
     * @throws IllegalArgumentException if {@code chunkSize} is not positive
     */
    <A, R> List<R> map(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize)
            throws InterruptedException, ExecutionException;

    /**
     * As {@link #map(SerializableFunction, Iterable)}, if it does not take too long.
     *
     * @param function applied to each input
     * @param inputs the inputs
     * @param timeout how long all of it may take, counted from this call
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return the results in the order of the inputs, unmodifiable
     * @throws ExecutionException if a task failed; its cause is what that task threw
     * @throws InterruptedException if interrupted while waiting; tasks that have not ended are then cancelled
     * @throws TimeoutException if time is up; tasks that have not ended are then cancelled
     */
    <A, R> List<R> map(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * Applies a function of two arguments to each pair of inputs, as {@link #map(SerializableFunction, Iterable)} does for
     * one.
     *
     * @param function applied to the key and the value of each entry
     * @param inputs the pairs, such as {@code Map.entry(a, b)} or the entries of a map
     * @param <A> the type of the first arguments
     * @param <B> the type of the second arguments
     * @param <R> the type of the results
     * @return the results in the order of the inputs, unmodifiable
     * @throws ExecutionException if a task failed; its cause is what that task threw
     * @throws InterruptedException if interrupted while waiting; tasks that have not ended are then cancelled
     */
    <A, B, R> List<R> starmap(
            SerializableBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> inputs)
            throws InterruptedException, ExecutionException;

    /**
     * Applies a function to each input, lazily: the results come in the order of the inputs, each as soon as it is there.
     *
     * <p>Inputs are read, and tasks started, by the thread that consumes the stream, from its first step on, and only so far
     * ahead that every worker has something to do (two tasks a worker); endless inputs are fine. The stream throws {@link
     * java.util.concurrent.CompletionException} with what a task threw as its cause when it comes to that input, what the
     * inputs' iterator throws when it comes to where that was thrown, and {@link
     * java.util.concurrent.CancellationException}, with the interrupt flag set, if its consumer is interrupted while it
     * waits. In each of these cases, and when the stream is closed, tasks that were started ahead are cancelled.
     *
     * @param function applied to each input
     * @param inputs the inputs; iterated once
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return a sequential stream, to be closed if it is not consumed to its end
     */
    default <A, R> Stream<R> imap(SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
        return imap(function, inputs, 1);
    }

    /**
     * As {@link #imap(SerializableFunction, Iterable)}, in batches of a given size.
     *
     * @param function applied to each input
     * @param inputs the inputs; iterated once
     * @param chunkSize how many inputs travel together, at least 1
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return a sequential stream, to be closed if it is not consumed to its end
     * @throws IllegalArgumentException if {@code chunkSize} is not positive
     */
    <A, R> Stream<R> imap(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize);

    /**
     * As {@link #imap(SerializableFunction, Iterable)}, but the results come in the order in which they are ready.
     *
     * @param function applied to each input
     * @param inputs the inputs; iterated once
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return a sequential stream, to be closed if it is not consumed to its end
     */
    default <A, R> Stream<R> imapUnordered(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
        return imapUnordered(function, inputs, 1);
    }

    /**
     * As {@link #imapUnordered(SerializableFunction, Iterable)}, in batches of a given size.
     *
     * @param function applied to each input
     * @param inputs the inputs; iterated once
     * @param chunkSize how many inputs travel together, at least 1
     * @param <A> the type of the inputs
     * @param <R> the type of the results
     * @return a sequential stream, to be closed if it is not consumed to its end
     * @throws IllegalArgumentException if {@code chunkSize} is not positive
     */
    <A, R> Stream<R> imapUnordered(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize);

    /**
     * What this pool has done and is doing.
     *
     * @return a snapshot
     */
    PoolStatistics statistics();

    /**
     * Changes the number of workers, while tasks run: none of them is cut. Workers that are too many end as soon as their
     * task does.
     *
     * @param min how many are kept also when there is nothing to do
     * @param max how many there are at most
     * @throws IllegalArgumentException if {@code min} is negative, {@code max} is not positive, or {@code min > max}
     */
    void resize(int min, int max);
}
