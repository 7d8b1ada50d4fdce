package dev.procession.green;

import dev.procession.core.DeadlockException;
import dev.procession.green.engine.Dispatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a loop: which tasks live, when it may stop, what it waits for when nothing is ready, and whom to remind that
 * they are cancelled.
 */
final class LoopKeeper implements Dispatcher.Keeper {
    /** When a run of the loop is over. */
    enum Until {
        MAIN_HAS_ENDED,
        /** When the main task has ended, the others are cancelled. */
        ALL_HAVE_ENDED
    }

    private enum Phase {
        AT_REST,
        RUNNING,
        CLOSED
    }

    private static final int MOST_UNREAD = 1000;
    private static final int MOST_SEARCHED = 100_000;
    private static final int MOST_DEADLOCKS = 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_REMINDER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_REMINDER_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

    private final EventLoop loop;
    private final Dispatcher dispatcher;
    private final LoopClock clock;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.AT_REST);

    // The rest is touched on the loop, or while it is at rest.
    private @Nullable Task<?> firstAlive;
    private @Nullable Task<?> lastAlive;
    private int alive;
    private final List<Task<?>> reminded = new ArrayList<>();
    private final Deque<Task<?>> unread = new ArrayDeque<>();

    /** Calls under way outside, each of which will come back. */
    private int outsideWork;

    private boolean openToOutside;
    private @Nullable Task<?> main;
    private Until until = Until.MAIN_HAS_ENDED;
    private boolean cleaningUp;
    private boolean stopping;
    private int deadlocks;
    private long idleSinceNanos;
    private boolean idle;
    private boolean idleReported;

    LoopKeeper(EventLoop loop, Dispatcher dispatcher, LoopClock clock) {
        this.loop = loop;
        this.dispatcher = dispatcher;
        this.clock = clock;
    }

    void ensureMayRun() {
        EventLoop current = EventLoop.currentOrNull();
        if (current != null) {
            throw new IllegalStateException(
                    "a loop cannot be run from inside a running loop: start a task there; running=" + current);
        }
        if (phase.get() != Phase.AT_REST) {
            throw new IllegalStateException(
                    "the loop is " + (phase.get() == Phase.CLOSED ? "closed: " : "running already: ") + loop);
        }
    }

    @SuppressWarnings("NullAway") // the phase is never null
    void ensureOnLoopOrAtRest() {
        switch (phase.get()) {
            case RUNNING -> {
                if (!loop.isOnLoop()) {
                    throw new IllegalStateException("this call is made on the loop; from other threads use "
                            + "callSoonThreadsafe: loop=" + loop + ", thread="
                            + Thread.currentThread().getName());
                }
            }
            case AT_REST -> {}
            case CLOSED -> throw new IllegalStateException("the loop is closed: " + loop);
        }
    }

    <T extends @Nullable Object> T run(Task<T> task, Until untilWhen) throws Exception {
        boolean interrupted = drive(task, untilWhen);
        LoopFuture.Outcome<T> outcome = task.outcome();
        if (interrupted && task.isCancelled()) {
            throw new InterruptedException("interrupted while loop " + loop + " ran; its main task was cancelled");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return switch (outcome) {
            case null -> throw new IllegalStateException("the loop ended before its main task: " + loop);
            case LoopFuture.Outcome.Value<T>(T value) -> value;
            case LoopFuture.Outcome.Failure<T>(Throwable error) -> throw EventLoop.<RuntimeException>unchecked(error);
            case LoopFuture.Outcome.Cancelled<T>(Throwable reason) -> {
                CancellationException cancelled = new CancellationException("the main task was cancelled: " + loop);
                cancelled.initCause(reason);
                throw cancelled;
            }
        };
    }

    /** Lets a thread of the loop's own drive it, and waits. Tells whether the current thread was interrupted meanwhile. */
    private boolean drive(@Nullable Task<?> task, Until untilWhen) throws InterruptedException {
        if (!phase.compareAndSet(Phase.AT_REST, Phase.RUNNING)) {
            throw new IllegalStateException("the loop is running already: " + loop);
        }
        main = task;
        until = untilWhen;
        stopping = false;
        cleaningUp = false;
        FutureTask<@Nullable Void> driving = new FutureTask<>(this::driveHere, null);
        Thread driver = dispatcher.driverThread(loop.name(), driving);
        driver.start();
        boolean interrupted = false;
        while (true) {
            try {
                driver.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                if (task != null) {
                    loop.callSoonThreadsafe(task::cancel);
                }
            }
        }
        phase.set(Phase.AT_REST);
        try {
            driving.get();
        } catch (ExecutionException fault) {
            throw EventLoop.<RuntimeException>unchecked(fault.getCause() == null ? fault : fault.getCause());
        }
        return interrupted;
    }

    private void driveHere() {
        EventLoop.drives(loop);
        LoopWatch.watch(loop);
        try {
            dispatcher.drive(this);
        } finally {
            LoopWatch.forget(loop);
            EventLoop.drives(null);
        }
    }

    void close() {
        if (phase.get() == Phase.CLOSED) {
            return;
        }
        ensureMayRun();
        try {
            if (alive > 0) {
                if (drive(null, Until.ALL_HAVE_ENDED)) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            phase.set(Phase.CLOSED);
            dispatcher.close();
            loop.closeSelector();
            unread.forEach(this::reportUnread);
            unread.clear();
        }
    }

    // Tasks.

    void add(Task<?> task) {
        task.previousAlive = lastAlive;
        if (lastAlive == null) {
            firstAlive = task;
        } else {
            lastAlive.nextAlive = task;
        }
        lastAlive = task;
        alive++;
        if (cleaningUp) {
            task.cancel();
        }
    }

    void ended(Task<?> task, LoopFuture.Outcome<?> outcome) {
        if (task.previousAlive == null) {
            firstAlive = task.nextAlive;
        } else {
            task.previousAlive.nextAlive = task.nextAlive;
        }
        if (task.nextAlive == null) {
            lastAlive = task.previousAlive;
        } else {
            task.nextAlive.previousAlive = task.previousAlive;
        }
        task.previousAlive = null;
        task.nextAlive = null;
        alive--;
        task.moveTo(null);
        boolean observed = task == main || task.isObserved();
        task.settleAs(outcome);
        if (task.group() != null) {
            task.group().taskEnded(task);
        } else if (!observed && task.state() == State.FAILED && loop.isHub()) {
            reportUnread(task); // a hub has no end
        } else if (!observed && task.state() == State.FAILED) {
            if (unread.size() == MOST_UNREAD) {
                reportUnread(unread.remove());
            }
            unread.add(task);
        }
        dispatcher.wakeIfIdle();
    }

    private void reportUnread(Task<?> task) {
        if (!task.isObserved()) {
            loop.report("nobody asked for the error of " + task, task.exceptionNow());
        }
    }

    List<Task<?>> tasks() {
        List<Task<?>> living = new ArrayList<>(alive);
        for (Task<?> task = firstAlive; task != null; task = task.nextAlive) {
            living.add(task);
        }
        return living;
    }

    /**
     * Looks, from another thread, for the task that is mounted on the loop's thread. The list may change under the search: it
     * may miss the task, or end early, and is for a report only.
     */
    @Nullable
    Thread mountedThread() {
        String carrier = "@" + loop.name();
        Task<?> task = firstAlive;
        for (int steps = 0; task != null && steps < MOST_SEARCHED; steps++) {
            Thread thread = task.fiber().thread();
            if (thread.toString().endsWith(carrier)) {
                return thread;
            }
            task = task.nextAlive;
        }
        return null;
    }

    // What else can wake the loop.

    void mayBeWokenFromOutside() {
        openToOutside = true;
    }

    void outsideWorkStarts() {
        outsideWork++;
    }

    void outsideWorkEnded() {
        outsideWork--;
    }

    // The loop's questions.

    @Override
    public boolean isDone() {
        boolean over = main == null || main.isDone();
        if (over && until == Until.ALL_HAVE_ENDED) {
            if (!cleaningUp) {
                cleaningUp = true;
                tasks().forEach(Task::cancel);
            }
            over = alive == 0;
        }
        if (!over) {
            return false;
        }
        boolean callbacksHadTheirTurn = stopping;
        stopping = true;
        return callbacksHadTheirTurn;
    }

    @Override
    public void roundEnded() {
        idle = false;
        deadlocks = stopping ? 0 : deadlocks;
        if (!reminded.isEmpty()) {
            remindAll();
        }
    }

    @Override
    public long idle() {
        if (stopping) {
            return 0;
        }
        long wait = reminded.isEmpty() ? Long.MAX_VALUE : remindAll();
        boolean othersMayWake = alive > dispatcher.suspendedCount() || outsideWork > 0;
        long next = dispatcher.timers().nanosToNext();
        if (next != Long.MAX_VALUE) {
            if (!clock.isVirtual()) {
                return Math.min(wait, next);
            }
            if (!othersMayWake) {
                clock.jump(next);
                return 0;
            }
            return Math.min(wait, impatience("the virtual clock does not jump"));
        }
        if (othersMayWake) {
            return wait;
        }
        if (openToOutside) {
            return Math.min(wait, impatience("nothing on the loop can go on unless another thread wakes it"));
        }
        breakDeadlock();
        return 0;
    }

    /** Says after a second why nothing happens, once. Tells how long to wait until then. */
    private long impatience(String what) {
        long now = System.nanoTime();
        if (!idle) {
            idle = true;
            idleReported = false;
            idleSinceNanos = now;
        }
        if (idleReported) {
            return Long.MAX_VALUE;
        }
        long left = idleSinceNanos + PATIENCE_NANOS - now;
        if (left > 0) {
            return left;
        }
        idleReported = true;
        System.getLogger("dev.procession.green")
                .log(System.Logger.Level.WARNING, what + ":\n" + String.join("\n", describe()));
        return Long.MAX_VALUE;
    }

    private void breakDeadlock() {
        String waiters = tasks().stream()
                .map(task -> task.name() + " waits for " + task.waitsFor().orElse("nothing"))
                .collect(Collectors.joining("; "));
        DeadlockException deadlock = new DeadlockException("nobody on loop " + loop + " can go on: " + waiters);
        if (++deadlocks > MOST_DEADLOCKS) {
            throw deadlock; // they catch it, and wait again
        }
        if (main != null && !main.isDone()) {
            main.inject(deadlock);
        } else {
            tasks().forEach(task -> task.inject(deadlock));
        }
    }

    // Reminders to those who wait in the JDK though their scope is cancelled.

    void remind(Task<?> task) {
        task.reminderPauseNanos = FIRST_REMINDER_NANOS;
        task.nextReminderNanos = System.nanoTime() + FIRST_REMINDER_NANOS;
        reminded.add(task);
    }

    /** Interrupts those who wait again. Tells how long until the next is to be reminded. */
    private long remindAll() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (int i = reminded.size() - 1; i >= 0; i--) {
            Task<?> task = reminded.get(i);
            if (task.isDone() || !task.isScopeCancelled()) {
                Task<?> last = reminded.removeLast();
                if (last != task) {
                    reminded.set(i, last);
                }
            } else if (task.nextReminderNanos - now <= 0) {
                if (!task.fiber().isSuspended() && waitsInTheJdk(task)) {
                    task.fiber().thread().interrupt();
                }
                task.reminderPauseNanos = Math.min(2 * task.reminderPauseNanos, LONGEST_REMINDER_NANOS);
                task.nextReminderNanos = now + task.reminderPauseNanos;
                next = Math.min(next, task.reminderPauseNanos);
            } else {
                next = Math.min(next, task.nextReminderNanos - now);
            }
        }
        return next;
    }

    private static boolean waitsInTheJdk(Task<?> task) {
        Thread.State state = task.fiber().thread().getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    // Description.

    List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("loop " + loop + ": " + alive + " task(s), "
                + dispatcher.timers().size() + " timer(s), " + outsideWork + " call(s) outside");
        List<Task<?>> living = tasks();
        for (Task<?> task : living) {
            if (task.creator() == null || !living.contains(task.creator())) {
                describe(task, living, "  ", lines);
            }
        }
        return lines;
    }

    private static void describe(Task<?> task, List<Task<?>> living, String indent, List<String> lines) {
        String doing = task.waitsFor().map(what -> "waits for " + what).orElseGet(() -> {
            if (!task.isStarted()) {
                return "has not started";
            }
            StackTraceElement[] stack = task.stack();
            return waitsInTheJdk(task) && stack.length > 0 ? "waits in " + stack[0] : "is ready";
        });
        lines.add(indent + task.name() + " " + doing);
        for (Task<?> child : living) {
            if (child.creator() == task) {
                describe(child, living, indent + "  ", lines);
            }
        }
    }
}
