package dev.procession.process.pool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that is there as long as calls are, so that a program whose main has returned waits for them, and then ends. It
 * looks a few times a second: to be told of each call would cost more than the call.
 */
final class Presence implements Runnable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int QUIET_LOOKS = 2;

    private final String pool;
    private final BooleanSupplier hasCalls;

    /** Guarded by this; read without, as a hint. */
    private volatile @Nullable Thread thread;

    Presence(String pool, BooleanSupplier hasCalls) {
        this.pool = pool;
        this.hasCalls = hasCalls;
    }

    /** Called after a call was put in. */
    void ensure() {
        if (thread == null) {
            begin();
        }
    }

    private synchronized void begin() {
        if (thread == null && hasCalls.getAsBoolean()) {
            thread = Thread.ofPlatform()
                    .daemon(false)
                    .name("procession-calls-" + pool)
                    .stackSize(128 << 10)
                    .start(this);
        }
    }

    /** Ends it now rather than soon: there are no more calls. */
    boolean end() {
        Thread here = thread;
        if (here != null) {
            LockSupport.unpark(here);
        }
        return true;
    }

    @Override
    public void run() {
        int quiet = 0;
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            quiet = hasCalls.getAsBoolean() ? 0 : quiet + 1;
            if (quiet >= QUIET_LOOKS) {
                synchronized (this) {
                    if (!hasCalls.getAsBoolean()) {
                        thread = null;
                        return;
                    }
                }
            }
        }
    }
}
