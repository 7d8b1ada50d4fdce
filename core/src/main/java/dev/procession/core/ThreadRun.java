package dev.procession.core;

import dev.procession.core.spi.PoolTask;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task while a thread runs it: what the task sees of itself, and the one way to interrupt it and nobody else. */
final class ThreadRun implements TaskContext {
    private final PoolTask<?> task;
    private final int workerNumber;
    private final Optional<Instant> deadline;

    // Guarded by this, so that an interrupt never hits what the thread does after the task.
    private @Nullable Thread thread = Thread.currentThread();
    private boolean interrupted;

    /** What the task waits for, if that is another task of its pool. Written by its thread. */
    private volatile Starvation.@Nullable WaitFor waitFor;

    ThreadRun(PoolTask<?> task, int workerNumber) {
        this.task = task;
        this.workerNumber = workerNumber;
        this.deadline = task.options().deadline().map(Instant.now()::plus);
    }

    synchronized void interrupt() {
        if (thread != null) {
            interrupted = true;
            thread.interrupt();
        }
    }

    PoolTask<?> task() {
        return task;
    }

    Starvation.@Nullable WaitFor waitFor() {
        return waitFor;
    }

    void waitFor(Starvation.@Nullable WaitFor wait) {
        waitFor = wait;
    }

    synchronized boolean isOfCurrentThread() {
        return Thread.currentThread().equals(thread);
    }

    /** Whether a worker runs the task, rather than who submitted it. */
    boolean isWorkers() {
        return workerNumber > 0;
    }

    /** To be called by the thread when the task has ended. */
    synchronized void end() {
        thread = null;
        if (interrupted) {
            Thread.interrupted(); // meant for the task alone
        }
    }

    /** Where the thread is now, as a cause to be shown; null if the task has ended. */
    synchronized @Nullable Throwable whereabouts() {
        if (thread == null) {
            return null;
        }
        var stack = new Throwable("the task ignores its interrupt; its thread is here: thread=" + thread.getName());
        stack.setStackTrace(thread.getStackTrace());
        return stack;
    }

    @Override
    public String taskName() {
        return task.name();
    }

    @Override
    public int workerNumber() {
        return workerNumber;
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
