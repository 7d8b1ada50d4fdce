package dev.procession.green.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that runs only while its runner waits for it. A body that waits elsewhere, in a lock say, keeps its runner
 * waiting as well, as it would on the runner's own thread.
 */
final class ThreadCoroutine extends Coroutine {
    private final Thread thread;
    private boolean started;
    private volatile boolean mayRun;
    private volatile boolean done;

    /** Who waits for the body to suspend or end; null while the body may not run. */
    private volatile @Nullable Thread runner;

    ThreadCoroutine(Runnable body) {
        thread = Thread.ofVirtual().name("procession-coroutine").unstarted(() -> {
            try {
                body.run();
            } finally {
                done = true;
                giveBack();
            }
        });
    }

    @Override
    public void run() {
        if (done) {
            throw new IllegalStateException("the coroutine has ended");
        }
        runner = Thread.currentThread();
        mayRun = true;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
        boolean interrupted = false;
        while (mayRun) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void suspend() {
        giveBack();
        boolean interrupted = false;
        while (!mayRun) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack() {
        Thread waiting = runner;
        mayRun = false;
        LockSupport.unpark(waiting);
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
