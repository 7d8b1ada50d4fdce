package dev.procession.green;

import dev.procession.green.engine.Fiber;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A call that runs on a loop beside others, one at a time: from one place where it waits to the next no other task of the loop
 * runs. Python calls it {@code asyncio.Task}, and {@code gevent.Greenlet}.
 *
 * <p>It does not run at once when it is made, but after all that is ready by then. It waits in the calls of this module and in
 * ordinary blocking calls of the JDK alike; {@link EventLoop} says which engines let the loop go on during the latter.
 *
 * <p><b>Cancelling.</b> {@link #cancel()} is Python's: the task's wait throws once, {@link TaskCancelledException} in the calls
 * of this module and {@link InterruptedException} in the JDK's, and what the task does then, waiting included, is up to it. A
 * task that returns a value all the same has that value. A task that has not started never does. {@link CancelScope} and
 * {@link TaskGroup} cancel for good: in them every further wait throws, too. {@link Thread#interrupt} of the task's thread
 * counts as {@code cancel()}.
 *
 * <p>An error that nobody has asked for when the loop ends is given to the loop's error handler.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends LoopFuture<T> {
    private static final ThreadLocal<Task<?>> CURRENT = new ThreadLocal<>();

    private final Fiber fiber;
    private final Callable<? extends T> body;
    private final @Nullable TaskGroup group;
    private final @Nullable Task<?> creator;
    private boolean started;
    private boolean startsEvenIfCancelled;

    /** What the task waits for in a call of ours; for those who look. */
    private volatile @Nullable Object awaited;

    // Cancelling: once.
    private int cancelRequests;

    /** To be thrown by the next wait. */
    private @Nullable Throwable injected;

    /** Whether the wait that {@link #injected} is meant for is in this module; else the thread was interrupted instead. */
    private boolean injectedHere;

    private @Nullable GreenletExit killed;

    // Cancelling: for good.
    private @Nullable CancelScope scope;
    private boolean scopeCancelled;

    /** When the thread was last interrupted because of its scope, or will be; and how long to wait before the next time. */
    long nextReminderNanos;

    long reminderPauseNanos;

    // Neighbours among the loop's living tasks, and among those of the same scope.
    @Nullable
    Task<?> previousAlive;

    @Nullable
    Task<?> nextAlive;

    @Nullable
    Task<?> previousInScope;

    @Nullable
    Task<?> nextInScope;

    Task(
            EventLoop loop,
            String name,
            @Nullable Object bindings,
            @Nullable TaskGroup group,
            Callable<? extends T> body) {
        super(loop);
        this.body = body;
        this.group = group;
        creator = currentOrNull();
        fiber = loop.dispatcher().fiber(name, bindings, this::live);
    }

    /**
     * Starts a task on the loop of the current one.
     *
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     * @throws IllegalStateException if the current thread is not on a loop
     */
    public static <T extends @Nullable Object> Task<T> start(Callable<? extends T> body) {
        return EventLoop.current("start a task").createTask(body);
    }

    /**
     * Starts a task without result on the loop of the current one.
     *
     * @param body what it does
     * @return the task, which has not run yet
     * @throws IllegalStateException if the current thread is not on a loop
     */
    public static Task<@Nullable Void> start(TaskAction body) {
        return start(EventLoop.callable(body));
    }

    /**
     * The task that calls.
     *
     * @return the current task
     * @throws IllegalStateException if the current thread is no task
     */
    public static Task<?> current() {
        Task<?> task = currentOrNull();
        if (task == null) {
            throw new IllegalStateException("the current thread is no task of an event loop: "
                    + Thread.currentThread().getName());
        }
        return task;
    }

    static @Nullable Task<?> currentOrNull() {
        Task<?> task = CURRENT.get();
        if (task != null) {
            task.loop.dispatcher().claim(task.fiber);
        }
        return task;
    }

    /** Before its first turn: lets the body run also if the task is cancelled until then. Its first wait throws in that case. */
    void startEvenIfCancelled() {
        startsEvenIfCancelled = true;
    }

    /** The task's whole life, on its fiber. */
    private void live() {
        CURRENT.set(this);
        started = true;
        Outcome<T> outcome;
        try {
            if (startsEvenIfCancelled) {
                injectedHere = injected != null;
            } else if (injected != null) {
                throw injected;
            } else if (scopeCancelled) {
                throw cancelledByScope();
            }
            outcome = new Outcome.Value<>(body.call());
        } catch (Throwable thrown) {
            outcome = outcomeOf(thrown);
        }
        loop.dispatcher().claim(fiber);
        loop.taskEnded(this, outcome);
    }

    private Outcome<T> outcomeOf(Throwable thrown) {
        if (thrown == killed || (killed != null && Interruptions.isOne(thrown))) {
            @SuppressWarnings("NullAway") // what is killed has no value, whatever its type
            Outcome<T> none = new Outcome.Value<>(null);
            return none;
        }
        killed = null;
        if (thrown instanceof CancellationException || Interruptions.isOne(thrown)) {
            TaskGroupException hidden = TaskGroupException.suppressedIn(thrown);
            return hidden == null ? new Outcome.Cancelled<>(thrown) : new Outcome.Failure<>(hidden);
        }
        return new Outcome.Failure<>(thrown);
    }

    /** Waits until somebody resumes the fiber; throws if the task is cancelled. Called by this task. */
    void suspend(Object what) {
        checkpoint();
        suspendQuietly(what);
        checkpoint();
    }

    /** Waits like {@link #suspend}, but leaves it to the caller to look for a cancellation. */
    void suspendQuietly(Object what) {
        awaited = what;
        fiber.suspend(what);
        awaited = null;
    }

    /** Throws if this task, which is the current one, is to be cancelled. */
    void checkpoint() {
        if (scopeCancelled) {
            boolean _ = Thread.interrupted();
            throw cancelledByScope();
        }
        Throwable thrown = takeInjected();
        if (thrown != null) {
            throw EventLoop.<RuntimeException>unchecked(thrown);
        }
    }

    /** What was asked to be thrown once; null if nothing, or if a wait in the JDK has thrown in its place. */
    @Nullable
    Throwable takeInjected() {
        Throwable thrown = injected;
        boolean here = injectedHere;
        injected = null;
        injectedHere = false;
        if (!Thread.interrupted() && !here) {
            return null;
        }
        if (thrown == null && !scopeCancelled) {
            return TaskCancelledException.ofTask("interrupted: " + this);
        }
        return thrown;
    }

    private RuntimeException cancelledByScope() {
        return Objects.requireNonNull(scope).cancellationOf(this);
    }

    /** On the loop: lets the task's wait throw. The first of several that come before the task's turn counts. */
    void inject(Throwable thrown) {
        if (isDone()) {
            return;
        }
        boolean heard = started && !injectedHere && !fiber.thread().isInterrupted(); // a wait in the JDK has thrown
        if (injected == null || heard) {
            injected = thrown;
        }
        if (fiber.isSuspended()) {
            injectedHere = true;
            fiber.resume();
        } else if (started && !injectedHere) {
            fiber.thread().interrupt();
        }
    }

    /**
     * Asks the task to end: its wait throws, once. From any thread.
     *
     * @return false if it is done already
     */
    public boolean cancel() {
        if (isDone()) {
            return false;
        }
        if (loop.isOnLoop()) {
            cancelRequests++;
            inject(TaskCancelledException.ofTask("cancelled: " + this));
        } else {
            loop.callSoonThreadsafe(this::cancel);
        }
        return true;
    }

    /**
     * Asks the task to end, like {@link #cancel()}. Unlike what {@link java.util.concurrent.Future} says, it need not be done
     * when this returns: it may clean up first.
     *
     * @param mayInterruptIfRunning not looked at
     * @return false if it is done already
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return cancel();
    }

    /**
     * Takes one request to cancel back, as a task does that has caught the exception and goes on; on the loop.
     *
     * @return how many requests are left
     */
    public int uncancel() {
        loop.ensureOnLoop();
        if (cancelRequests > 0 && --cancelRequests == 0 && injected instanceof TaskCancelledException) {
            injected = null;
            if (!injectedHere && currentOrNull() == this) {
                boolean _ = Thread.interrupted();
            }
            injectedHere = false;
        }
        return cancelRequests;
    }

    /**
     * How many requests to cancel this task were made and not taken back; on the loop. Python calls it {@code cancelling()}.
     *
     * @return the number of requests
     */
    public int cancelRequests() {
        loop.ensureOnLoop();
        return cancelRequests;
    }

    /** On the loop: ends the task as gevent does, with a {@link GreenletExit} for its value. */
    void kill(GreenletExit exit) {
        if (!isDone() && killed == null) {
            killed = exit;
            injected = exit; // also if something else was to be thrown
            inject(exit);
        }
    }

    /**
     * The object that ended this task, if {@link Green#kill} did. Such a task has succeeded; its result is null.
     *
     * @return what killed it
     */
    public Optional<GreenletExit> exit() {
        return isDone() ? Optional.ofNullable(killed) : Optional.empty();
    }

    /**
     * The task's name, which is its thread's.
     *
     * @return the name
     */
    public String name() {
        return fiber.thread().getName();
    }

    /**
     * Renames the task.
     *
     * @param name the new name
     */
    public void setName(String name) {
        fiber.thread().setName(name);
    }

    /**
     * Where the task is.
     *
     * @return its stack, the innermost frame first; empty if it has not started or has ended
     */
    public StackTraceElement[] stack() {
        return fiber.thread().getStackTrace();
    }

    /**
     * What the task waits for in a call of this module.
     *
     * @return a description; empty if it runs, waits for its turn, or waits in a call of the JDK
     */
    public Optional<String> waitsFor() {
        return Optional.ofNullable(awaited).map(Object::toString);
    }

    Fiber fiber() {
        return fiber;
    }

    @Nullable
    TaskGroup group() {
        return group;
    }

    @Nullable
    Task<?> creator() {
        return creator;
    }

    boolean isStarted() {
        return started;
    }

    @Nullable
    CancelScope scope() {
        return scope;
    }

    /** Puts the task into another scope; its list of members is kept by the scopes. */
    void moveTo(@Nullable CancelScope other) {
        if (scope != null) {
            scope.remove(this);
        }
        scope = other;
        if (other != null) {
            other.add(this);
        }
    }

    /** Whether a scope around what the task does is cancelled. */
    boolean isScopeCancelled() {
        return scopeCancelled;
    }

    /** Looks again whether a scope is cancelled, and lets the task notice. */
    void scopeChanged() {
        boolean cancelled = scope != null && scope.isEffectivelyCancelled();
        if (cancelled == scopeCancelled) {
            return;
        }
        scopeCancelled = cancelled;
        deadlineChanged();
        if (cancelled) {
            loop.remind(this);
            if (fiber.isSuspended()) {
                fiber.resume();
            } else if (started) {
                fiber.thread().interrupt();
            }
        } else if (currentOrNull() == this) {
            boolean _ = Thread.interrupted();
            if (injected != null && !injectedHere) {
                fiber.thread().interrupt(); // that was not the scope's
            }
        }
    }

    /** Tells the engine from when on a wait of this task in the JDK is to be interrupted. */
    void deadlineChanged() {
        fiber.interruptFrom(scopeCancelled ? loop.nanos() : scope == null ? Long.MAX_VALUE : scope.firstDeadline());
    }

    @Override
    public String toString() {
        return "task " + name() + (isDone() ? " " + state() : "");
    }
}
