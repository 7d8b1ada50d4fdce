package dev.procession.green;

import dev.procession.core.DeadlockException;
import dev.procession.green.engine.Dispatcher;
import dev.procession.green.engine.Engine;
import dev.procession.green.engine.Rung;
import dev.procession.green.engine.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@linkplain Task tasks} one at a time, in the order in which they become ready. Python calls it {@code asyncio}; what it
 * marks with {@code async} and {@code await} are plain calls here.
 *
 * <pre>{@code
 * EventLoop.run(() -> {
 *     Task<String> page = Task.start(() -> fetch(uri));   // blocking code of the JDK
 *     EventLoop.sleep(Duration.ofMillis(100));
 *     return page.join();
 * });
 * }</pre>
 *
 * <p><b>One at a time.</b> Between two waits a task has the loop to itself: {@code n++} needs no lock. Every call of this
 * module that waits lets others run. So do the blocking calls of the JDK on a virtual thread, which each task is:
 * {@code Thread.sleep}, sockets, {@code BlockingQueue.take}, locks. What a virtual thread cannot leave its carrier for holds up
 * the whole loop: long computation, file input and output, the pipes of child processes, name look-ups, class initializers.
 * Give those to {@link #toThread}. A turn that takes longer than 50 ms is reported, with the stack. On the {@code baton}
 * engine, which uses nothing but public API, every blocking call of the JDK holds up the loop; {@link EngineRung} tells.
 *
 * <p><b>Order.</b> First in, first out: also of tasks that a lock or a queue of this module wakes. Work from other threads and
 * the wake-ups of the JDK come in as they come. A {@linkplain EventLoopBuilder#shuffle shuffled} loop takes each round in a random order
 * that depends on its seed alone, for tests.
 *
 * <p><b>The end.</b> {@link #run} cancels what its main task left behind, awaits it, and reports errors that nobody asked for.
 * Threads that tasks started and left go on without the loop.
 *
 * <p><b>Nobody can go on.</b> When every task waits for another in calls of this module, no timer is set, and nothing is under
 * way outside, the main task gets a {@link DeadlockException} that names each of them. When the loop was given out, by
 * {@link #current} or in a {@link Promise}, another thread might still wake it, so the same is a warning after a second.
 *
 * <p><b>Threads.</b> The loop runs on a thread of its own while {@code run} waits; there may be any number of loops. An
 * interrupt of the waiting thread cancels the main task. Calls are made on the loop unless they say otherwise.
 */
public final class EventLoop implements AutoCloseable {
    private static final AtomicLong LOOPS = new AtomicLong();

    /** The loop that the current thread drives; tasks have their own way to it. */
    private static final ThreadLocal<EventLoop> DRIVEN = new ThreadLocal<>();

    private final String name;
    private final LoopClock clock;
    private final Dispatcher dispatcher;
    private final LoopKeeper keeper;
    private final List<ScopedValue<?>> inherited;
    private final Duration slowTurn;
    private final BiConsumer<String, Throwable> onError;
    private final AtomicLong tasks = new AtomicLong();

    /** Made on the loop, when the first channel is to be waited for. */
    private @Nullable LoopSelector selector;

    /** The thread that runs this loop whenever it waits for it; null if it is not anybody's hub. */
    private @Nullable Thread hubOf;

    EventLoop(EventLoopBuilder builder) {
        name = builder.name == null ? "procession-loop-" + LOOPS.incrementAndGet() : builder.name;
        clock = builder.virtual ? LoopClock.virtual() : LoopClock.real();
        dispatcher = Dispatcher.create(clock::nanos, builder.seed == null ? null : new Random(builder.seed));
        inherited = List.copyOf(builder.inherited);
        slowTurn = builder.slowTurn;
        onError = builder.onError;
        keeper = new LoopKeeper(this, dispatcher, clock);
    }

    /**
     * Starts to describe a loop.
     *
     * @return a builder
     */
    public static EventLoopBuilder builder() {
        return new EventLoopBuilder();
    }

    /**
     * Makes a loop with nothing special about it, for {@link #runUntilComplete(Callable)}.
     *
     * @return a loop that does not run yet
     */
    public static EventLoop create() {
        return builder().build();
    }

    /** The current thread's own. */
    static EventLoop hub() {
        EventLoop loop = builder()
                .name("procession-hub-" + Thread.currentThread().threadId())
                .build();
        loop.hubOf = Thread.currentThread();
        return loop;
    }

    boolean isHub() {
        return hubOf != null;
    }

    boolean isHubOfCurrentThread() {
        return hubOf == Thread.currentThread();
    }

    /** Runs this hub until a future of it is done. */
    void runUntilDone(LoopFuture<?> future, long timeoutNanos) throws InterruptedException, TimeoutException {
        try {
            runUntilComplete(callable(() -> future.awaitAs(Task.current(), timeoutNanos)));
        } catch (InterruptedException | TimeoutException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception undeclared) {
            throw new AssertionError(undeclared);
        }
    }

    /**
     * Runs a call as the main task of a new loop, cancels and awaits the tasks it leaves behind, and ends the loop.
     *
     * @param main what to do
     * @param <T> the type of its result
     * @return its result
     * @throws IllegalStateException if the current thread is on a loop
     * @throws DeadlockException if nobody could go on
     * @throws InterruptedException if the current thread was interrupted, and the main task cancelled therefore
     * @throws Exception what it throws
     */
    public static <T extends @Nullable Object> T run(Callable<? extends T> main) throws Exception {
        try (EventLoop loop = create()) {
            return loop.runToTheEnd(main);
        }
    }

    /**
     * Runs an action as the main task of a new loop, like {@link #run(Callable)}.
     *
     * @param main what to do
     * @throws Exception what it throws
     */
    public static void run(TaskAction main) throws Exception {
        run(callable(main));
    }

    /**
     * Runs a call as the main task of this loop, then cancels and awaits all tasks that are left.
     *
     * @param main what to do
     * @param <T> the type of its result
     * @return its result
     * @throws IllegalStateException if the current thread is on a loop, or this loop runs or is closed
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T runToTheEnd(Callable<? extends T> main) throws Exception {
        return keeper.run(createFrom(main), LoopKeeper.Until.ALL_HAVE_ENDED);
    }

    /**
     * Runs this loop until a call has returned. Tasks that are left stay as they are, until the loop runs again.
     *
     * @param main what to do
     * @param <T> the type of its result
     * @return its result
     * @throws IllegalStateException if the current thread is on a loop, or this loop runs or is closed
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T runUntilComplete(Callable<? extends T> main) throws Exception {
        return keeper.run(createFrom(main), LoopKeeper.Until.MAIN_HAS_ENDED);
    }

    /**
     * Runs this loop until a task of it has ended.
     *
     * @param task a task of this loop
     * @param <T> the type of its result
     * @return its result
     * @throws IllegalStateException if the current thread is on a loop, or this loop runs or is closed
     * @throws Exception what it throws
     */
    public <T extends @Nullable Object> T runUntilComplete(Task<T> task) throws Exception {
        if (task.loop != this) {
            throw new IllegalArgumentException("the task is of another loop: " + task);
        }
        keeper.ensureMayRun();
        return keeper.run(task, LoopKeeper.Until.MAIN_HAS_ENDED);
    }

    private <T extends @Nullable Object> Task<T> createFrom(Callable<? extends T> main) {
        Objects.requireNonNull(main, "main");
        keeper.ensureMayRun();
        return createTask("main", null, main);
    }

    /** Cancels and awaits the tasks that are left, and ends the loop. Does nothing the second time. */
    @Override
    public void close() {
        keeper.close();
    }

    /**
     * Starts a task on this loop: on the loop, or before it runs.
     *
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     */
    public <T extends @Nullable Object> Task<T> createTask(Callable<? extends T> body) {
        return createTask(nextTaskName(), body);
    }

    /**
     * Starts a task on this loop: on the loop, or before it runs.
     *
     * @param taskName its name, and its thread's
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     */
    public <T extends @Nullable Object> Task<T> createTask(String taskName, Callable<? extends T> body) {
        keeper.ensureOnLoopOrAtRest();
        return createTask(taskName, null, body);
    }

    <T extends @Nullable Object> Task<T> createTask(
            String taskName, @Nullable TaskGroup group, Callable<? extends T> body) {
        Task<T> task = new Task<>(this, taskName, Dispatcher.bindings(), group, carried(body));
        keeper.add(task);
        task.fiber().start();
        return task;
    }

    /** Binds again, where the body will run, the scoped values to be inherited that are bound here. */
    <T extends @Nullable Object> Callable<? extends T> carried(Callable<? extends T> body) {
        ScopedValue.Carrier carrier = null;
        for (ScopedValue<?> value : inherited) {
            carrier = value.isBound() ? with(carrier, value) : carrier;
        }
        if (carrier == null) {
            return body;
        }
        ScopedValue.Carrier bindings = carrier;
        return () -> bindings.call(body::call);
    }

    private static <V> ScopedValue.Carrier with(ScopedValue.@Nullable Carrier carrier, ScopedValue<V> value) {
        return carrier == null ? ScopedValue.where(value, value.get()) : carrier.where(value, value.get());
    }

    String nextTaskName() {
        return "task-" + tasks.incrementAndGet();
    }

    /**
     * The loop the current thread is on, a task's or a callback's.
     *
     * @return the loop; may be given to other threads
     * @throws IllegalStateException if the current thread is not on a loop
     */
    public static EventLoop current() {
        EventLoop loop = current("ask for the loop");
        loop.mayBeWokenFromOutside();
        return loop;
    }

    static EventLoop current(String forUse) {
        EventLoop loop = currentOrNull();
        if (loop == null) {
            throw new IllegalStateException("only on an event loop can one " + forUse + ", and this thread is on none: "
                    + Thread.currentThread().getName());
        }
        return loop;
    }

    static @Nullable EventLoop currentOrNull() {
        Task<?> task = Task.currentOrNull();
        return task != null ? task.loop : DRIVEN.get();
    }

    /**
     * Lets the current task wait. Zero or less lets all that are ready run first.
     *
     * @param time how long, by the loop's clock
     * @throws TaskCancelledException if the task is cancelled
     * @throws IllegalStateException if the current thread is no task
     */
    public static void sleep(Duration time) {
        Task<?> self = Task.current();
        self.checkpoint();
        if (!time.isPositive()) {
            self.fiber().yieldTurn();
            self.checkpoint();
            return;
        }
        Timers.Timer timer = self.loop.timers().after(nanos(time), self.fiber()::resume);
        try {
            while (!timer.isDone()) {
                self.suspend(timer);
            }
        } finally {
            timer.cancel();
        }
    }

    /** Lets the current task wait until it is cancelled, be it from outside the loop. */
    public static void sleepForever() {
        Task<?> self = Task.current();
        self.loop.mayBeWokenFromOutside();
        while (true) {
            self.suspend("nothing, for ever");
        }
    }

    /**
     * Makes a call on a platform thread, and waits for it as a task. When the task is cancelled, the thread is interrupted,
     * and the wait lasts until the call has ended.
     *
     * @param body what to do
     * @param <T> the type of its result
     * @return its result
     * @throws TaskCancelledException if the task is cancelled
     * @throws Exception what it throws
     */
    public static <T extends @Nullable Object> T toThread(Callable<? extends T> body) throws Exception {
        return Outside.call(Task.current().loop, body);
    }

    /**
     * Waits, as a task, for work that others do, a child process or a pool's task say. When the task is cancelled, so is the
     * work, and the wait lasts until it has ended.
     *
     * @param work what to wait for
     * @param <T> the type of its result
     * @return its result
     * @throws TaskCancelledException if the task is cancelled
     * @throws Exception what it failed with
     */
    public static <T extends @Nullable Object> T await(Future<T> work) throws Exception {
        return Outside.await(Task.current().loop, work);
    }

    /**
     * Runs a callback in a later turn, after all that is ready now. It must not wait; what it throws goes to the error handler.
     *
     * @param callback what to do
     * @return cancels it
     */
    public ScheduledCall callSoon(Runnable callback) {
        keeper.ensureOnLoopOrAtRest();
        ScheduledCall call = new ScheduledCall(this, callback);
        dispatcher.post(call::run);
        return call;
    }

    /**
     * Runs a callback when a time is over.
     *
     * @param delay how long, by the loop's clock
     * @param callback what to do; must not wait
     * @return cancels it
     */
    public ScheduledCall callLater(Duration delay, Runnable callback) {
        keeper.ensureOnLoopOrAtRest();
        ScheduledCall call = new ScheduledCall(this, callback);
        call.runsBy(dispatcher.timers().after(nanos(delay), call::run));
        return call;
    }

    /**
     * Runs a callback in a later turn; from any thread. After the loop has been closed it is ignored.
     *
     * @param callback what to do; must not wait
     */
    public void callSoonThreadsafe(Runnable callback) {
        dispatcher.postThreadsafe(new ScheduledCall(this, callback)::run);
    }

    /**
     * Starts a task on this loop; from any other thread. Python calls it {@code run_coroutine_threadsafe}.
     *
     * @param body what it does
     * @param <T> the type of its result
     * @return its result, for this thread; to cancel it cancels the task, a time-out in it does not
     */
    public <T extends @Nullable Object> CompletableFuture<T> callThreadsafe(Callable<? extends T> body) {
        if (isOnLoop()) {
            throw new IllegalStateException("on the loop itself, start a task: waiting here would wait for ever");
        }
        CompletableFuture<CompletableFuture<T>> started = new CompletableFuture<>();
        callSoonThreadsafe(() -> started.complete(Outside.mirror(createTask(body))));
        try {
            return started.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new CompletionException(e);
        }
    }

    /**
     * The loop's time.
     *
     * @return since an arbitrary moment; since the loop was made if its clock is virtual
     */
    public Duration time() {
        return Duration.ofNanos(clock.nanos());
    }

    /**
     * The living tasks, the oldest first.
     *
     * @return those that have not ended
     */
    public List<Task<?>> tasks() {
        ensureOnLoop();
        return keeper.tasks();
    }

    /**
     * Describes the loop and its tasks, each below the one that started it, with what it waits for.
     *
     * @return lines to read
     */
    public List<String> describe() {
        ensureOnLoop();
        return keeper.describe();
    }

    /**
     * Tells whether blocking calls of the JDK let the loop go on.
     *
     * @return false on the {@code baton} engine
     */
    public static boolean overlapsBlockingCalls() {
        return Engine.rung() != Rung.BATON;
    }

    /**
     * The loop's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Tells whether the current thread is on this loop, a task's or a callback's; from any thread.
     *
     * @return whether it is
     */
    public boolean isOnLoop() {
        return currentOrNull() == this;
    }

    void ensureOnLoop() {
        keeper.ensureOnLoopOrAtRest();
    }

    /** Where this loop waits for channels; on the loop. */
    LoopSelector selector() throws IOException {
        LoopSelector made = selector;
        if (made == null) {
            made = new LoopSelector();
            dispatcher.pollWith(made);
            selector = made;
        }
        return made;
    }

    /** After the loop has ended. */
    void closeSelector() {
        if (selector != null) {
            selector.close();
        }
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Timers timers() {
        return dispatcher.timers();
    }

    long nanos() {
        return clock.nanos();
    }

    Duration slowTurn() {
        return slowTurn;
    }

    /** Whose turn it is, seen from another thread; null if it is over or cannot be found. */
    @Nullable
    Thread holder() {
        Thread holder = dispatcher.holder();
        return holder != null ? holder : keeper.mountedThread();
    }

    void taskEnded(Task<?> task, LoopFuture.Outcome<?> outcome) {
        keeper.ended(task, outcome);
    }

    void remind(Task<?> task) {
        keeper.remind(task);
    }

    void mayBeWokenFromOutside() {
        keeper.mayBeWokenFromOutside();
    }

    void outsideWorkStarts() {
        keeper.outsideWorkStarts();
    }

    /** On the loop, by whoever waited for that work. */
    void outsideWorkEnded() {
        keeper.outsideWorkEnded();
    }

    void outsideWorkEnds(Runnable then) {
        callSoonThreadsafe(() -> {
            keeper.outsideWorkEnded();
            then.run();
        });
    }

    void report(String what, Throwable error) {
        onError.accept(what, error);
    }

    /** What this thread drives from now on; null for nothing. */
    static void drives(@Nullable EventLoop loop) {
        if (loop == null) {
            DRIVEN.remove();
        } else {
            DRIVEN.set(loop);
        }
    }

    static Callable<@Nullable Void> callable(TaskAction action) {
        Objects.requireNonNull(action, "action");
        return () -> {
            action.run();
            return null;
        };
    }

    /** A duration in nanoseconds, at most such that adding it to a time does no harm. */
    static long nanos(Duration duration) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 4);
        return duration.compareTo(longest) > 0 ? longest.toNanos() : Math.max(0, duration.toNanos());
    }

    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Override
    public String toString() {
        return name;
    }
}
