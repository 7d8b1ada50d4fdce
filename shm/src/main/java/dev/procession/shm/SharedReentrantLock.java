package dev.procession.shm;

import dev.procession.core.FencedLock;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.Turns;
import dev.procession.shm.engine.Wait;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A re-entrant lock that threads of several JVMs share, and that survives the death of its owner: Python's {@code
 * multiprocessing.RLock}, with conditions.
 *
 * <p>It belongs to the thread that acquired it, of whatever process; that thread may acquire it again, and must release it
 * as often. Everything else is as {@link SharedLock} says: the handle travels, the lock is free again when the owner's
 * process dies however many holds there were, doubt, time-outs, interrupts, memory effects, {@link #close()}.
 *
 * <p>Each acquisition has a {@linkplain #getFence() fence}, greater than those of all acquisitions before it, also where an
 * owner died; acquiring again what one holds, does not change it. A wait for a condition releases and acquires, so it does.
 * Fences start from the time of day at which the lock is made: those of a lock that takes the place of a removed one are
 * greater than all of the old one's, unless the machine's clock was set back.
 *
 * <p>A thread that ends without releasing the lock, in a process that goes on, keeps it for ever, as with {@link
 * java.util.concurrent.locks.ReentrantLock}.
 *
 * <p>Thread-safe and process-safe.
 */
public final class SharedReentrantLock implements FencedLock, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload  24  owner          long   see OwningThread
     *          32  holds          int    only accessed by the owner
     *          40  fence          long   of the latest acquisition; counted up by each owner before it goes on
     *
     * Who dies before it has counted the fence up has told nobody a fence; who dies after it leaves a gap.
     */
    private static final long OWNER_AT = RobustOwnership.OWN_AT;
    private static final long HOLDS_AT = RobustOwnership.OWN_AT + 8;
    private static final long FENCE_AT = RobustOwnership.OWN_AT + 16;

    /** A thousand acquisitions a microsecond is more than any machine does, so the time is always ahead of the count. */
    private static final int FENCES_PER_MICRO_BITS = 10;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient RobustOwnership ownership;
    private final transient RobustLock lock;
    private final transient OwningThread owner;

    /** The kind of the entry, and the value whose lock this is if it is no primitive of its own. */
    private final transient Kind kind;

    private final transient @Nullable Guarded guarded;

    SharedReentrantLock(Entry entry) {
        this(entry, Kind.REENTRANT_LOCK, null);
    }

    /** The lock in the first 64 bytes of a value's payload; it ends with the value. */
    SharedReentrantLock(Entry entry, Kind kind, @Nullable Guarded guarded) {
        this.kind = kind;
        this.guarded = guarded;
        this.entry = entry;
        this.cells = entry.payload();
        this.ownership = new RobustOwnership(entry);
        this.lock = ownership.word();
        this.owner = new OwningThread(entry, OWNER_AT, ownership);
    }

    /**
     * Makes a lock, free, in the memory of this JVM's family.
     *
     * @param options what it shall do besides
     * @return the lock
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedReentrantLock create(LockOption... options) {
        return Spaces.family()
                .create(Kind.REENTRANT_LOCK, 0, entry -> initialize(entry, options), SharedReentrantLock::new);
    }

    static void initialize(Entry entry, LockOption... options) {
        RobustOwnership.initialize(entry, options);
        entry.payload()
                .setLong(FENCE_AT, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) << FENCES_PER_MICRO_BITS);
    }

    private boolean enterAgain() {
        if (!owner.isCurrent()) {
            return false;
        }
        int holds = cells.getInt(HOLDS_AT);
        if (holds == Integer.MAX_VALUE) {
            throw new IllegalStateException("too many holds of " + entry + ": holds=" + holds);
        }
        cells.setInt(HOLDS_AT, holds + 1);
        return true;
    }

    private void own(int holds) {
        cells.setLong(FENCE_AT, cells.getLong(FENCE_AT) + 1);
        cells.setInt(HOLDS_AT, holds);
        owner.setCurrent();
    }

    /**
     * Acquires the lock, waiting as long as it takes; an interrupt is kept for later.
     *
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     * @throws dev.procession.core.DeadlockException if this wait would close a circle of such locks;
     *     the lock is not acquired then. What happens depends on the space: see {@link LockOption#OWNER_BOUND}
     */
    @Override
    public void lock() {
        if (!enterAgain()) {
            ownership.acquire();
            own(1);
        }
    }

    /**
     * Acquires the lock as {@link #lock} does.
     *
     * @return the acquisition's fence
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     * @throws dev.procession.core.DeadlockException if this wait would close a circle of such locks;
     *     the lock is not acquired then. What happens depends on the space: see {@link LockOption#OWNER_BOUND}
     */
    @Override
    public long lockAndGetFence() {
        lock();
        return cells.getLong(FENCE_AT);
    }

    /**
     * The fence of the current acquisition.
     *
     * @return the fence
     * @throws IllegalMonitorStateException if the thread does not hold the lock
     */
    @Override
    public long getFence() {
        owner.ensureCurrent();
        return cells.getLong(FENCE_AT);
    }

    /**
     * Acquires the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the lock is not acquired then
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     * @throws dev.procession.core.DeadlockException if this wait would close a circle of such locks;
     *     the lock is not acquired then. What happens depends on the space: see {@link LockOption#OWNER_BOUND}
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        boolean _ = acquire(Wait.FOREVER_NANOS);
    }

    /**
     * Acquires the lock if it is free or the thread holds it.
     *
     * @return whether it was acquired
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public boolean tryLock() {
        if (enterAgain()) {
            return true;
        }
        boolean acquired = ownership.tryAcquire();
        if (acquired) {
            own(1);
        }
        return acquired;
    }

    /**
     * Acquires the lock if the thread holds it or it becomes free in time.
     *
     * @return whether it was acquired
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the lock is not acquired then
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return acquire(unit.toNanos(time));
    }

    private boolean acquire(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (enterAgain()) {
            return true;
        }
        boolean acquired = ownership.acquire(timeoutNanos);
        if (acquired) {
            own(1);
        }
        return acquired;
    }

    /**
     * Releases one hold of the lock.
     *
     * @throws IllegalMonitorStateException if the thread does not hold it
     */
    @Override
    public void unlock() {
        owner.ensureCurrent();
        int holds = cells.getInt(HOLDS_AT) - 1;
        if (holds > 0) {
            cells.setInt(HOLDS_AT, holds);
        } else {
            owner.clear();
            lock.release();
        }
    }

    /**
     * Makes a condition of this lock, in the memory of the lock's family.
     *
     * @return the condition
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     */
    @Override
    public SharedCondition newCondition() {
        return SharedCondition.of(kind, entry, monitor());
    }

    /** The lock as its conditions see it. */
    Monitor monitor() {
        return new Monitor() {
            @Override
            public void ensureHeld() {
                owner.ensureCurrent();
            }

            @Override
            public int releaseFully() {
                owner.ensureCurrent();
                int holds = cells.getInt(HOLDS_AT);
                owner.clear();
                lock.release();
                return holds;
            }

            @Override
            public void reacquire(int holds) {
                boolean refused = ownership.reacquire();
                own(holds);
                if (refused) {
                    throw ownership.ownerDied();
                }
            }
        };
    }

    /**
     * Tells whether somebody holds the lock. True may be out of date on return.
     *
     * @return whether it is held by a process that lives
     */
    public boolean isLocked() {
        return ownership.isLocked();
    }

    /**
     * Tells whether the calling thread holds the lock.
     *
     * @return whether it does
     */
    public boolean isHeldByCurrentThread() {
        return owner.isCurrent();
    }

    /**
     * Tells how often the calling thread holds the lock.
     *
     * @return its holds, or 0
     */
    public int getHoldCount() {
        return isHeldByCurrentThread() ? cells.getInt(HOLDS_AT) : 0;
    }

    /**
     * Tells whether a process has died holding the lock and nobody has declared since that what it guards is whole.
     *
     * @return true if the lock is in doubt
     */
    public boolean ownerDied() {
        return lock.isInDoubt();
    }

    /**
     * Declares that what the lock guards is whole: ends the doubt. Does nothing if there is none.
     *
     * @throws IllegalMonitorStateException if the thread does not hold the lock
     */
    public void markConsistent() {
        owner.ensureCurrent();
        lock.settle();
    }

    /**
     * Acquires the lock, and if it is in doubt repairs what it guards, ends the doubt, and releases it. This is the way
     * to use a lock again that refuses; of several callers one repairs. If the repair throws, or its process dies, the
     * doubt stays.
     *
     * @param repair makes whole what the lock guards; runs in this thread, holding the lock
     * @return whether there was anything to repair
     * @throws InterruptedException if the thread is interrupted before it has acquired the lock
     * @throws IllegalMonitorStateException if the thread holds the lock already
     */
    public boolean recover(Runnable repair) throws InterruptedException {
        if (isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException("this thread holds " + this + " already; use markConsistent()");
        }
        return ownership.recover(repair, () -> own(1), owner::clear);
    }

    /** Ends the lock and its conditions, for every process. Who waits, or uses it later, gets an IllegalStateException. */
    @Override
    public void close() {
        if (guarded != null) {
            throw new UnsupportedOperationException("the lock of " + entry + " ends with it; close that");
        }
        SharedCondition.closeAllOf(entry);
        entry.close();
    }

    /** For tests. */
    Cells cells() {
        return cells;
    }

    /** How many threads are in line for a fair lock, of all processes. For tests. */
    int queueLength() {
        return new Turns(entry, RobustOwnership.TICKETS_AT, Turns.Purpose.TURN).length();
    }

    /** Such as {@code SharedReentrantLock 3f2a91bc/17[free]}, or {@code [held by pid=4711, in doubt]}. */
    @Override
    public String toString() {
        return ownership.describe();
    }

    Object writeReplace() {
        return guarded == null ? Handle.to(kind, entry) : new Guarded.LockHandle(guarded);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedReentrantLock is read as its handle");
    }
}
