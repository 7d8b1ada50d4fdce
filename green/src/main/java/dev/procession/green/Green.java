package dev.procession.green;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future.State;
import org.jspecify.annotations.Nullable;

/**
 * Green tasks without ceremony, as gevent has them: spawn some, join them.
 *
 * <pre>{@code
 * Task<?> a = Green.spawn(() -> fetch("a"));
 * Task<?> b = Green.spawn(() -> fetch("b"));
 * Green.joinAll(a, b);   // as long as the slower of the two
 * }</pre>
 *
 * <p>On a loop these calls use that loop. On any other thread they use the thread's own, its hub, which runs only while the
 * thread waits in one of these calls or for the result of one of its tasks: so a spawned task does not begin before that, and
 * never runs beside the code that spawned it. A hub's tasks that nobody waits for any more stay where they are.
 *
 * <p>What gevent patches need not be: ordinary blocking calls suspend the task alone. Of its other tools, links are
 * {@link LoopFuture#addDoneCallback}, and what is local to a task is a {@link ThreadLocal}, since each task has a thread.
 */
public final class Green {
    private static final ThreadLocal<EventLoop> HUB = ThreadLocal.withInitial(EventLoop::hub);

    private Green() {}

    private static EventLoop loop() {
        EventLoop current = EventLoop.currentOrNull();
        return current == null ? HUB.get() : current;
    }

    /** Does something that waits, as a task: the current one, or one of the hub. */
    private static <T extends @Nullable Object> T waiting(Callable<? extends T> wait) {
        try {
            return Task.currentOrNull() == null ? loop().runUntilComplete(wait) : wait.call();
        } catch (Exception thrown) {
            throw EventLoop.<RuntimeException>unchecked(thrown);
        }
    }

    /**
     * Starts a task.
     *
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which has not run yet
     */
    public static <T extends @Nullable Object> Task<T> spawn(Callable<? extends T> body) {
        return loop().createTask(body);
    }

    /**
     * Starts a task without result.
     *
     * @param body what it does
     * @return the task, which has not run yet
     */
    public static Task<@Nullable Void> spawn(TaskAction body) {
        return spawn(EventLoop.callable(body));
    }

    /**
     * Starts a task that begins when a time is over.
     *
     * @param delay how long from now
     * @param body what it does
     * @param <T> the type of its result
     * @return the task, which waits
     */
    public static <T extends @Nullable Object> Task<T> spawnLater(Duration delay, Callable<? extends T> body) {
        EventLoop loop = loop();
        long begin = loop.nanos() + EventLoop.nanos(delay);
        return loop.createTask(() -> {
            EventLoop.sleep(Duration.ofNanos(begin - loop.nanos()));
            return body.call();
        });
    }

    /**
     * Lets the caller wait and others run.
     *
     * @param time how long; zero lets all that are ready run
     * @throws TaskCancelledException if the calling task is cancelled
     */
    public static void sleep(Duration time) {
        waiting(EventLoop.callable(() -> EventLoop.sleep(time)));
    }

    /**
     * Waits until tasks have ended, however.
     *
     * @param tasks what to wait for
     */
    public static void joinAll(Task<?>... tasks) {
        joinAll(Arrays.asList(tasks));
    }

    /**
     * Waits until tasks have ended, however.
     *
     * @param tasks what to wait for
     */
    public static void joinAll(Collection<? extends Task<?>> tasks) {
        waiting(() -> Tasks.wait(List.copyOf(tasks)));
    }

    /**
     * Waits until tasks have ended, however, for some time at most.
     *
     * @param tasks what to wait for
     * @param timeout how long
     * @return those that have ended, in the order given
     */
    public static List<Task<?>> joinAll(Collection<? extends Task<?>> tasks, Duration timeout) {
        return waiting(() -> List.copyOf(Tasks.<Task<?>>wait(List.copyOf(tasks), Tasks.Until.ALL_COMPLETED, timeout)
                .done()));
    }

    /**
     * Waits until tasks have ended, or one has failed. gevent calls it {@code joinall(..., raise_error=True)}.
     *
     * @param tasks what to wait for
     * @throws CompletionException if one failed; the cause is what it threw
     */
    public static void joinAllOrThrow(Collection<? extends Task<?>> tasks) {
        waiting(EventLoop.callable(() -> {
            Tasks.wait(List.<Task<?>>copyOf(tasks), Tasks.Until.FIRST_EXCEPTION);
            for (Task<?> task : tasks) {
                if (task.state() == State.FAILED) {
                    task.join();
                }
            }
        }));
    }

    /**
     * Gives tasks as they end. The iterator's {@code next} waits.
     *
     * @param tasks what to wait for
     * @param <T> the type of their results
     * @return each of them once
     */
    public static <T extends @Nullable Object> Iterable<Task<T>> iwait(Collection<Task<T>> tasks) {
        Iterator<Task<T>> ended =
                waiting(() -> Tasks.<Task<T>>asCompleted(tasks).iterator());
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return ended.hasNext();
            }

            @Override
            public Task<T> next() {
                return waiting(ended::next);
            }
        };
    }

    /**
     * Ends a task and waits for its end: its wait throws a {@link GreenletExit}, or {@link InterruptedException} where it
     * waits in the JDK. One that has not started never does. A task so ended has succeeded, with {@link Task#exit} for its
     * outcome.
     *
     * @param task whom to end
     */
    public static void kill(Task<?> task) {
        killAll(List.of(task));
    }

    /**
     * Ends tasks and waits for their ends, like {@link #kill}.
     *
     * @param tasks whom to end
     */
    public static void killAll(Collection<? extends Task<?>> tasks) {
        // Before the wait, in which a hub would start the tasks that came before it.
        for (Task<?> task : tasks) {
            task.loop.ensureOnLoop();
            task.kill(new GreenletExit());
        }
        waiting(EventLoop.callable(() -> Tasks.wait(List.<Task<?>>copyOf(tasks))));
    }

    /**
     * Makes a call, but gives up when a time is over.
     *
     * @param timeout how long it may take
     * @param fallback what to return when it takes longer
     * @param body what to do; its wait throws when the time is over
     * @param <T> the type of the result
     * @return the call's result, or the fallback
     * @throws Exception what it throws
     */
    public static <T extends @Nullable Object> T withTimeout(Duration timeout, T fallback, Callable<? extends T> body)
            throws Exception {
        Callable<T> bounded = () -> {
            try (Deadline deadline = Deadline.after(timeout)) {
                try {
                    return body.call();
                } catch (DeadlineException over) {
                    if (over.deadline() != deadline) {
                        throw over;
                    }
                    return fallback;
                } catch (Exception interrupted) {
                    if (!deadline.isExpired() || !Interruptions.isOne(interrupted)) {
                        throw interrupted;
                    }
                    return fallback;
                }
            }
        };
        return Task.currentOrNull() == null ? loop().runUntilComplete(bounded) : bounded.call();
    }
}
