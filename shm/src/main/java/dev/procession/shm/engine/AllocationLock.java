package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.ALLOCATION_LOCK_AT;

import dev.procession.shm.engine.RobustLock.WhenInDoubt;
import dev.procession.shm.os.ProcessIdentity;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * The lock under which entries of the directory are claimed and given back. It guards nothing but turns: whoever takes it
 * over from the dead finds nothing to mend.
 */
final class AllocationLock {
    private static final long RETRY_NANOS = 50_000;

    private final RobustLock lock;
    private final Members members;

    AllocationLock(Cells header, AttachedSpace space, Members members) {
        this.lock = new RobustLock(header, ALLOCATION_LOCK_AT, space);
        this.members = members;
    }

    /** Does something once the lock is had, and gives its result. */
    int hold(IntSupplier action) {
        while (!lock.tryAcquire(WhenInDoubt.TAKE).isHeld()) {
            markIfDead(lock.owner());
            LockSupport.parkNanos(RETRY_NANOS);
        }
        lock.settle();
        try {
            return action.getAsInt();
        } finally {
            lock.release();
        }
    }

    /** Does something if the lock is free; the result is whether it was. */
    boolean tryHold(Runnable action) {
        if (!lock.tryAcquire(WhenInDoubt.TAKE).isHeld()) {
            return false;
        }
        try {
            lock.settle();
            action.run();
            return true;
        } finally {
            lock.release();
        }
    }

    /**
     * Sees for itself whether a member has died. Who waits for this lock holds the monitor of its space, and the keeper,
     * whose work it would be, may be waiting for that.
     */
    private void markIfDead(int stamp) {
        int slot = Stamp.slotOf(stamp);
        ProcessIdentity member = members.identityOf(slot);
        if (member != null && members.stampOf(slot) == stamp && !member.isAlive() && member.isQuiescent()) {
            members.markDead(slot, member);
        }
    }

    int owner() {
        return lock.owner();
    }
}
