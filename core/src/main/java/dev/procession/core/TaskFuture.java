package dev.procession.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a task given to a {@link Pool}: a {@link CompletableFuture} that can also stop the task, tell how far it has
 * come, and tell when it is really gone.
 *
 * <p><b>Stopping.</b> {@code cancel(true)} ends the future at once, for everybody who waits. A task that still waits in the
 * queue leaves it. One that runs is interrupted; if it does not heed that within its {@linkplain TaskOptions#grace() grace},
 * a process that runs it is killed, while of a thread nothing more can be done. {@link #gone} completes when nobody runs it
 * any more. {@code cancel(false)} ends the future and leaves a running task alone. Completion by anybody else
 * ({@code complete}, {@code completeExceptionally}, {@code orTimeout}, {@code completeOnTimeout}, {@code completeAsync}, the
 * {@code obtrude} methods) stops the task like {@code cancel(true)}: there is nobody left to tell its result to.
 *
 * <p><b>Only the first completion counts.</b> Where Python raises {@code InvalidStateError}, a second {@code complete} returns
 * false, and the first outcome stays.
 *
 * <p><b>What runs when it is done.</b> First those who wait in {@code get} and {@code join} are woken. Then the
 * {@linkplain #addDoneCallback done callbacks} run, in order, on the pool's callback thread. Dependent stages
 * ({@code thenApply} and the like) run last-in-first-out, as {@link CompletableFuture} has it, on a virtual thread of their
 * own, never on a thread the pool needs. A stage is not a task: cancelling it leaves the task alone.
 *
 * <p>{@code get} and {@code join} wait until the future is done, at most for the time given (zero or less does not wait);
 * {@code get} may be interrupted. They throw {@link CancellationException} if the future was cancelled, and what the task
 * threw as the cause of {@link ExecutionException} or {@link CompletionException}; also if that is itself one of these.
 *
 * @param <T> the type of the result
 */
public abstract class TaskFuture<T> extends CompletableFuture<T> {
    /** For {@link #await}: when to stop waiting. */
    public enum Until {
        /** As soon as one future is done, however. */
        FIRST_COMPLETED,
        /** As soon as one future failed or was cancelled; else when all are done. */
        FIRST_EXCEPTION,
        /** When all are done. */
        ALL_COMPLETED
    }

    /**
     * What {@link #await} saw.
     *
     * @param done the futures that were done, unmodifiable
     * @param notDone the others, unmodifiable
     * @param <T> the type of the results
     */
    public record Awaited<T>(Set<TaskFuture<T>> done, Set<TaskFuture<T>> notDone) {}

    private static final Logger LOG = System.getLogger("dev.procession.core");

    // Bits of state. Who sets CLAIMED decides the outcome. HANDED_OVER: the completing thread may run dependents.
    // LEFT: the pool's thread is out of the future and will run no dependent of it any more.
    private static final int OBSERVED = 1;
    private static final int CLAIMED = 2;
    private static final int HANDED_OVER = 4;
    private static final int LEFT = 8;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskFuture.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor callbackThread;
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    // CompletableFuture keeps its waiters among its dependents. Ours wait here instead, so that they are woken before
    // any dependent runs, and so that a completing thread can tell whether there are dependents.
    private final CountDownLatch announced = new CountDownLatch(1);

    @SuppressWarnings("unused") // STATE
    private volatile int state;

    // Read only to see whether it is the reader itself.
    private @Nullable Thread settler;

    private volatile @Nullable Progress progress;

    // Guarded by announced.
    private @Nullable List<Consumer<? super TaskFuture<T>>> callbacks;
    private @Nullable List<Runnable> watchers;
    private @Nullable List<Consumer<? super Progress>> progressListeners;
    private boolean progressUnderWay;

    /**
     * For pools; see {@link dev.procession.core.spi.PoolTask}.
     *
     * @param callbackThread runs callbacks, one after the other
     */
    protected TaskFuture(Executor callbackThread) {
        this.callbackThread = callbackThread;
    }

    /**
     * Tells whether a worker is at the task.
     *
     * @return true from its start until the future is done
     */
    public abstract boolean isRunning();

    /**
     * Called once if the future was completed by somebody else than the pool, before it is seen to be done. Must not block.
     *
     * @param mayInterrupt false if a running task is to be left alone
     */
    protected abstract void stop(boolean mayInterrupt);

    /**
     * For pools: the task's own outcome is decided, and nobody has seen it yet. Quick, and never throws.
     *
     * @param outcome {@link State#SUCCESS} or {@link State#FAILED}
     */
    protected abstract void settling(State outcome);

    /**
     * Calls back when this is done: on the pool's callback thread, after the callbacks added before; or at once in the
     * caller if this is done already. What a callback throws is logged, and the others still run. A callback that takes long
     * holds up those of other tasks of the pool, and nothing else.
     *
     * @param callback gets this future
     */
    public final void addDoneCallback(Consumer<? super TaskFuture<T>> callback) {
        Objects.requireNonNull(callback, "callback");
        if (isDone()) {
            announce();
        }
        synchronized (announced) {
            if (announced.getCount() > 0) {
                callbacks = added(callbacks, callback);
                return;
            }
        }
        callBack(callback);
    }

    private void callBack(Consumer<? super TaskFuture<T>> callback) {
        try {
            callback.accept(this);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a done callback threw: future=" + this, e);
        }
    }

    /**
     * The second end of a task: completes, normally in any case, when no process or thread runs it any more. That is when
     * the future is done, unless that was brought about by a cancellation, a deadline or another's completion.
     *
     * @return a future of one's own, whose completion by others has no effect on the task
     */
    public final CompletableFuture<@Nullable Void> gone() {
        return gone.copy();
    }

    /**
     * What the task said last through {@link TaskContext#progress}.
     *
     * @return the progress, empty before the first
     */
    public final Optional<Progress> progress() {
        return Optional.ofNullable(progress);
    }

    /**
     * Calls back on the pool's callback thread as the task progresses: with the newest progress, not with each. What a
     * listener throws is logged.
     *
     * @param listener gets the progress
     */
    public final void onProgress(Consumer<? super Progress> listener) {
        Objects.requireNonNull(listener, "listener");
        synchronized (announced) {
            progressListeners = added(progressListeners, listener);
        }
        if (progress != null) {
            spreadProgress();
        }
    }

    /**
     * For pools: the task said how far it has come.
     *
     * @param newest the progress
     */
    protected final void reportProgress(Progress newest) {
        progress = Objects.requireNonNull(newest, "newest");
        spreadProgress();
    }

    private void spreadProgress() {
        synchronized (announced) {
            if (progressListeners == null || progressUnderWay) {
                return;
            }
            progressUnderWay = true;
        }
        callbackThread.execute(() -> {
            List<Consumer<? super Progress>> listeners;
            synchronized (announced) {
                progressUnderWay = false; // what is reported from here on is a new call
                listeners = List.copyOf(Objects.requireNonNull(progressListeners));
            }
            Progress newest = Objects.requireNonNull(progress);
            for (Consumer<? super Progress> listener : listeners) {
                try {
                    listener.accept(newest);
                } catch (Throwable e) {
                    LOG.log(Level.ERROR, "a progress listener threw: future=" + this, e);
                }
            }
        });
    }

    /**
     * The futures in the order in which they get done, as they do. Each appears once, also if it was given twice.
     *
     * <p>The iterator's {@code next} waits for the next one. When time is up it throws {@link CompletionException} with a
     * {@link TimeoutException} as its cause, whose message says how many are missing; when interrupted, {@link
     * CancellationException}, with the interrupt flag set. The futures are left as they are.
     *
     * @param futures the futures
     * @param timeout how long all of it may take, counted from this call; zero or less does not wait
     * @param <T> the type of the results
     * @return to be iterated once
     */
    public static <T> Iterable<TaskFuture<T>> asCompleted(
            Collection<? extends TaskFuture<T>> futures, Duration timeout) {
        var order = new CompletionOrder<T>(futures, timeout);
        return () -> order;
    }

    /**
     * Waits until some of the futures are done, or time is up.
     *
     * @param futures the futures
     * @param timeout how long to wait; zero or less does not wait
     * @param until what to wait for
     * @param <T> the type of the results
     * @return which are done then, and which are not
     * @throws InterruptedException if interrupted while waiting
     */
    public static <T> Awaited<T> await(Collection<? extends TaskFuture<T>> futures, Duration timeout, Until until)
            throws InterruptedException {
        return new CompletionOrder<T>(futures, timeout).await(until);
    }

    // ---- waiting

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            announced.await();
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone() && !announced.await(timeout, unit)) {
            throw new TimeoutException("not done: timeout=" + timeout + " " + unit + ", future=" + this);
        }
        return super.get();
    }

    @Override
    public T join() {
        boolean interrupted = false;
        while (!isDone()) {
            try {
                announced.await();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return super.join();
    }

    /**
     * For pools: waits until this is done, however.
     *
     * @param nanos how long to wait, in nanoseconds; zero or less does not wait
     * @return true if it is done
     * @throws InterruptedException if interrupted while waiting
     */
    protected final boolean awaitDone(long nanos) throws InterruptedException {
        return isDone() || announced.await(nanos, TimeUnit.NANOSECONDS);
    }

    // ---- completion by the pool

    /**
     * For pools: ends the future with a result.
     *
     * @param value the result
     * @return false if it was done, or being done, already
     */
    protected final boolean settle(T value) {
        return settle(value, null);
    }

    /**
     * For pools: ends the future with a failure.
     *
     * @param failure what the task threw, or what became of it
     * @return false if it was done, or being done, already
     */
    protected final boolean settleExceptionally(Throwable failure) {
        // CompletableFuture would take the first for a cancellation of the future, and unwrap the second.
        boolean ambiguous = failure instanceof CancellationException || failure instanceof CompletionException;
        return settle(null, ambiguous ? new CompletionException(failure) : failure);
    }

    private boolean settle(@Nullable T value, @Nullable Throwable failure) {
        if (!claim(CLAIMED)) {
            return false;
        }
        settling(failure == null ? State.SUCCESS : State.FAILED);
        // Whoever adds a stage sets OBSERVED first, and waits for us if we were quicker; so none can slip in between.
        // Only allOf and anyOf do not ask: theirs are counted.
        if ((state & OBSERVED) != 0 || getNumberOfDependents() > 0) {
            STATE.getAndBitwiseOr(this, HANDED_OVER);
            Thread.ofVirtual().name("procession-stages").start(() -> finish(value, failure));
        } else {
            settler = Thread.currentThread();
            try {
                finish(value, failure);
            } finally {
                settler = null;
                STATE.getAndBitwiseOr(this, LEFT);
            }
        }
        return true;
    }

    /**
     * For pools: tells whether the outcome is decided, though perhaps not seen by all yet.
     *
     * @return true if so
     */
    protected final boolean isSettled() {
        return (state & CLAIMED) != 0;
    }

    /** For pools: nobody runs the task any more. */
    protected final void markGone() {
        if (gone.getNumberOfDependents() == 0) {
            gone.complete(null);
        } else {
            Thread.ofVirtual().name("procession-stages").start(() -> gone.complete(null));
        }
    }

    /**
     * For pools: runs something as soon as this is done, on the thread that completes it and before all callbacks; at once
     * if it is done.
     *
     * @param watcher quick, and never throws
     */
    protected final void whenAnnounced(Runnable watcher) {
        synchronized (announced) {
            if (announced.getCount() > 0) {
                watchers = added(watchers, watcher);
                return;
            }
        }
        watcher.run();
    }

    private boolean claim(int bits) {
        int now = state;
        while ((now & CLAIMED) == 0) {
            int before = (int) STATE.compareAndExchange(this, now, now | bits);
            if (before == now) {
                return true;
            }
            now = before;
        }
        return false;
    }

    @SuppressWarnings("NullAway") // a result may be null
    private void finish(@Nullable T value, @Nullable Throwable failure) {
        if (getNumberOfDependents() > 0) {
            STATE.getAndBitwiseOr(this, HANDED_OVER);
            // Pushed last, so it runs first, whatever the others do.
            CompletableFuture<@Nullable Void> _ = super.handle((_, _) -> {
                announce();
                return null;
            });
        }
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(failure);
        }
        announce();
    }

    /** What must happen once when this is done. Whoever finds it done may bring it about. */
    private void announce() {
        List<Consumer<? super TaskFuture<T>>> toCall;
        List<Runnable> toRun;
        synchronized (announced) {
            if (announced.getCount() == 0) {
                return;
            }
            announced.countDown();
            toCall = callbacks;
            toRun = watchers;
            callbacks = null;
            watchers = null;
        }
        if (toRun != null) {
            toRun.forEach(Runnable::run);
        }
        if (toCall != null) {
            callbackThread.execute(() -> toCall.forEach(this::callBack));
        }
    }

    private static <E> List<E> added(@Nullable List<E> list, E element) {
        List<E> longer = list == null ? new ArrayList<>(1) : list;
        longer.add(element);
        return longer;
    }

    // ---- completion by others

    @Override
    public boolean complete(T value) {
        return settleForOthers(value, null, /* mayInterrupt= */ true);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return settleForOthers(null, Objects.requireNonNull(failure, "failure"), /* mayInterrupt= */ true);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return settleForOthers(null, new CancellationException(), mayInterruptIfRunning) || isCancelled();
    }

    private boolean settleForOthers(@Nullable T value, @Nullable Throwable failure, boolean mayInterrupt) {
        if (!claim(CLAIMED | HANDED_OVER)) {
            awaitClaimant();
            return false;
        }
        try {
            stop(mayInterrupt);
        } finally {
            finish(value, failure);
        }
        return true;
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(() -> {
            if (!isDone()) {
                try {
                    complete(supplier.get());
                } catch (Throwable e) {
                    completeExceptionally(new CompletionException(e));
                }
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(T value) {
        complete(value);
        super.obtrudeValue(value);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        completeExceptionally(failure);
        super.obtrudeException(failure);
    }

    // ---- stages

    /** A plain future: a stage that follows a task is none itself. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        observe();
        return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        observe(); // thenCombine and its like ask their other stage for this before they add to it
        return this;
    }

    /**
     * Keeps a stage from being run by the pool's thread. It is not enough that this is done: between setting the result and
     * looking for dependents that thread could still find the stage that is about to be added.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the settler may have to be let run first
    private void observe() {
        int now = (int) STATE.getAndBitwiseOr(this, OBSERVED);
        while ((now & CLAIMED) != 0 && (now & (HANDED_OVER | LEFT)) == 0 && settler != Thread.currentThread()) {
            Thread.yield();
            now = state;
        }
    }

    /** Whoever claimed it is a few instructions from completing it. */
    @SuppressWarnings("ThreadPriorityCheck") // it may have to be let run first
    private void awaitClaimant() {
        while (!isDone()) {
            Thread.yield();
        }
    }
}
