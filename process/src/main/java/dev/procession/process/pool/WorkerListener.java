package dev.procession.process.pool;

import dev.procession.shm.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * The second thread of a worker: it holds the channel's life word, by which the pool learns of this process's end, and
 * hears what the pool says while the first thread is in a task.
 */
final class WorkerListener implements Runnable {
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Channel channel;
    private final WorkerLoop worker;
    private volatile boolean ended;

    WorkerListener(Channel channel, WorkerLoop worker) {
        this.channel = channel;
        this.worker = worker;
    }

    void start() {
        Thread.ofPlatform().daemon().name("procession-worker-listener").start(this);
    }

    /** Ends it soon: a JVM that exits waits for threads that are asleep in the kernel. */
    void end() {
        ended = true;
        channel.orders().ring();
    }

    @Override
    public void run() {
        channel.live();
        long interrupted = 0;
        long dumped = 0;
        while (!ended) {
            int bell = channel.orders().bell();
            RunningTask task = worker.current();
            if (channel.orders().interrupted() != interrupted) {
                interrupted = channel.orders().interrupted();
                if (task != null && task.offer == interrupted) {
                    task.interrupt();
                }
            }
            if (channel.orders().dumped() != dumped) {
                dumped = channel.orders().dumped();
                if (task != null && task.offer == dumped) {
                    worker.tellStuck(task);
                }
            }
            if (task != null && task.hasUnsent()) {
                channel.orders().await(bell, RunningTask.PROGRESS_EVERY_NANOS);
                task.sendProgress();
            } else {
                channel.orders().await(bell, IDLE_NANOS);
            }
        }
    }
}
