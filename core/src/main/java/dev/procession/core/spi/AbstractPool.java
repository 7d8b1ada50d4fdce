package dev.procession.core.spi;

import dev.procession.core.Pool;
import dev.procession.core.PoolStatistics;
import dev.procession.core.SerializableBiFunction;
import dev.procession.core.SerializableFunction;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all pools have in common: everything but the workers.
 *
 * <p>A pool of a new kind says how one task is started and stopped; {@code map} and its like, {@code invokeAll}, callbacks,
 * deadlines and statistics are made of that here. The methods a subclass implements are called by submitting threads, by
 * whoever completes a future, and by the alarm thread; none but {@link #enqueue} may block.
 */
public abstract class AbstractPool implements Pool {
    private static final Logger LOG = System.getLogger("dev.procession.core");

    /** For how long the threads behind callbacks and deadlines stay when there is nothing to do. */
    private static final long IDLE_MILLIS = 200;

    /** As long as differences of {@code nanoTime} can be. */
    static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    private final String name;
    private final Duration grace;
    private final PoolCounters counters = new PoolCounters();
    private final AtomicLong submissions = new AtomicLong();
    private final ThreadPoolExecutor callbackThread;
    private final ScheduledThreadPoolExecutor alarmThread;

    /**
     * Starts a pool. It has no threads of its own but one for callbacks and one for alarms, which are there when they are
     * needed.
     *
     * @param name what the pool is called in messages and thread names
     * @param grace how long a task may go on after it was asked to stop, unless its options say otherwise
     */
    protected AbstractPool(String name, Duration grace) {
        this.name = name;
        this.grace = grace;
        callbackThread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .name("procession-callbacks-" + name)
                        .daemon(false)
                        .factory());
        callbackThread.allowCoreThreadTimeOut(true);
        alarmThread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().name("procession-alarms-" + name).daemon().factory());
        alarmThread.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        alarmThread.allowCoreThreadTimeOut(true);
        alarmThread.setRemoveOnCancelPolicy(true);
    }

    // ---- what a pool must say

    /**
     * Takes a task, to start it at once or later. May wait for room in a bounded queue.
     *
     * @param task the task
     * @throws RejectedExecutionException if the pool is shut down, or full. This and anything else it throws is thrown to
     *     the submitter, and there is no future then
     */
    protected abstract void enqueue(PoolTask<?> task);

    /**
     * A task is not wanted any more and has not been started. It is to leave the queue; the pool may not have it at all.
     *
     * @param task the task
     */
    protected abstract void withdraw(PoolTask<?> task);

    /**
     * A task that was started is to end: its thread is to be interrupted. It may end at this very moment; then this does
     * nothing.
     *
     * @param task the task
     */
    protected abstract void interrupt(PoolTask<?> task);

    /**
     * A task that was asked to stop did not do so within its grace. It is to be killed if that can be done, and to be given
     * up with {@link PoolTask#deadlineFailure} (that does nothing if its future is done, as after a cancellation). It may
     * end at this very moment; then this does nothing.
     *
     * @param task the task
     */
    protected abstract void kill(PoolTask<?> task);

    /**
     * Whether a worker is at a task that was {@linkplain PoolTask#start started}. Not so at once where tasks travel to their
     * workers.
     *
     * @param task the task
     * @return true unless the pool knows better
     */
    protected boolean hasBegun(PoolTask<?> task) {
        return true;
    }

    /**
     * A thread is about to wait for a task that was started: where its outcome comes from another process, the thread may
     * look for it itself, for some microseconds, instead of being woken by another.
     *
     * @param task the task
     */
    protected void assist(PoolTask<?> task) {}

    /**
     * A thread is about to wait until one of some tasks has ended, for as long as it takes; {@link #endWait} follows.
     *
     * @param tasks at least one
     */
    protected void beginWait(Collection<? extends PoolTask<?>> tasks) {}

    /** The wait of the calling thread is over. */
    protected void endWait() {}

    /**
     * How many tasks this pool runs at the same time when it has enough of them.
     *
     * @return at least 1
     */
    protected abstract int parallelism();

    // ---- what a pool may use

    /**
     * What this pool is called.
     *
     * @return its name
     */
    protected final String name() {
        return name;
    }

    /** For the statistics: a worker that died or was killed was replaced. */
    protected final void countRestart() {
        counters.restarted();
    }

    /**
     * Cancels the futures of tasks that will never be started.
     *
     * @param tasks taken from the queue by {@code shutdownNow}
     * @return what {@code shutdownNow} returns for them: the actions as they were given to {@code execute}, and for other
     *     tasks actions that make the call and forget its result
     */
    protected final List<Runnable> neverStarted(Collection<? extends PoolTask<?>> tasks) {
        return tasks.stream().map(AbstractPool::neverStarted).toList();
    }

    private static Runnable neverStarted(PoolTask<?> task) {
        task.future().cancel(/* mayInterruptIfRunning= */ false);
        if (task.call() instanceof ActionCall(Runnable action)) {
            return action;
        }
        return () -> {
            try {
                task.call().call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        };
    }

    final PoolCounters counters() {
        return counters;
    }

    final Duration grace() {
        return grace;
    }

    final Executor callbackThread() {
        return callbackThread;
    }

    final Future<?> alarm(Duration delay, Runnable action) {
        return alarmThread.schedule(action, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
    }

    // ---- one task

    @Override
    public final <T> TaskFuture<T> submit(Callable<T> task) {
        return submit(task, TaskOptions.defaults());
    }

    @Override
    public final <T> TaskFuture<T> submit(Callable<T> task, TaskOptions options) {
        return this.<T>start(Objects.requireNonNull(task, "task"), UnaryOperator.identity(), options)
                .future();
    }

    @Override
    public final TaskFuture<?> submit(Runnable task) {
        return submit(task, TaskOptions.defaults());
    }

    @Override
    public final TaskFuture<?> submit(Runnable task, TaskOptions options) {
        return start(call(task), UnaryOperator.identity(), options).future();
    }

    @Override
    public final <T> TaskFuture<T> submit(Runnable task, T result) {
        return this.<T>start(call(task), _ -> result, TaskOptions.defaults()).future();
    }

    @Override
    public final void execute(Runnable task) {
        PoolTask<Object> started = start(call(task), UnaryOperator.identity(), TaskOptions.defaults());
        started.watch(() -> {
            TaskFuture<Object> future = started.future();
            if (future.state() == Future.State.FAILED) {
                LOG.log(Level.ERROR, "a task threw: task=" + started.name() + ", pool=" + name, future.exceptionNow());
            }
        });
    }

    private static ActionCall call(Runnable task) {
        return new ActionCall(Objects.requireNonNull(task, "task"));
    }

    final <T> PoolTask<T> start(Callable<?> call, UnaryOperator<@Nullable Object> toResult, TaskOptions options) {
        Objects.requireNonNull(options, "options");
        var task = new PoolTask<T>(this, submissions.incrementAndGet(), call, toResult, options);
        counters.submitted();
        try {
            enqueue(task);
        } catch (Throwable e) {
            counters.refused();
            throw e;
        }
        return task;
    }

    final <T> PoolTask<T> start(Callable<T> call) {
        return start(call, UnaryOperator.identity(), TaskOptions.defaults());
    }

    // ---- many tasks

    @Override
    public final <A, R> List<R> map(SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs)
            throws InterruptedException, ExecutionException {
        return map(function, inputs, ChunkSizing.measured(parallelism()));
    }

    @Override
    public final <A, R> List<R> map(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize)
            throws InterruptedException, ExecutionException {
        return map(function, inputs, ChunkSizing.fixed(chunkSize));
    }

    private <A, R> List<R> map(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, ChunkSizing sizing)
            throws InterruptedException, ExecutionException {
        try {
            return new Batches<A, R>(this, Objects.requireNonNull(function, "function"), listed(inputs), sizing)
                    .run(Batches.NO_DEADLINE);
        } catch (TimeoutException e) {
            throw new AssertionError("after 146 years", e);
        }
    }

    @Override
    public final <A, R> List<R> map(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNanos = deadline(timeout);
        return new Batches<A, R>(
                        this,
                        Objects.requireNonNull(function, "function"),
                        listed(inputs),
                        ChunkSizing.measured(parallelism()))
                .run(deadlineNanos);
    }

    private static <A> List<A> listed(Iterable<? extends A> inputs) {
        var list = new ArrayList<A>();
        inputs.forEach(list::add);
        return list;
    }

    private static long deadline(Duration timeout) {
        return deadline(TimeUnit.NANOSECONDS.convert(timeout));
    }

    private static long deadline(long timeoutNanos) {
        return System.nanoTime() + Math.clamp(timeoutNanos, 0, FOREVER_NANOS);
    }

    @Override
    public final <A, B, R> List<R> starmap(
            SerializableBiFunction<? super A, ? super B, ? extends R> function,
            Iterable<? extends Map.Entry<? extends A, ? extends B>> inputs)
            throws InterruptedException, ExecutionException {
        var pairs = new ArrayList<Pair<A, B>>();
        inputs.forEach(entry -> pairs.add(new Pair<>(entry.getKey(), entry.getValue())));
        return map(new OnPair<A, B, R>(Objects.requireNonNull(function, "function")), pairs);
    }

    /** An entry that can travel. */
    private record Pair<A, B>(A first, B second) implements Serializable {}

    private record OnPair<A, B, R>(SerializableBiFunction<? super A, ? super B, ? extends R> function)
            implements SerializableFunction<Pair<A, B>, R> {
        @Override
        public R apply(Pair<A, B> pair) {
            return function.apply(pair.first, pair.second);
        }
    }

    @Override
    public final <A, R> Stream<R> imap(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize) {
        return ReadAhead.stream(this, function, inputs, chunkSize, ReadAhead.Order.INPUT);
    }

    @Override
    public final <A, R> Stream<R> imapUnordered(
            SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs, int chunkSize) {
        return ReadAhead.stream(this, function, inputs, chunkSize, ReadAhead.Order.COMPLETION);
    }

    // JDK's AbstractExecutorService wraps the calls of these in a FutureTask, which cannot travel.

    @Override
    public final <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, PoolTask::awaitDone);
    }

    @Override
    public final <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        long deadlineNanos = deadline(unit.toNanos(timeout));
        return invokeAll(tasks, task -> task.awaitDone(deadlineNanos));
    }

    private interface Await {
        void of(PoolTask<?> task) throws InterruptedException;
    }

    private <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, Await await)
            throws InterruptedException {
        List<PoolTask<T>> started = startAll(tasks);
        try {
            for (PoolTask<T> task : started) {
                await.of(task);
            }
        } finally {
            cancelAll(started);
        }
        return started.stream().<Future<T>>map(PoolTask::future).toList();
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, deadline(FOREVER_NANOS));
        } catch (TimeoutException e) {
            throw new AssertionError("after 146 years", e);
        }
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return invokeAny(tasks, deadline(unit.toNanos(timeout)));
    }

    private <T> T invokeAny(Collection<? extends Callable<T>> tasks, long deadlineNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("no tasks");
        }
        List<PoolTask<T>> started = startAll(tasks);
        try {
            var ended = new LinkedBlockingQueue<PoolTask<T>>();
            started.forEach(task -> task.watch(() -> ended.add(task)));
            Throwable lastFailure = null;
            for (int i = 0; i < started.size(); i++) {
                PoolTask<T> next = ended.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new TimeoutException("no task succeeded in time: tasks=" + started.size() + ", pool=" + name);
                }
                switch (next.future().state()) {
                    case SUCCESS -> {
                        return next.future().resultNow();
                    }
                    case FAILED -> lastFailure = next.future().exceptionNow();
                    case CANCELLED -> lastFailure = new CancellationException("task was cancelled: " + next.name());
                    case RUNNING -> throw new AssertionError(next);
                }
            }
            throw new ExecutionException(lastFailure);
        } finally {
            cancelAll(started);
        }
    }

    private <T> List<PoolTask<T>> startAll(Collection<? extends Callable<T>> tasks) {
        var started = new ArrayList<PoolTask<T>>(tasks.size());
        boolean complete = false;
        try {
            for (Callable<T> task : tasks) {
                started.add(start(Objects.requireNonNull(task, "task")));
            }
            complete = true;
        } finally {
            if (!complete) {
                cancelAll(started);
            }
        }
        return started;
    }

    /** The last ones first: a worker that one of them leaves must not begin on another meanwhile. */
    private static <T> void cancelAll(List<PoolTask<T>> tasks) {
        tasks.reversed().forEach(task -> task.future().cancel(/* mayInterruptIfRunning= */ true));
    }

    @Override
    public final PoolStatistics statistics() {
        return counters.snapshot();
    }
}
