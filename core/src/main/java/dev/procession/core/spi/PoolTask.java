package dev.procession.core.spi;

import dev.procession.core.Progress;
import dev.procession.core.TaskDeadlineException;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A task as its pool sees it: the call, and the other side of its {@link TaskFuture}.
 *
 * <pre>
 *            start()            succeed, fail, gone
 *   QUEUED ------------> RUNNING -----------------> GONE
 *     |    <------------    |
 *     |      requeue()      | Its future is done by cancel(true) or another's completion, or its deadline passes: the pool
 *     |                     | is asked to interrupt(task) and after the grace to kill(task). It still calls one of the
 *     |                     | three when nobody runs the task any more.
 *     |
 *     `--> WITHDRAWN: its future is done by somebody else before it was started; the pool is asked to withdraw(task).
 * </pre>
 *
 * <p>The pool calls {@link #start} when a worker takes the task, and drops the task if that returns false. Then it calls,
 * exactly once per start, {@link #succeed}, {@link #fail}, {@link #gone} or {@link #requeue}. Each may be called by any
 * thread, and none blocks.
 *
 * @param <T> the type of the result
 */
public final class PoolTask<T> {
    private enum Stage {
        QUEUED,
        RUNNING,
        WITHDRAWN,
        GONE
    }

    private static final VarHandle STAGE;

    static {
        try {
            STAGE = MethodHandles.lookup().findVarHandle(PoolTask.class, "stage", Stage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AbstractPool pool;
    private final long number;
    private final Callable<?> call;
    private final UnaryOperator<@Nullable Object> toResult;
    private final TaskOptions options;
    private final Outcome future;
    private final long submittedNanos = System.nanoTime();

    private volatile Stage stage = Stage.QUEUED;
    private volatile boolean askedToStop;
    private volatile boolean deadlinePassed;

    // Written by the thread that starts the task, before stage.
    private long startedNanos;

    // Guarded by this.
    private @Nullable Future<?> alarm;

    PoolTask(
            AbstractPool pool,
            long number,
            Callable<?> call,
            UnaryOperator<@Nullable Object> toResult,
            TaskOptions options) {
        this.pool = pool;
        this.number = number;
        this.call = call;
        this.toResult = toResult;
        this.options = options;
        this.future = new Outcome();
    }

    /**
     * What to call: the callable as it was submitted; for an action, an {@link ActionCall}; for a batch of {@code map}, a
     * {@link MapChunk}.
     *
     * @return the call; what it returns is to be given to {@link #succeed}
     */
    public Callable<?> call() {
        return call;
    }

    /**
     * How it is to be run.
     *
     * @return its options
     */
    public TaskOptions options() {
        return options;
    }

    /**
     * Its number in this pool.
     *
     * @return a number, counted from 1 on in the order of submission
     */
    public long number() {
        return number;
    }

    /**
     * What it is called.
     *
     * @return the name it was given, or one with its number
     */
    public String name() {
        return options.name().orElseGet(() -> "task-" + number);
    }

    /**
     * Its outcome.
     *
     * @return the future the submitter has
     */
    public TaskFuture<T> future() {
        return future;
    }

    /**
     * A worker takes the task. Its deadline counts from here.
     *
     * @return false if it is not to be run any more
     */
    public boolean start() {
        if (stage != Stage.QUEUED) {
            return false;
        }
        long now = System.nanoTime();
        startedNanos = now;
        deadlinePassed = false; // that was of the start before
        askedToStop = false;
        if (!STAGE.compareAndSet(this, Stage.QUEUED, Stage.RUNNING)) {
            return false;
        }
        pool.counters().started(now - submittedNanos);
        options.deadline().ifPresent(deadline -> arm(deadline, this::passDeadline));
        return true;
    }

    /**
     * The worker that ran the task died, and the task is to be started again. To be called before the task is put back
     * into the pool's queue.
     *
     * @return false if nobody wants it any more; it is gone then
     */
    public boolean requeue() {
        if (!putBack()) {
            return false;
        }
        pool.counters().retried();
        return true;
    }

    /**
     * A worker was given the task, but has not begun on it, and never will. To be called before the task is put back into
     * the pool's queue.
     *
     * @return false if nobody wants it any more; it is gone then
     */
    public boolean putBack() {
        if (future.decided()) {
            gone();
            return false;
        }
        if (!STAGE.compareAndSet(this, Stage.RUNNING, Stage.QUEUED)) {
            return false;
        }
        disarm();
        pool.counters().requeued();
        if (future.decided()) {
            withdraw(); // by us or by the one who decided it
            return false;
        }
        return true;
    }

    /**
     * The task returned, and is gone.
     *
     * @param returned what {@link #call} returned
     * @return false if the future was done already
     */
    @SuppressWarnings("unchecked") // the call and the future were made for each other
    public boolean succeed(@Nullable Object returned) {
        T result = (T) toResult.apply(returned);
        boolean ran = leave(); // first: who has seen the result does not count the task as running
        boolean first = future.succeed(result);
        if (ran) {
            future.ended();
        }
        return first;
    }

    /**
     * The task threw or died with its worker, and is gone.
     *
     * @param failure what it threw; it becomes the cause of a {@link TaskDeadlineException} if the deadline had passed
     * @return false if the future was done already
     */
    public boolean fail(Throwable failure) {
        boolean late = deadlinePassed && !(failure instanceof TaskDeadlineException);
        Throwable told = late ? deadlineFailure(failure) : failure;
        boolean ran = leave();
        boolean first = giveUp(told);
        if (ran) {
            future.ended();
        }
        return first;
    }

    /**
     * Ends the future now, though the task is still being run. {@link #gone} must follow.
     *
     * @param failure why
     * @return false if the future was done already
     */
    public boolean giveUp(Throwable failure) {
        return future.fail(failure);
    }

    /** Nobody runs the task any more. Does nothing if that is known. */
    public void gone() {
        if (leave()) {
            future.ended();
        }
    }

    private boolean leave() {
        boolean ran = STAGE.compareAndSet(this, Stage.RUNNING, Stage.GONE);
        if (ran) {
            disarm(); // whoever arms it from here on sees GONE
            pool.counters().gone(System.nanoTime() - startedNanos);
        }
        return ran;
    }

    /** Asks the running task to stop, as when its pool is told {@code shutdownNow}. Its future is left as it is. */
    public void askToStop() {
        if (stage == Stage.RUNNING) {
            askedToStop = true;
            pool.interrupt(this);
            arm(grace(), this::passGrace);
        }
    }

    /**
     * Tells whether the task was asked to stop: because its future is done, its deadline has passed, or its pool stops.
     *
     * @return true if it ought to end
     */
    public boolean isAskedToStop() {
        return askedToStop;
    }

    /**
     * Tells whether the task was asked to stop because of its deadline.
     *
     * @return true if so
     */
    public boolean isPastDeadline() {
        return deadlinePassed;
    }

    /**
     * The task said how far it has come.
     *
     * @param progress how far
     */
    public void progress(Progress progress) {
        future.report(progress);
    }

    /**
     * The failure of a task whose deadline has passed.
     *
     * @param cause what it threw, or a throwable with the stack where it was stuck; null if unknown
     * @return the exception, for {@link #giveUp}
     */
    public TaskDeadlineException deadlineFailure(@Nullable Throwable cause) {
        String deadline = options.deadline().map(Duration::toString).orElse("none");
        return new TaskDeadlineException(
                "task ran past its deadline: task=" + name() + ", deadline=" + deadline + ", grace=" + grace()
                        + ", pool=" + pool.name(),
                cause);
    }

    @Override
    public String toString() {
        return "PoolTask[" + name() + ", " + stage + "]";
    }

    private Duration grace() {
        return options.grace().orElse(pool.grace());
    }

    private void passDeadline() {
        if (stage == Stage.RUNNING && !future.decided()) {
            deadlinePassed = true;
            askToStop();
        }
    }

    private void passGrace() {
        if (stage == Stage.RUNNING) {
            pool.kill(this);
        }
    }

    private boolean withdraw() {
        boolean first = STAGE.compareAndSet(this, Stage.QUEUED, Stage.WITHDRAWN);
        if (first) {
            pool.counters().withdrawn();
            pool.withdraw(this);
            future.ended();
        }
        return first;
    }

    private synchronized void arm(Duration delay, Runnable then) {
        disarm();
        if (stage == Stage.RUNNING) {
            alarm = pool.alarm(delay, then);
        }
    }

    private synchronized void disarm() {
        if (alarm != null) {
            alarm.cancel(/* mayInterruptIfRunning= */ false);
            alarm = null;
        }
    }

    /**
     * Runs something as soon as the future is done, on the thread that completes it.
     *
     * @param watcher quick, and never throws
     */
    void watch(Runnable watcher) {
        future.watch(watcher);
    }

    /** Waits until the future is done, however. */
    void awaitDone() throws InterruptedException {
        if (future.isDone()) {
            return;
        }
        pool.beginWait(List.of(this));
        try {
            future.awaitNanos(AbstractPool.FOREVER_NANOS);
        } finally {
            pool.endWait();
        }
    }

    /** As {@link #awaitDone()}, until {@code System.nanoTime()} is there; then it returns all the same. */
    void awaitDone(long deadlineNanos) throws InterruptedException {
        future.awaitNanos(deadlineNanos - System.nanoTime());
    }

    private final class Outcome extends TaskFuture<T> {
        Outcome() {
            super(pool.callbackThread());
        }

        @Override
        public boolean isRunning() {
            return stage == Stage.RUNNING && !decided() && pool.hasBegun(PoolTask.this);
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            assist();
            if (isDone()) {
                return super.get();
            }
            pool.beginWait(List.of(PoolTask.this));
            try {
                return super.get();
            } finally {
                pool.endWait();
            }
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            if (timeout > 0) {
                assist();
            }
            return super.get(timeout, unit);
        }

        @Override
        public T join() {
            assist();
            if (isDone()) {
                return super.join();
            }
            pool.beginWait(List.of(PoolTask.this));
            try {
                return super.join();
            } finally {
                pool.endWait();
            }
        }

        private void assist() {
            if (stage == Stage.RUNNING && !isDone()) {
                pool.assist(PoolTask.this);
            }
        }

        @Override
        protected void stop(boolean mayInterrupt) {
            pool.counters().cancelled();
            if (!withdraw() && mayInterrupt) {
                askToStop();
            }
        }

        @Override
        protected void settling(State outcome) {
            if (outcome == State.SUCCESS) {
                pool.counters().done();
            } else {
                pool.counters().failed();
            }
        }

        boolean decided() {
            return isSettled();
        }

        boolean succeed(T value) {
            return settle(value);
        }

        boolean fail(Throwable failure) {
            return settleExceptionally(failure);
        }

        void ended() {
            markGone();
        }

        void report(Progress progress) {
            reportProgress(progress);
        }

        void awaitNanos(long nanos) throws InterruptedException {
            awaitDone(nanos);
        }

        void watch(Runnable watcher) {
            whenAnnounced(watcher);
        }

        @Override
        public String toString() {
            return "TaskFuture[task=" + name() + ", pool=" + pool.name() + ", "
                    + (isDone() ? state() : stage == Stage.RUNNING ? "RUNNING" : "QUEUED") + "]";
        }
    }
}
