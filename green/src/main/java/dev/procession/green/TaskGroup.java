package dev.procession.green;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: the one that opened the group does not get past its end before all of them have ended. Python calls
 * it {@code asyncio.TaskGroup}, trio a nursery.
 *
 * <pre>{@code
 * try (TaskGroup group = TaskGroup.open()) {
 *     group.start(() -> fetch(first));
 *     group.start(() -> fetch(second));
 * } // both have ended
 * }</pre>
 *
 * <p><b>When a task fails,</b> the group is cancelled: every wait of its other tasks throws, and so does the body's, until
 * all have ended. Then {@link #close} throws a {@link TaskGroupException} with all failures. A body that waits gets that
 * exception from its wait, and the {@code try} statement throws it once; a JDK call in which the body waits throws
 * {@link InterruptedException} as always, with the {@code TaskGroupException} suppressed in it. A task that is cancelled by
 * itself is no failure.
 *
 * <p><b>When the body throws,</b> {@code close} cannot know it, and awaits all tasks. {@link #run} knows, and cancels them
 * first.
 *
 * <p><b>When the opener is cancelled,</b> all tasks are, and then the cancellation goes on.
 *
 * <p>Belongs to the task that opened it; any task of the loop may start others in it.
 */
public final class TaskGroup implements AutoCloseable {
    private final EventLoop loop;
    private final Task<?> opener;
    private final CancelScope scope;
    private final List<Throwable> failures = new ArrayList<>();
    private int living;
    private boolean closed;

    private TaskGroup(Task<?> opener) {
        this.loop = opener.loop;
        this.opener = opener;
        this.scope = new CancelScope(loop, this);
    }

    /**
     * Opens a group, to be closed by the same task in a {@code try} statement.
     *
     * @return the group
     * @throws IllegalStateException if the current thread is no task
     */
    public static TaskGroup open() {
        TaskGroup group = new TaskGroup(Task.current());
        group.scope.enter(group.opener);
        return group;
    }

    /** What is done with a group open. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @param group starts tasks
         * @throws Exception whatever; the group has failed then
         */
        void run(TaskGroup group) throws Exception;
    }

    /**
     * Does something with a group open, and awaits all its tasks. What the body throws cancels them, and is one of the
     * failures. When somebody calls {@link #cancel()}, the body is cancelled as well, and this returns.
     *
     * @param body starts tasks
     * @throws TaskGroupException if a task or the body failed
     * @throws TaskCancelledException if the current task is cancelled from outside the group
     */
    public static void run(Body body) {
        TaskGroup group = open();
        try {
            body.run(group);
        } catch (Throwable thrown) {
            group.bodyThrew(thrown);
            return;
        }
        group.close();
    }

    private void bodyThrew(Throwable thrown) {
        boolean interruption = Interruptions.isOne(thrown);
        boolean ofScope = interruption || (thrown instanceof TaskCancelledException cancelled && cancelled.isByScope());
        boolean ofGroup =
                (thrown instanceof TaskGroupException && hasFailures()) || (ofScope && opener.isScopeCancelled());
        boolean ofTask = !ofGroup && (interruption || thrown instanceof TaskCancelledException);
        if (!ofGroup && !ofTask) {
            failures.add(thrown);
        }
        scope.cancel();
        finish(ofTask ? thrown : null);
    }

    /**
     * Starts a task in this group.
     *
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     * @throws IllegalStateException if the group has ended
     */
    public <T extends @Nullable Object> Task<T> start(Callable<? extends T> body) {
        return start(loop.nextTaskName(), body);
    }

    /**
     * Starts a task without result in this group.
     *
     * @param body what it does
     * @return the task, which has not run yet
     * @throws IllegalStateException if the group has ended
     */
    public Task<@Nullable Void> start(TaskAction body) {
        return start(EventLoop.callable(body));
    }

    /**
     * Starts a task in this group.
     *
     * @param name the task's name
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     * @throws IllegalStateException if the group has ended
     */
    public <T extends @Nullable Object> Task<T> start(String name, Callable<? extends T> body) {
        loop.ensureOnLoop();
        if (closed) {
            throw new IllegalStateException("the task group has ended: opened by " + opener);
        }
        Task<T> task = loop.createTask(name, this, body);
        task.moveTo(scope);
        task.scopeChanged();
        living++;
        return task;
    }

    /**
     * Makes work that is done elsewhere a member of this group: a child process, a pool's task. The group awaits it, its
     * failure is a failure of the group, and cancelling the group cancels it and awaits its end; that of a pool's task is
     * {@link dev.procession.core.TaskFuture#gone}.
     *
     * @param work what is under way
     * @param <T> the type of its result
     * @return a task that waits for it
     * @throws IllegalStateException if the group has ended
     */
    public <T extends @Nullable Object> Task<T> add(Future<T> work) {
        Task<T> waiting = start("waiting for " + work, () -> Outside.await(loop, work));
        waiting.startEvenIfCancelled(); // or else the work would go on
        return waiting;
    }

    /**
     * What a task that is waited for by {@link #startAndAwait} does.
     *
     * @param <V> what it tells when it is ready
     */
    @FunctionalInterface
    public interface Service<V extends @Nullable Object> {
        /**
         * Does it.
         *
         * @param started to be told once, when the service is ready
         * @throws Exception whatever
         */
        void run(Started<V> started) throws Exception;
    }

    /**
     * Whom a service tells that it is ready.
     *
     * @param <V> what it tells
     */
    @FunctionalInterface
    public interface Started<V extends @Nullable Object> {
        /**
         * Lets {@link #startAndAwait} return.
         *
         * @param value what that returns
         * @throws IllegalStateException if it was told before
         */
        void started(V value);
    }

    /**
     * Starts a task in this group and waits until it says that it is ready. A failure before that is the caller's, not the
     * group's. trio calls it {@code nursery.start}.
     *
     * @param service what the task does
     * @param <V> what it tells when it is ready
     * @return what it told
     * @throws CompletionException if it failed before it was ready; the cause is what it threw
     * @throws IllegalStateException if it ended before it was ready, or the group has ended
     * @throws TaskCancelledException if the calling task is cancelled meanwhile; the service is cancelled then
     */
    public <V extends @Nullable Object> V startAndAwait(Service<V> service) {
        Promise<V> ready = Promise.on(loop);
        Task<?> task = start(() -> {
            try {
                service.run(ready::complete);
            } catch (Throwable thrown) {
                if (ready.isDone()) {
                    throw thrown;
                }
                ready.fail(thrown);
            }
            if (!ready.isDone()) {
                ready.fail(new IllegalStateException("the service ended without saying that it started"));
            }
        });
        task.addDoneCallback(_ -> {
            if (!ready.isDone()) {
                ready.cancel(false); // it was cancelled before it ran
            }
        });
        try {
            Tasks.awaitEnd(ready);
        } catch (Throwable interrupted) {
            task.cancel();
            throw interrupted;
        }
        return ready.join();
    }

    /**
     * Cancels all tasks of this group for good, and its body. No failure: {@link #close} then returns as usual.
     */
    public void cancel() {
        scope.cancel();
    }

    /**
     * The scope that all tasks of this group and its body are in.
     *
     * @return the scope, for a deadline say
     */
    public CancelScope scope() {
        return scope;
    }

    /**
     * Waits until all tasks of this group have ended. It ends, and nothing can be started in it any more.
     *
     * @throws TaskGroupException if tasks failed
     * @throws TaskCancelledException if the current task is cancelled from outside the group meanwhile
     * @throws IllegalStateException if it is not the task that opened it, or a scope inside is open
     */
    @Override
    public void close() {
        if (!closed) {
            finish(null);
        }
    }

    private void finish(@Nullable Throwable cancellationOfOpener) {
        if (Task.currentOrNull() != opener || opener.scope() != scope) {
            throw new IllegalStateException(
                    "a task group is closed by the task that opened it, after the scopes inside it: " + "opened by "
                            + opener + ", closed by " + Task.currentOrNull());
        }
        Throwable pending = cancellationOfOpener;
        while (living > 0) {
            opener.suspendQuietly(this);
            Throwable injected = opener.takeInjected();
            if (injected != null) {
                pending = pending == null ? injected : pending;
                scope.cancel();
            }
        }
        closed = true;
        boolean _ = scope.leave(null);
        if (hasFailures()) {
            TaskGroupException all = TaskGroupException.ofEnded(failures);
            if (pending != null) {
                all.addSuppressed(pending);
            }
            throw all;
        }
        if (pending != null) {
            throw EventLoop.<RuntimeException>unchecked(pending);
        }
        if (opener.isScopeCancelled()) {
            opener.checkpoint();
        }
    }

    void taskEnded(Task<?> task) {
        living--;
        if (task.state() == Future.State.FAILED) {
            failures.add(task.exceptionNow());
            scope.cancel();
        }
        if (living == 0) {
            opener.fiber().resume();
        }
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    RuntimeException failureForBody() {
        return TaskGroupException.ofRunning(failures);
    }

    @Override
    public String toString() {
        return "the end of the " + living + " task(s) of the group opened by " + opener.name();
    }
}
