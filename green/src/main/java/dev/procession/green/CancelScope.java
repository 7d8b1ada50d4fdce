package dev.procession.green;

import dev.procession.green.engine.Timers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Part of what a task does that can be cancelled by itself: by hand, or when its deadline comes. trio calls it
 * {@code CancelScope}.
 *
 * <p>Once cancelled, it stays so: every wait in it throws, those of this module {@link TaskCancelledException} and those of
 * the JDK {@link InterruptedException}, again and again, until the scope is left. A JDK call that ignores interrupts is
 * reminded at growing intervals, from 1 to 64 ms. The exception ends at the outermost cancelled scope, which it leaves
 * normally; {@link #cancelledCaught} tells. What else the body throws goes on.
 *
 * <p>A {@linkplain #shield shielded} scope does not notice that one outside it is cancelled, so that clean-up can wait.
 *
 * <p>Scopes nest, and so do those of the tasks that a {@link TaskGroup} in them starts. Deadlines are by the loop's clock and
 * may be moved until they have passed. All calls are made on the loop. On the {@code baton} engine the loop stands still
 * while a task waits in a JDK call; its own deadlines interrupt it all the same.
 *
 * <p>Source: Nathaniel J. Smith, <i>Timeouts and cancellation for humans</i>, 2018; trio 0.22.
 */
public final class CancelScope {
    private static final int FRESH = 0;
    private static final int ENTERED = 1;
    private static final int LEFT = 2;

    private final EventLoop loop;
    private final @Nullable TaskGroup group;
    private int phase = FRESH;
    private @Nullable Task<?> host;
    private @Nullable CancelScope outer;
    private boolean shielded;
    private boolean cancelCalled;
    private boolean cancelledCaught;
    private long deadlineNanos = Long.MAX_VALUE;
    private Timers.@Nullable Timer timer;

    // Those inside: tasks whose innermost scope this is, and scopes next inside. Lists through their own fields.
    private @Nullable Task<?> firstTask;
    private @Nullable CancelScope firstInner;
    private @Nullable CancelScope previousSibling;
    private @Nullable CancelScope nextSibling;

    CancelScope(EventLoop loop, @Nullable TaskGroup group) {
        this.loop = loop;
        this.group = group;
    }

    /**
     * Makes a scope of the current loop, without deadline or shield, that nothing is in yet.
     *
     * @return the scope
     * @throws IllegalStateException if the current thread is not on a loop
     */
    public static CancelScope create() {
        return new CancelScope(EventLoop.current("make a cancel scope"), null);
    }

    /**
     * Does something, but no longer than a time: then it is cancelled, and this returns.
     *
     * @param timeout how long
     * @param body what to do
     * @return the scope, which tells by {@link #cancelledCaught} whether the time was over
     * @throws Exception what the body throws
     */
    public static CancelScope moveOnAfter(Duration timeout, TaskAction body) throws Exception {
        CancelScope scope = create();
        scope.setDeadline(timeout);
        scope.run(body);
        return scope;
    }

    /**
     * Does something, but no longer than a time: then it is cancelled, and this throws.
     *
     * @param timeout how long
     * @param body what to do
     * @param <T> the type of its result
     * @return the result
     * @throws TimeoutException if the time was over first
     * @throws Exception what the body throws
     */
    public static <T extends @Nullable Object> T failAfter(Duration timeout, Callable<? extends T> body)
            throws Exception {
        CancelScope scope = create();
        scope.setDeadline(timeout);
        Result<T> result = new Result<>();
        scope.run(() -> result.set(body.call()));
        if (scope.cancelledCaught) {
            throw new TimeoutException("not done within " + timeout);
        }
        return result.get();
    }

    /**
     * Does something that a cancelled scope around it does not disturb.
     *
     * @param body what to do
     * @throws Exception what the body throws
     */
    public static void shielded(TaskAction body) throws Exception {
        CancelScope scope = create();
        scope.shield();
        scope.run(body);
    }

    private static final class Result<T extends @Nullable Object> {
        private @Nullable T value;

        void set(T result) {
            value = result;
        }

        @SuppressWarnings("NullAway") // null only where T is
        T get() {
            return value;
        }
    }

    /**
     * Does something in this scope; once per scope.
     *
     * @param body what to do
     * @throws Exception what the body throws, but for the cancellation that ends here
     */
    public void run(TaskAction body) throws Exception {
        enter(Task.current());
        try {
            body.run();
        } catch (Throwable thrown) {
            if (!leave(thrown)) {
                throw thrown;
            }
            return;
        }
        leave(null);
    }

    void enter(Task<?> task) {
        if (phase != FRESH) {
            throw new IllegalStateException("a cancel scope is entered once");
        }
        if (task.loop != loop) {
            throw new IllegalStateException("the scope is of another loop: " + loop);
        }
        phase = ENTERED;
        host = task;
        outer = task.scope();
        if (outer != null) {
            outer.addInner(this);
        }
        task.moveTo(this);
        arm();
        task.scopeChanged();
    }

    /**
     * Ends the scope.
     *
     * @param thrown what its body threw
     * @return whether that was the scope's cancellation, and ends here
     */
    boolean leave(@Nullable Throwable thrown) {
        Task<?> task = Objects.requireNonNull(host);
        if (Task.currentOrNull() != task || task.scope() != this) {
            throw new IllegalStateException("scopes are left in the reverse order, by the task that entered them: "
                    + "task=" + Task.currentOrNull() + ", entered by " + task);
        }
        boolean cancellation = (thrown instanceof TaskCancelledException cancelled && cancelled.isByScope())
                || (thrown != null && Interruptions.isOne(thrown));
        if (cancellation && loop.nanos() >= deadlineNanos) {
            cancel(); // on an engine whose timers stood still
        }
        boolean endsHere =
                cancellation && cancelCalled && (shielded || outer == null || !outer.isEffectivelyCancelled());
        phase = LEFT;
        disarm();
        task.moveTo(outer);
        if (outer != null) {
            outer.removeInner(this);
        }
        task.deadlineChanged();
        task.scopeChanged();
        cancelledCaught = endsHere;
        return endsHere;
    }

    /** Cancels this scope, for good. Does nothing the second time. */
    public void cancel() {
        loop.ensureOnLoop();
        if (!cancelCalled && phase != LEFT) {
            cancelCalled = true;
            disarm();
            tellThoseInside();
        }
    }

    /**
     * Sets the deadline, or moves it. One that has passed has cancelled the scope, and moves no more.
     *
     * @param fromNow how long from now, by the loop's clock
     */
    public void setDeadline(Duration fromNow) {
        loop.ensureOnLoop();
        disarm();
        deadlineNanos = loop.nanos() + EventLoop.nanos(fromNow);
        arm();
    }

    /** Takes the deadline away. */
    public void clearDeadline() {
        loop.ensureOnLoop();
        disarm();
        deadlineNanos = Long.MAX_VALUE;
        arm();
    }

    private void arm() {
        if (phase != ENTERED || cancelCalled) {
            return;
        }
        if (deadlineNanos != Long.MAX_VALUE) {
            timer = loop.timers().at(deadlineNanos, this::cancel);
        }
        Objects.requireNonNull(host).deadlineChanged();
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** The first deadline of this scope and those around it. */
    long firstDeadline() {
        long first = Long.MAX_VALUE;
        for (CancelScope each = this; each != null; each = each.shielded ? null : each.outer) {
            first = Math.min(first, each.deadlineNanos);
        }
        return first;
    }

    /** Shields what is inside from scopes outside that are cancelled, or will be. */
    public void shield() {
        loop.ensureOnLoop();
        shielded = true;
        tellThoseInside();
    }

    /** Ends the shield: a cancelled scope outside is noticed at the next wait. */
    public void unshield() {
        loop.ensureOnLoop();
        shielded = false;
        tellThoseInside();
    }

    /**
     * Tells whether this scope was cancelled, by hand or by its deadline.
     *
     * @return whether it was
     */
    public boolean isCancelCalled() {
        return cancelCalled;
    }

    /**
     * Tells whether the deadline has passed.
     *
     * @return whether the time was over before the scope was left
     */
    public boolean isExpired() {
        return cancelCalled && deadlineNanos != Long.MAX_VALUE && loop.nanos() >= deadlineNanos;
    }

    /**
     * Tells whether a cancellation ended at this scope.
     *
     * @return true once the scope was left by the exception that its own cancellation threw
     */
    public boolean cancelledCaught() {
        return cancelledCaught;
    }

    boolean isEffectivelyCancelled() {
        for (CancelScope each = this; each != null; each = each.shielded ? null : each.outer) {
            if (each.cancelCalled) {
                return true;
            }
        }
        return false;
    }

    /** What a wait of a task throws: it says of the outermost cancelled scope, where it will end. */
    RuntimeException cancellationOf(Task<?> task) {
        CancelScope outermost = this;
        for (CancelScope each = this; each != null; each = each.shielded ? null : each.outer) {
            outermost = each.cancelCalled ? each : outermost;
        }
        if (outermost.group != null && outermost.host == task && outermost.group.hasFailures()) {
            return outermost.group.failureForBody();
        }
        return TaskCancelledException.ofScope("the scope around it was cancelled: " + task);
    }

    private void tellThoseInside() {
        for (Task<?> task = firstTask; task != null; ) {
            Task<?> following = task.nextInScope;
            task.scopeChanged();
            task = following;
        }
        for (CancelScope inner = firstInner; inner != null; inner = inner.nextSibling) {
            if (!inner.shielded) {
                inner.tellThoseInside();
            }
        }
    }

    void add(Task<?> task) {
        task.previousInScope = null;
        task.nextInScope = firstTask;
        if (firstTask != null) {
            firstTask.previousInScope = task;
        }
        firstTask = task;
    }

    void remove(Task<?> task) {
        if (task.previousInScope == null) {
            firstTask = task.nextInScope;
        } else {
            task.previousInScope.nextInScope = task.nextInScope;
        }
        if (task.nextInScope != null) {
            task.nextInScope.previousInScope = task.previousInScope;
        }
        task.previousInScope = null;
        task.nextInScope = null;
    }

    private void addInner(CancelScope inner) {
        inner.nextSibling = firstInner;
        if (firstInner != null) {
            firstInner.previousSibling = inner;
        }
        firstInner = inner;
    }

    private void removeInner(CancelScope inner) {
        if (inner.previousSibling == null) {
            firstInner = inner.nextSibling;
        } else {
            inner.previousSibling.nextSibling = inner.nextSibling;
        }
        if (inner.nextSibling != null) {
            inner.nextSibling.previousSibling = inner.previousSibling;
        }
        inner.previousSibling = null;
        inner.nextSibling = null;
    }
}
