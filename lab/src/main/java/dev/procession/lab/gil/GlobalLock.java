package dev.procession.lab.gil;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model of CPython's global interpreter lock. One thread has it at a time. Who waits for it longer than the switch
 * interval asks the holder to drop it; the holder looks for that between two steps, and does not get it back before another
 * had it.
 *
 * <p>Source: CPython {@code Python/ceval_gil.c}. Notable differences: a condition instead of a mutex of the system, no
 * signals, no shutdown.
 */
final class GlobalLock {
    private final long intervalNanos;
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition free = mutex.newCondition();
    private final Condition switched = mutex.newCondition();

    // Guarded by mutex; dropRequested is also read without, as a hint.
    private boolean isHeld;
    private long switches;
    private volatile boolean dropRequested;

    /** A lock that nobody has. */
    GlobalLock(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Waits until nobody has it, and asks the holder to drop it after each interval. Keeps an interrupt for later. */
    void acquire() {
        boolean interrupted = false;
        mutex.lock();
        try {
            while (isHeld) {
                long before = switches;
                long left = 1;
                try {
                    left = free.awaitNanos(intervalNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (left <= 0 && isHeld && switches == before) {
                    dropRequested = true;
                }
            }
            isHeld = true;
            switches++;
            dropRequested = false;
            switched.signalAll();
        } finally {
            mutex.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives it back. */
    void release() {
        mutex.lock();
        try {
            isHeld = false;
            free.signal();
        } finally {
            mutex.unlock();
        }
    }

    /** Whether somebody asked for the lock; what the holder looks at between two steps. */
    boolean isWanted() {
        return dropRequested;
    }

    /** Gives it back, and waits until another has had it. */
    void drop() {
        mutex.lock();
        try {
            long before = switches;
            isHeld = false;
            free.signal();
            while (switches == before && mutex.hasWaiters(free)) {
                switched.awaitUninterruptibly();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** How often it was acquired. */
    long switches() {
        mutex.lock();
        try {
            return switches;
        } finally {
            mutex.unlock();
        }
    }
}
