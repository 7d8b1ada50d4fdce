package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.RobustLock.Outcome;
import dev.procession.shm.engine.RobustLock.WhenInDoubt;
import dev.procession.shm.engine.Wait;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A lock that threads of several JVMs share, and that survives the death of its owner: Python's
 * {@code multiprocessing.Lock}.
 *
 * <p>It is not re-entrant, and it has no owning thread: any thread of any process may release it. For a lock that knows
 * its owner see {@code SharedReentrantLock}. A lock travels: captured by a lambda that runs in a child process, or sent
 * through a shared queue, it is the same lock there. It is not fair; see {@link LockOption} for what can be chosen.
 *
 * <p><b>If the owner's process dies</b>, by {@code kill -9} at any instruction or by just ending, the lock is free again
 * within milliseconds. (Python's stays locked for ever.) What it guards may be half-changed then, so the lock is <i>in
 * doubt</i>: {@link #ownerDied()} tells so, to whoever asks, until {@link #markConsistent()} or {@link #recover}. By
 * default each JVM that acquires a lock in doubt logs one warning and goes on; with {@link
 * LockOption#REFUSE_AFTER_OWNER_DEATH} acquiring it throws. The owner is the process that acquired the lock, even where
 * another means to release it.
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
    private static final Logger LOG = System.getLogger("dev.procession.shm");

    /** Payload: the lock word, how often an owner died, the options as bits. */
    private static final long WORD_AT = 0;

    private static final long DEATHS_AT = 4;
    private static final long OPTIONS_AT = 8;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient RobustLock lock;
    private final transient WhenInDoubt whenInDoubt;

    /** The deaths this JVM has warned of. Racy: a warning may come twice. */
    private transient int deathsTold;

    SharedLock(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        this.lock = new RobustLock(cells, WORD_AT, entry.space());
        int options = cells.getInt(OPTIONS_AT);
        this.whenInDoubt = LockOption.REFUSE_AFTER_OWNER_DEATH.isIn(options) ? WhenInDoubt.REFUSE : WhenInDoubt.TAKE;
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
        int bits = LockOption.bitsOf(options);
        return Spaces.family().create(Kind.LOCK, 0, entry -> entry.payload().setInt(OPTIONS_AT, bits), SharedLock::new);
    }

    /**
     * Acquires the lock, waiting as long as it takes; an interrupt is kept for later.
     *
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public void lock() {
        if (lock.acquireFree()) {
            return;
        }
        Outcome outcome;
        try (Wait wait = Wait.uninterruptibly()) {
            outcome = lock.acquire(wait, whenInDoubt);
        }
        report(outcome);
    }

    /**
     * Acquires the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the lock is not acquired then
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquire(Wait.FOREVER_NANOS);
    }

    /**
     * Acquires the lock if it is free.
     *
     * @return whether it was acquired
     * @throws OwnerDiedException if an owner died and the lock was made to refuse then
     */
    @Override
    public boolean tryLock() {
        return lock.acquireFree() || report(lock.tryAcquire(whenInDoubt));
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
        return acquire(unit.toNanos(time));
    }

    private boolean acquire(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos)) {
            outcome = lock.acquire(wait, whenInDoubt);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return report(outcome);
    }

    private boolean report(Outcome outcome) {
        return switch (outcome) {
            case HELD -> true;
            case HELD_IN_DOUBT -> {
                warn();
                yield true;
            }
            case REFUSED ->
                throw new OwnerDiedException("a process died holding " + entry
                        + ", so what it guards may be half-changed; repair that by recover(...)");
            case TIMED_OUT, INTERRUPTED -> false;
        };
    }

    private void warn() {
        int deaths = cells.getIntAcquire(DEATHS_AT);
        if (deaths != deathsTold || deaths == 0) {
            deathsTold = deaths;
            LOG.log(
                    Level.WARNING,
                    "a process died holding {0}; what it guards may be half-changed until markConsistent()",
                    entry);
        }
    }

    /**
     * Releases the lock, whoever acquired it.
     *
     * @throws IllegalMonitorStateException if nobody holds it
     */
    @Override
    public void unlock() {
        lock.release();
    }

    /**
     * Not offered: a lock without an owner cannot tell whether the caller holds it.
     *
     * @throws UnsupportedOperationException always; {@code SharedReentrantLock} has conditions
     */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "SharedLock has no owner, so no conditions; use SharedReentrantLock, which has both");
    }

    /**
     * Tells whether somebody holds the lock. True may be out of date on return.
     *
     * @return whether it is held by a process that lives
     */
    public boolean isLocked() {
        int owner = lock.owner();
        return owner != 0 && !entry.space().isDead(owner);
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
     * @throws IllegalMonitorStateException if nobody holds the lock
     */
    public void markConsistent() {
        if (!isLocked()) {
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
     */
    public boolean recover(Runnable repair) throws InterruptedException {
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(Wait.FOREVER_NANOS)) {
            outcome = lock.acquire(wait, WhenInDoubt.TAKE);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        try {
            if (outcome == Outcome.HELD_IN_DOUBT) {
                repair.run();
                lock.settle();
            }
            return outcome == Outcome.HELD_IN_DOUBT;
        } finally {
            lock.release();
        }
    }

    /** Ends the lock, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    static void close(Cells payload) {
        RobustLock.close(payload, WORD_AT);
    }

    static void repair(Remains remains) {
        if (RobustLock.repair(remains.payload(), WORD_AT, remains.dead())) {
            remains.payload().getAndAddInt(DEATHS_AT, 1);
        }
    }

    /** For tests. */
    Cells cells() {
        return cells;
    }

    /** Such as {@code SharedLock 3f2a91bc/17[free]}, or {@code [held by pid=4711, in doubt]}. */
    @Override
    public String toString() {
        try {
            int owner = lock.owner();
            String holder = isLocked() ? "held by " + entry.space().describe(owner) : "free";
            return entry + "[" + holder + (lock.isInDoubt() ? ", in doubt]" : "]");
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    private Object writeReplace() {
        return Handle.to(Kind.LOCK, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedLock is read as its handle");
    }
}
