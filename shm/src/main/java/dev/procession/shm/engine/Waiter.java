package dev.procession.shm.engine;

import dev.procession.shm.os.Futex;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a thread blocks until a 32-bit cell changes.
 *
 * <p>Chosen once, at run time: futexes where the system has them, polling elsewhere and where {@code
 * -Dprocession.wait=polling} asks for it. Members of one space may differ in this: whoever polls sees every change, and a
 * change made by one who polls is seen by the others at the end of their slice.
 */
sealed interface Waiter {
    /** The waiter of this JVM's platform threads. */
    Waiter CHOSEN = choose();

    /** The waiter of this JVM's virtual threads. */
    Waiter PARKING = new Parking();

    /** The waiter of the calling thread. */
    static Waiter ofCurrentThread() {
        return Thread.currentThread().isVirtual() ? PARKING : CHOSEN;
    }

    private static Waiter choose() {
        boolean forced = "polling".equals(System.getProperty("procession.wait"));
        return !forced && Futex.isAvailable() ? new OnFutex() : new Polling();
    }

    /**
     * Blocks while a cell holds a value, until woken, for a time at most; may return at any time without a reason, so
     * callers look again.
     */
    void await(Cells cells, long offset, int expected, long timeoutNanos);

    /** Whether sleepers of this JVM are woken by {@link #wake}, rather than by looking. */
    boolean isWoken();

    /** Wakes threads, of any member, that wait for a cell. The cell has been changed before. */
    static void wake(Cells cells, long offset, int count) {
        if (CHOSEN.isWoken() && !CrashPoints.isDead()) {
            Futex.wake(cells.address(offset), count);
        }
    }

    /** By futex: sleeps in the kernel. */
    final class OnFutex implements Waiter {
        @Override
        public void await(Cells cells, long offset, int expected, long timeoutNanos) {
            Futex.await(cells.address(offset), expected, timeoutNanos);
        }

        @Override
        public boolean isWoken() {
            return true;
        }
    }

    /** By parking, with one platform thread that watches for all: for virtual threads. */
    final class Parking implements Waiter {
        @Override
        public void await(Cells cells, long offset, int expected, long timeoutNanos) {
            ParkedThreads.INSTANCE.await(cells, offset, expected, timeoutNanos);
        }

        @Override
        public boolean isWoken() {
            return CHOSEN.isWoken();
        }
    }

    /** By looking at the cell at growing intervals, 20 microseconds at first and a millisecond at last. */
    final class Polling implements Waiter {
        private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
        private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

        @Override
        public void await(Cells cells, long offset, int expected, long timeoutNanos) {
            long deadline = System.nanoTime() + timeoutNanos;
            long interval = FIRST_NANOS;
            while (cells.getIntAcquire(offset) == expected
                    && !Thread.currentThread().isInterrupted()) {
                long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    return;
                }
                LockSupport.parkNanos(Math.min(interval, remaining));
                interval = Math.min(interval * 2, LAST_NANOS);
            }
        }

        @Override
        public boolean isWoken() {
            return false;
        }
    }
}
