package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.DeadlockPolicy;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.Holder.Release;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.Wait;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock that threads of several JVMs share, and that survives the death of its owner: Python's
 * {@code multiprocessing.Lock}.
 *
 * <p>It is not re-entrant, and it has no owning thread: any thread of any process may release it, unless it was made
 * {@linkplain LockOption#OWNER_BOUND owner-bound}. For a re-entrant lock see {@link SharedReentrantLock}. A lock travels:
 * captured by a lambda that runs in a child process, or sent through a shared queue, it is the same lock there, with the
 * same options. It is not fair unless asked for; see {@link LockOption}.
 *
 * <p><b>If the owner's process dies</b>, by {@code kill -9} at any instruction or by just ending, the lock is free again
 * within milliseconds. (Python's stays locked for ever.) What it guards may be half-changed then, so the lock is <i>in
 * doubt</i>: {@link #ownerDied()} tells so, to whoever asks, until {@link #markConsistent()} or {@link #recover}. By
 * default each JVM that acquires a lock in doubt logs one warning and goes on; with {@link
 * LockOption#REFUSE_AFTER_OWNER_DEATH} acquiring it throws. The owner is the process that acquired the lock, even where
 * another means to release it. A thread that ends without releasing an owner-bound lock, in a process that goes on, keeps
 * it for ever.
 *
 * <p><b>Blocking</b>: virtual threads may wait without limit of number. An interrupt is seen within 20 ms. Time-outs are
 * a minimum; zero or less does not wait.
 *
 * <p><b>Memory effects</b>: what a thread did before it released the lock <i>happens before</i> what a thread of any
 * process does after it acquired it next, for Java's own memory within one JVM and for shared memory across JVMs.
 *
 * <p>{@link #close()} ends the lock for every process; until then it lives as long as its family's root process, whether
 * or not anything refers to it. Every method but {@code close} throws {@link IllegalStateException} once it is closed.
 *
 * <p>Thread-safe and process-safe.
 */
public final class SharedLock implements Lock, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /* payload  24  owner   long   see OwningThread; unless the lock is owner-bound for those alone who look for deadlocks */
    private static final long OWNER_AT = RobustOwnership.OWN_AT;

    private final transient Entry entry;
    private final transient RobustOwnership ownership;
    private final transient RobustLock lock;

    private final transient OwningThread acquirer;

    private final transient boolean acquirerIsKept;

    /** The same if the lock is owner-bound, else null. */
    private final transient @Nullable OwningThread owner;

    SharedLock(Entry entry) {
        this.entry = entry;
        this.ownership = new RobustOwnership(entry);
        this.lock = ownership.word();
        this.acquirer = new OwningThread(entry, OWNER_AT, ownership);
        this.owner = ownership.has(LockOption.OWNER_BOUND) ? acquirer : null;
        this.acquirerIsKept = owner != null || entry.space().deadlocks().policy() != DeadlockPolicy.OFF;
    }

    /**
     * Makes a lock, free, in the memory of this JVM's family.
     *
     * @param options what it shall do besides
     * @return the lock
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedLock create(LockOption... options) {
        return Spaces.family()
                .create(Kind.LOCK, 0, entry -> RobustOwnership.initialize(entry, options), SharedLock::new);
    }

    /**
     * Acquires the lock, waiting as long as it takes; an interrupt is kept for later.
     *
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     * @throws IllegalMonitorStateException if the lock is owner-bound and this thread holds it
     * @throws dev.procession.core.DeadlockException if the lock is owner-bound and this wait would close a circle of such locks;
     *     the lock is not acquired then. What happens depends on the space: see {@link LockOption#OWNER_BOUND}
     */
    @Override
    public void lock() {
        if (owner != null) {
            owner.ensureNotCurrent();
        }
        ownership.acquire();
        own();
    }

    private void own() {
        if (acquirerIsKept) {
            acquirer.setCurrent();
        }
    }

    private boolean ownIf(boolean acquired) {
        if (acquired) {
            own();
        }
        return acquired;
    }

    private void disown() {
        if (acquirerIsKept) {
            acquirer.clear();
        }
    }

    /**
     * Acquires the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the lock is not acquired then
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     * @throws IllegalMonitorStateException if the lock is owner-bound and this thread holds it
     * @throws dev.procession.core.DeadlockException if the lock is owner-bound and this wait would close a circle of such locks;
     *     the lock is not acquired then. What happens depends on the space: see {@link LockOption#OWNER_BOUND}
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (owner != null) {
            owner.ensureNotCurrent();
        }
        boolean _ = ownIf(ownership.acquire(Wait.FOREVER_NANOS));
    }

    /**
     * Acquires the lock if it is free.
     *
     * @return whether it was acquired
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public boolean tryLock() {
        return ownIf(ownership.tryAcquire());
    }

    /**
     * Acquires the lock if it becomes free in time.
     *
     * @return whether it was acquired
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the lock is not acquired then
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return ownIf(ownership.acquire(unit.toNanos(time)));
    }

    /**
     * Releases the lock, whoever acquired it.
     *
     * @throws IllegalMonitorStateException if nobody holds it, or it is owner-bound and this thread does not
     */
    @Override
    public void unlock() {
        if (owner != null) {
            owner.ensureCurrent();
        }
        disown();
        lock.release();
    }

    /**
     * Makes a condition of this lock, in the memory of the lock's family: Python's {@code Condition(lock)}. Unless the lock
     * is owner-bound, the condition's methods check only that this process holds the lock.
     *
     * @return the condition
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     */
    @Override
    public SharedCondition newCondition() {
        return SharedCondition.of(Kind.LOCK, entry, monitor());
    }

    /** The lock as its conditions see it. */
    Monitor monitor() {
        return new Monitor() {
            @Override
            public void ensureHeld() {
                if (owner != null) {
                    owner.ensureCurrent();
                } else if (!ownership.isHeldByThisProcess()) {
                    throw new IllegalMonitorStateException("this process does not hold " + entry);
                }
            }

            @Override
            public int releaseFully() {
                unlock();
                return 1;
            }

            @Override
            public void reacquire(int holds) {
                boolean refused = ownership.reacquire();
                own();
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
     * @throws IllegalMonitorStateException if nobody holds the lock, or it is owner-bound and this thread does not
     */
    public void markConsistent() {
        if (owner != null) {
            owner.ensureCurrent();
        } else if (!isLocked()) {
            throw new IllegalMonitorStateException("nobody holds " + entry);
        }
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
     * @throws IllegalMonitorStateException if the lock is owner-bound and this thread holds it
     */
    public boolean recover(Runnable repair) throws InterruptedException {
        if (owner != null) {
            owner.ensureNotCurrent();
        }
        return ownership.recover(repair, this::own, this::disown);
    }

    static List<Holder> holders(Cells payload) {
        boolean bound = LockOption.OWNER_BOUND.isIn(payload.getInt(RobustOwnership.OPTIONS_AT));
        return RobustOwnership.holders(payload, bound ? Release.BY_HOLDER : Release.BY_ANYBODY);
    }

    /** Ends the lock and its conditions, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        SharedCondition.closeAllOf(entry);
        entry.close();
    }

    /** For tests. */
    Cells cells() {
        return entry.payload();
    }

    /** Such as {@code SharedLock 3f2a91bc/17[free]}, or {@code [held by pid=4711, in doubt]}. */
    @Override
    public String toString() {
        return ownership.describe();
    }

    Object writeReplace() {
        return Handle.to(Kind.LOCK, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedLock is read as its handle");
    }
}
