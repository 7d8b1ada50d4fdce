package dev.procession.green;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Mutual exclusion between tasks of one loop, across their waits. Who has waited longest is next, and nobody overtakes. Not
 * re-entrant, and any task may release it, as Python's {@code asyncio.Lock}.
 *
 * <p>A task that is cancelled while it waits leaves the line; if the lock was about to be its own, the next one gets it. All
 * calls that wait throw {@link TaskCancelledException} then. For tasks of one loop only; time-outs are by the loop's clock.
 */
public final class GreenLock implements Lock {
    private final WaitLine line = new WaitLine("a GreenLock");
    private boolean locked;

    /** Creates a lock that nobody holds. */
    public GreenLock() {}

    @Override
    public void lock() {
        boolean _ = lock(Long.MAX_VALUE);
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock() {
        if (locked || line.isContended()) {
            return false;
        }
        locked = true;
        return true;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        return lock(unit.toNanos(time));
    }

    private boolean lock(long timeoutNanos) {
        Task.current().checkpoint();
        if (tryLock()) {
            return true;
        }
        if (!line.await(timeoutNanos)) {
            return false;
        }
        locked = true;
        return true;
    }

    /**
     * Releases the lock.
     *
     * @throws IllegalMonitorStateException if nobody holds it
     */
    @Override
    public void unlock() {
        if (!locked) {
            throw new IllegalMonitorStateException("nobody holds this lock");
        }
        locked = false;
        line.wakeNext();
    }

    /**
     * Tells whether somebody holds the lock.
     *
     * @return whether it is held
     */
    public boolean isLocked() {
        return locked;
    }

    /**
     * A condition to wait for and signal with this lock held. A task that is cancelled while it waits takes the lock before
     * its wait throws.
     *
     * @return a new condition
     */
    @Override
    public Condition newCondition() {
        return new GreenCondition(this);
    }
}
