package dev.procession.green;

import dev.procession.core.Progress;
import dev.procession.core.TaskContext;
import dev.procession.core.spi.PoolTask;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pool's task while a green task runs it. Its thread runs nothing else, so an interrupt can hit no other. */
final class GreenRun implements TaskContext {
    private final PoolTask<?> task;
    private final Thread thread = Thread.currentThread();
    private final Optional<Instant> deadline;

    GreenRun(PoolTask<?> task) {
        this.task = task;
        this.deadline = task.options().deadline().map(Instant.now()::plus);
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Where the task is now, as a cause to be shown. */
    @Nullable
    Throwable whereabouts() {
        Throwable stack = new Throwable("the task ignores its interrupt; it is here: task=" + task.name());
        stack.setStackTrace(thread.getStackTrace());
        return stack;
    }

    @Override
    public String taskName() {
        return task.name();
    }

    /** One: a green pool has one thread. */
    @Override
    public int workerNumber() {
        return 1;
    }

    @Override
    public boolean isCancelled() {
        return task.isAskedToStop();
    }

    @Override
    public Optional<Instant> deadline() {
        return deadline;
    }

    @Override
    public void progress(long done, long total, String text) {
        task.progress(new Progress(done, total, text));
    }
}
