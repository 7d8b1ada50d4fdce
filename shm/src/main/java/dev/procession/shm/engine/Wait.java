package dev.procession.shm.engine;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread's wait for something in shared memory, however many times it has to look.
 *
 * <p>A wait goes by slices of at most 20 ms. Whoever waits looks at everything that could end its wait before each slice:
 * the cell itself, whether its owner has died, interrupt, time. So a wake-up that is lost because its sender or its
 * receiver was killed between a store and a system call delays others by a slice, and hangs nobody.
 *
 * <pre>
 *   try (Wait wait = Wait.interruptibly(timeoutNanos)) {
 *       for (;;) {
 *           int seen = ...;                          // what the cell says; return if it is what we want
 *           switch (wait.pause(cells, offset, seen)) {
 *               case LOOK_AGAIN -> {}
 *               case TIMED_OUT -> ...
 *               case INTERRUPTED -> ...
 *           }
 *       }
 *   }
 * </pre>
 *
 * <p>Used by one thread. An uninterruptible wait holds an interrupt back and restores it when closed.
 */
public final class Wait implements AutoCloseable {
    /** A time-out that never comes. */
    public static final long FOREVER_NANOS = Long.MAX_VALUE;

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What a pause ended with. */
    public enum Outcome {
        /** Something may have changed, or the slice is over. */
        LOOK_AGAIN,
        /** The time is up; nothing was waited for. */
        TIMED_OUT,
        /** The thread was interrupted, and its interrupt status is now clear; nothing was waited for. */
        INTERRUPTED
    }

    private final boolean interruptible;
    private final boolean endless;
    private final long deadlineNanoTime;
    private final @Nullable DeadlockWatch watch;
    private boolean heldBack;

    private Wait(boolean interruptible, long timeoutNanos, @Nullable DeadlockWatch watch) {
        this.watch = watch;
        this.interruptible = interruptible;
        this.endless = timeoutNanos == FOREVER_NANOS;
        this.deadlineNanoTime = endless ? 0 : System.nanoTime() + Math.max(0, timeoutNanos);
    }

    /**
     * A wait that an interrupt ends.
     *
     * @param timeoutNanos how long, at least, before it times out; {@link #FOREVER_NANOS} for never
     * @return the wait, which begins now
     */
    public static Wait interruptibly(long timeoutNanos) {
        return interruptibly(timeoutNanos, null);
    }

    /**
     * The same, watched for deadlocks.
     *
     * @param timeoutNanos how long, at least
     * @param watch whose {@link #pause} may end in a {@link dev.procession.core.DeadlockException}; null for none
     * @return the wait, which begins now
     */
    public static Wait interruptibly(long timeoutNanos, @Nullable DeadlockWatch watch) {
        return new Wait(/* interruptible= */ true, timeoutNanos, watch);
    }

    /**
     * A wait that only its end ends.
     *
     * @return the wait
     */
    public static Wait uninterruptibly() {
        return uninterruptibly(null);
    }

    /**
     * The same, watched for deadlocks.
     *
     * @param watch whose {@link #pause} may end in a {@link dev.procession.core.DeadlockException}; null for none
     * @return the wait
     */
    public static Wait uninterruptibly(@Nullable DeadlockWatch watch) {
        return new Wait(/* interruptible= */ false, FOREVER_NANOS, watch);
    }

    /**
     * Whether threads of this JVM sleep in the kernel and are woken there, rather than look again and again: for structures
     * that have a way of their own to sleep.
     *
     * @return true if so, for platform threads
     */
    public static boolean isByFutex() {
        return Waiter.CHOSEN.isWoken();
    }

    /**
     * Blocks for one slice at most, unless the cell has changed, the time is up or the thread is interrupted.
     *
     * @param cells where the cell is
     * @param offset of the 32-bit cell
     * @param expected what it held when the caller looked
     * @return what to do
     */
    public Outcome pause(Cells cells, long offset, int expected) {
        if (Thread.interrupted()) {
            if (interruptible) {
                return Outcome.INTERRUPTED;
            }
            heldBack = true;
        }
        long slice = SLICE_NANOS;
        if (!endless) {
            long remaining = remainingNanos();
            if (remaining <= 0) {
                return Outcome.TIMED_OUT;
            }
            slice = Math.min(slice, remaining);
        }
        if (watch != null) {
            watch.look(endless);
        }
        Waiter.ofCurrentThread().await(cells, offset, expected, slice);
        return Outcome.LOOK_AGAIN;
    }

    /**
     * How much time is left.
     *
     * @return nanoseconds; not positive once the time is up
     */
    public long remainingNanos() {
        return endless ? FOREVER_NANOS : deadlineNanoTime - System.nanoTime();
    }

    /** Ends the watch, and restores an interrupt that was held back. */
    @Override
    public void close() {
        if (watch != null) {
            watch.end();
        }
        if (heldBack) {
            Thread.currentThread().interrupt();
        }
    }
}
