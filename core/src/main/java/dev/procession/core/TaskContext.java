package dev.procession.core;

import dev.procession.core.spi.TaskScope;
import java.time.Instant;
import java.util.Optional;

/**
 * What a task can know about itself while it runs in a {@link Pool}, and what it can tell those who wait for it.
 *
 * <pre>{@code
 *   pool.submit(() -> {
 *       TaskContext task = TaskContext.current();
 *       for (int page = 0; page < pages && !task.isCancelled(); page++) {
 *           render(page);
 *           task.progress(page + 1, pages, "rendering");
 *       }
 *   });
 * }</pre>
 *
 * <p>It is bound to the thread that runs the task (a {@link ScopedValue}), and to subtasks of a structured scope the task
 * opens; not to threads it starts by itself, to which it can be handed. Usable by any thread.
 */
public interface TaskContext {
    /**
     * The task this thread runs.
     *
     * @return its context
     * @throws IllegalStateException if this thread runs no task of a pool
     */
    static TaskContext current() {
        return find().orElseThrow(() -> new IllegalStateException("this thread runs no task of a pool: thread="
                + Thread.currentThread().getName()));
    }

    /**
     * The task this thread runs, for code that runs outside of pools as well.
     *
     * @return its context, or empty if this thread runs no task of a pool
     */
    static Optional<TaskContext> find() {
        return TaskScope.current();
    }

    /**
     * What the task is called.
     *
     * @return the name given by {@link TaskOptions#withName}, or one with its number
     */
    String taskName();

    /**
     * Which worker of the pool runs it.
     *
     * @return the worker's number, from 1 on; 0 if the submitting thread runs it because the queue was full
     */
    int workerNumber();

    /**
     * Which process runs it.
     *
     * @return a process id
     */
    default long pid() {
        return ProcessHandle.current().pid();
    }

    /**
     * Tells whether nobody waits for the result any more: the future was cancelled or completed by somebody else, the
     * deadline has passed, or the pool was told {@code shutdownNow}. The thread was interrupted too.
     *
     * @return true if the task should end
     */
    boolean isCancelled();

    /**
     * When the task will be asked to stop.
     *
     * @return the time of its deadline, empty if it has none
     */
    Optional<Instant> deadline();

    /**
     * Tells how far the task has come: {@link TaskFuture#progress} shows it. Cheap enough for an inner loop; listeners see
     * the newest, not each.
     *
     * @param done how many steps are done
     * @param total how many there are; zero or less if that is not known
     * @param text what it is at
     */
    void progress(long done, long total, String text);
}
