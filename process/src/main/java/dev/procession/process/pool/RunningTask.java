package dev.procession.process.pool;

import dev.procession.core.Progress;
import dev.procession.core.TaskContext;
import dev.procession.process.pool.Wire.Told;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A task in its worker, and what it can know about itself. Lives on, harmless, in threads that the task has started.
 *
 * <p>Of its progress the newest is sent: at once if none was for a while, else when {@link WorkerListener} comes by, and in
 * any case before the task's outcome.
 */
final class RunningTask implements TaskContext {
    static final long PROGRESS_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    final long offer;
    private final Told told;
    private final int worker;
    private final Thread thread;
    private final Sink sink;
    private volatile boolean cancelled;

    // Guarded by this.
    private boolean over;
    private @Nullable Progress unsent;
    private long lastSentNanoTime = System.nanoTime() - PROGRESS_EVERY_NANOS;

    /** Where its progress goes. */
    interface Sink {
        void progress(long offer, Progress newest);

        /** There is progress that was not sent; somebody is to come by. */
        void onUnsent();
    }

    RunningTask(long offer, Told told, int worker, Sink sink) {
        this.offer = offer;
        this.told = told;
        this.worker = worker;
        this.thread = Thread.currentThread();
        this.sink = sink;
    }

    Thread thread() {
        return thread;
    }

    @Override
    public String taskName() {
        return told.name();
    }

    @Override
    public int workerNumber() {
        return worker;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Optional<Instant> deadline() {
        return told.deadline();
    }

    @Override
    public void progress(long done, long total, String text) {
        synchronized (this) {
            boolean awaited = unsent != null;
            unsent = new Progress(done, total, text);
            if (System.nanoTime() - lastSentNanoTime >= PROGRESS_EVERY_NANOS) {
                sendProgress();
            } else if (!awaited) {
                sink.onUnsent();
            }
        }
    }

    synchronized boolean hasUnsent() {
        return unsent != null && !over;
    }

    /** Sends what was not sent yet. */
    synchronized void sendProgress() {
        Progress newest = unsent;
        if (newest != null && !over) {
            unsent = null;
            lastSentNanoTime = System.nanoTime();
            sink.progress(offer, newest);
        }
    }

    /** Asks it to stop. The interrupt reaches the task or nobody. */
    synchronized void interrupt() {
        cancelled = true;
        if (!over) {
            thread.interrupt();
        }
    }

    /** Called by its thread; afterwards no interrupt comes, none that was ours is left, and no progress is sent. */
    void end() {
        sendProgress();
        synchronized (this) {
            over = true;
            if (cancelled) {
                boolean _ = Thread.interrupted();
            }
        }
    }
}
