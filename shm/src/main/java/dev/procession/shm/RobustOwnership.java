package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.DeadlockWatch;
import dev.procession.shm.engine.DeadlockWatch.Way;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.Holder.Release;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.RobustLock.Outcome;
import dev.procession.shm.engine.RobustLock.WhenInDoubt;
import dev.procession.shm.engine.Turns;
import dev.procession.shm.engine.Wait;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shared locks have in common: the lock word, and what they tell when an owner has died in it.
 *
 * <pre>
 *   payload   0  lock word      int    see RobustLock
 *             4  deaths         int    how often an owner died in it
 *             8  options        int    LockOption bits
 *            16  tickets        long   of those who wait in line, if the lock is fair
 *            24  ...                   of the kind of lock
 * </pre>
 */
final class RobustOwnership {
    static final long WORD_AT = 0;
    static final long DEATHS_AT = 4;
    static final long OPTIONS_AT = 8;
    static final long TICKETS_AT = 16;
    static final long OWN_AT = 24;

    private static final Logger LOG = System.getLogger("dev.procession.shm");

    private final Entry entry;
    private final Cells cells;
    private final RobustLock lock;
    private final WhenInDoubt whenInDoubt;

    /** The deaths this JVM has warned of. Racy: a warning may come twice. */
    private int deathsTold;

    RobustOwnership(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        int options = cells.getInt(OPTIONS_AT);
        this.lock = LockOption.FAIR.isIn(options)
                ? new RobustLock(entry, WORD_AT, new Turns(entry, TICKETS_AT, Turns.Purpose.TURN))
                : new RobustLock(cells, WORD_AT, entry.space());
        this.whenInDoubt = LockOption.REFUSE_AFTER_OWNER_DEATH.isIn(options) ? WhenInDoubt.REFUSE : WhenInDoubt.TAKE;
    }

    /** Whether the lock was made with an option. */
    boolean has(LockOption option) {
        return option.isIn(cells.getInt(OPTIONS_AT));
    }

    static void initialize(Entry entry, LockOption... options) {
        entry.payload().setInt(OPTIONS_AT, LockOption.bitsOf(options));
    }

    RobustLock word() {
        return lock;
    }

    /** Acquires, waiting as long as it takes. */
    void acquire() {
        if (!lock.acquireFree()) {
            acquireSlowly();
        }
    }

    private @Nullable DeadlockWatch watch(Way way) {
        return entry.space().deadlocks().watch(entry, way);
    }

    private void acquireSlowly() {
        Outcome outcome;
        try (Wait wait = Wait.uninterruptibly(watch(Way.MAY_THROW))) {
            outcome = lock.acquire(wait, whenInDoubt);
        }
        report(outcome);
    }

    boolean acquire(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (lock.acquireFree()) {
            return true;
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos, watch(Way.MAY_THROW))) {
            outcome = lock.acquire(wait, whenInDoubt);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return report(outcome);
    }

    boolean tryAcquire() {
        return lock.acquireFree() || report(lock.tryAcquire(whenInDoubt));
    }

    /**
     * Acquires for a thread that comes back from a condition and must not come back without the lock; the result says
     * whether an owner died in a lock that refuses then.
     */
    boolean reacquire() {
        Outcome outcome;
        try (Wait wait = Wait.uninterruptibly(watch(Way.MUST_RETURN))) {
            outcome = lock.acquire(wait, WhenInDoubt.TAKE);
        }
        if (outcome.isInDoubt() && whenInDoubt == WhenInDoubt.REFUSE) {
            return true;
        }
        report(outcome);
        return false;
    }

    private boolean report(Outcome outcome) {
        return switch (outcome) {
            case HELD -> true;
            case HELD_IN_DOUBT -> {
                warn();
                yield true;
            }
            case TAKEN_FROM_DEAD -> {
                cells.getAndAddInt(DEATHS_AT, 1);
                warn();
                yield true;
            }
            case REFUSED -> throw ownerDied();
            case TIMED_OUT, INTERRUPTED -> false;
        };
    }

    OwnerDiedException ownerDied() {
        return new OwnerDiedException("a process died holding " + entry
                + ", so what it guards may be half-changed; repair that by recover(...)");
    }

    private void warn() {
        int deaths = cells.getIntAcquire(DEATHS_AT);
        if (deaths != deathsTold) {
            deathsTold = deaths;
            LOG.log(
                    Level.WARNING,
                    "a process died holding {0}; what it guards may be half-changed until markConsistent()",
                    entry);
        }
    }

    boolean isLocked() {
        int owner = lock.owner();
        return owner != 0 && !entry.space().isDead(owner);
    }

    boolean isHeldByThisProcess() {
        return lock.owner() == entry.space().stamp();
    }

    /** Repairs under the lock if it is in doubt; the caller holds it, and {@code outcome} is how it got it. */
    private boolean repairIfInDoubt(Outcome outcome, Runnable repair) {
        if (outcome.isInDoubt()) {
            repair.run();
            lock.settle();
            return true;
        }
        return false;
    }

    /** Acquires, repairs what is in doubt, releases; between the two {@code held} and {@code released} are run. */
    boolean recover(Runnable repair, Runnable held, Runnable released) throws InterruptedException {
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(Wait.FOREVER_NANOS, watch(Way.MAY_THROW))) {
            outcome = lock.acquire(wait, WhenInDoubt.TAKE);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        try {
            held.run();
            return repairIfInDoubt(outcome, repair);
        } finally {
            released.run();
            lock.release();
        }
    }

    /** Such as {@code SharedLock 3f2a91bc/17[free]}, or {@code [held by pid=4711, in doubt]}. */
    String describe() {
        try {
            int owner = lock.owner();
            String holder = isLocked() ? "held by " + entry.space().describe(owner) : "free";
            return entry + "[" + holder + (lock.isInDoubt() ? ", in doubt]" : "]");
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    /** The thread that holds a lock, if the lock's word and what stands beside it agree. */
    static List<Holder> holders(Cells payload, Release release) {
        Holder holder = Holder.of(payload.getLongVolatile(OWN_AT), release);
        return holder != null && holder.member() == RobustLock.ownerIn(payload, WORD_AT) ? List.of(holder) : List.of();
    }

    static void close(Cells payload) {
        RobustLock.close(payload, WORD_AT);
    }

    static void repair(Remains remains) {
        if (RobustLock.repair(remains.payload(), WORD_AT, remains.dead())) {
            remains.payload().getAndAddInt(DEATHS_AT, 1);
            remains.nudgeFirst();
        }
    }
}
