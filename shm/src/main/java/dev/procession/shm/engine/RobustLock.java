package dev.procession.shm.engine;

import org.jspecify.annotations.Nullable;

/**
 * A lock in one 32-bit cell of any structure, which outlives its owners.
 *
 * <pre>
 *    31       30        29      28                           0
 *  +--------+---------+--------+------------------------------+
 *  | WAITERS| IN_DOUBT| CLOSED |  stamp of the owning member  |   0 = free
 *  +--------+---------+--------+------------------------------+
 * </pre>
 *
 * <ul>
 *   <li>stamp: the lock is held by a thread of that member. If that member is dead, whoever sees it first takes the lock
 *       over or frees it, and sets IN_DOUBT with the same compare-and-set.
 *   <li>IN_DOUBT: an owner died, and nobody has {@linkplain #settle said} since that what the lock guards is whole. It
 *       stays while the lock changes hands.
 *   <li>WAITERS: somebody may be asleep on the cell; the release wakes one. A thread that has slept takes the lock with
 *       WAITERS set, as others may still sleep. Of a fair lock: somebody may be in line.
 *   <li>CLOSED: the lock is no more; set once, for ever.
 * </ul>
 *
 * <p>Every change is one compare-and-set on the cell, so there is no state in between. What can be lost by a death is the
 * wake-up after a release: then a sleeper finds the free lock at the end of its slice. Acquiring has the memory effects
 * of a volatile read, releasing those of a volatile write, of the one cell, across processes as across threads.
 *
 * <p>Not re-entrant; fair if it was made with {@link Turns}. The member, not the thread, owns the lock; the lock cannot tell the threads of one
 * member apart. Source: U. Drepper, "Futexes Are Tricky", section 6 (mutex 3); robust mutexes as in POSIX.
 */
public final class RobustLock {
    private static final int WAITERS = 1 << 31;
    private static final int IN_DOUBT = 1 << 30;
    private static final int CLOSED = 1 << 29;

    /** What an attempt to acquire came to. */
    public enum Outcome {
        /** The caller holds the lock. */
        HELD,
        /** The caller holds the lock, and an owner died in it before: see {@link #settle}. */
        HELD_IN_DOUBT,
        /** The same, and the caller was the first to find out. */
        TAKEN_FROM_DEAD,
        /** An owner died in the lock and the caller did not want it so; it is not held. */
        REFUSED,
        /** Not held: the time is up, or there was no waiting. */
        TIMED_OUT,
        /** Not held: the thread was interrupted, and its interrupt status is now clear. */
        INTERRUPTED;

        /**
         * Whether the caller holds the lock now.
         *
         * @return true if so
         */
        public boolean isHeld() {
            return this == HELD || isInDoubt();
        }

        /**
         * Whether the caller holds the lock, and an owner died in it.
         *
         * @return true if so
         */
        public boolean isInDoubt() {
            return this == HELD_IN_DOUBT || this == TAKEN_FROM_DEAD;
        }
    }

    /** What to do with a lock in which an owner died. */
    public enum WhenInDoubt {
        /** Take it, and be told. */
        TAKE,
        /** Leave it. */
        REFUSE
    }

    private final Cells cells;
    private final long offset;
    private final AttachedSpace space;
    private final int mine;
    private final @Nullable Turns turns;
    private final Spin spin = new Spin();

    /**
     * The lock in a cell.
     *
     * @param cells where the cell is
     * @param offset of the cell; 0 in it is a free lock
     * @param space whose members use the lock
     */
    public RobustLock(Cells cells, long offset, AttachedSpace space) {
        this(cells, offset, space, null);
    }

    /**
     * The lock in a cell of a primitive's payload, which goes to whoever has waited longest.
     *
     * @param entry the primitive
     * @param offset of the cell; 0 in it is a free lock
     * @param turns the line of those who wait for it
     */
    public RobustLock(Entry entry, long offset, Turns turns) {
        this(entry.payload(), offset, entry.space(), turns);
    }

    private RobustLock(Cells cells, long offset, AttachedSpace space, @Nullable Turns turns) {
        this.cells = cells;
        this.offset = offset;
        this.space = space;
        this.mine = space.stamp();
        this.turns = turns;
    }

    /**
     * Acquires the lock if it is free, out of doubt and nobody waits: the fast path.
     *
     * @return whether it was acquired; if not, nothing is known
     */
    public boolean acquireFree() {
        return cells.casInt(offset, 0, mine);
    }

    /**
     * Acquires the lock, waiting as long as it takes; for structures that repair themselves.
     *
     * @return true if an owner died in the lock: the caller is to repair what it guards, and then {@link #settle} it
     */
    public boolean lock() {
        if (acquireFree()) {
            return false;
        }
        try (Wait wait = Wait.uninterruptibly()) {
            return acquireSlowly(wait, WhenInDoubt.TAKE).isInDoubt();
        }
    }

    /**
     * Acquires the lock if nobody alive holds it.
     *
     * @param whenInDoubt what to do if an owner died in it
     * @return what it came to; TIMED_OUT if somebody holds it
     */
    public Outcome tryAcquire(WhenInDoubt whenInDoubt) {
        if (acquireFree()) {
            return Outcome.HELD;
        }
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            Outcome outcome = tryAcquire(word, 0, whenInDoubt);
            if (outcome != null) {
                return outcome;
            }
            if (isOwnedByTheLiving(word)) {
                return Outcome.TIMED_OUT;
            }
        }
    }

    /**
     * Acquires the lock.
     *
     * @param wait how long, and whether an interrupt ends it
     * @param whenInDoubt what to do if an owner died in it
     * @return what it came to
     */
    public Outcome acquire(Wait wait, WhenInDoubt whenInDoubt) {
        return acquireFree() ? Outcome.HELD : acquireSlowly(wait, whenInDoubt);
    }

    private Outcome acquireSlowly(Wait wait, WhenInDoubt whenInDoubt) {
        return turns == null ? acquireWhenFree(wait, whenInDoubt) : acquireInTurn(wait, whenInDoubt, turns);
    }

    /**
     * The fair way: line up, and take the lock once it is free and nobody is in front. While anybody is in line the lock
     * is free with WAITERS set, so that the fast path of a newcomer fails.
     */
    private Outcome acquireInTurn(Wait wait, WhenInDoubt whenInDoubt, Turns turns) {
        int place = turns.enter();
        Outcome outcome = null;
        try {
            cells.getAndOrInt(offset, WAITERS);
            int spinsLeft = spin.budget();
            boolean slept = false;
            while (outcome == null) {
                int nudges = turns.nudges(place);
                int word = cells.getIntVolatile(offset);
                ensureNotClosed(word);
                if (!isOwnedByTheLiving(word) && turns.isFirst(place)) {
                    outcome = tryAcquire(word, 0, whenInDoubt);
                } else if (spinsLeft > 0) {
                    spinsLeft--;
                    Thread.onSpinWait();
                } else if ((word & WAITERS) == 0) {
                    cells.getAndOrInt(offset, WAITERS); // a release that did not see us yet has cleared it
                } else {
                    slept = true;
                    outcome = switch (turns.pause(wait, place, nudges)) {
                        case LOOK_AGAIN -> null;
                        case TIMED_OUT -> Outcome.TIMED_OUT;
                        case INTERRUPTED -> Outcome.INTERRUPTED;
                    };
                }
            }
            spin.learn(!slept);
            return outcome;
        } finally {
            turns.leave(place);
            if (outcome == null || !outcome.isHeld()) {
                turns.nudgeFirst(); // it may be the next one's turn now
            }
        }
    }

    private Outcome acquireWhenFree(Wait wait, WhenInDoubt whenInDoubt) {
        int spinsLeft = spin.budget();
        int slept = 0;
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            Outcome outcome = tryAcquire(word, slept, whenInDoubt);
            if (outcome != null) {
                spin.learn(slept == 0);
                return outcome;
            }
            if (!isOwnedByTheLiving(word)) {
                continue;
            }
            if (spinsLeft > 0) {
                spinsLeft--;
                Thread.onSpinWait();
                continue;
            }
            // Also on the way out by time-out or interrupt: this thread may have been woken in place of another
            // sleeper.
            if ((word & WAITERS) == 0 && !cells.casInt(offset, word, word | WAITERS)) {
                continue;
            }
            switch (wait.pause(cells, offset, word | WAITERS)) {
                case LOOK_AGAIN -> slept = WAITERS;
                case TIMED_OUT -> {
                    return Outcome.TIMED_OUT;
                }
                case INTERRUPTED -> {
                    return Outcome.INTERRUPTED;
                }
            }
        }
    }

    /** One attempt on what the cell held; null if somebody alive owns the lock, or the cell has changed. */
    private @Nullable Outcome tryAcquire(int word, int slept, WhenInDoubt whenInDoubt) {
        ensureNotClosed(word);
        if (isOwnedByTheLiving(word)) {
            return null;
        }
        boolean inDoubt = word != 0 && ((word & IN_DOUBT) != 0 || (word & Stamp.MASK) != 0);
        if (!inDoubt) {
            return cells.casInt(offset, word, word | mine | slept) ? Outcome.HELD : null;
        }
        if (whenInDoubt == WhenInDoubt.REFUSE) {
            freeOfDead(word);
            return Outcome.REFUSED;
        }
        int taken = (word & WAITERS) | slept | IN_DOUBT | mine;
        if (!cells.casInt(offset, word, taken)) {
            return null;
        }
        return (word & Stamp.MASK) == 0 ? Outcome.HELD_IN_DOUBT : Outcome.TAKEN_FROM_DEAD;
    }

    private void ensureNotClosed(int word) {
        if ((word & CLOSED) != 0) {
            throw new IllegalStateException(cells.owner() + " is closed");
        }
    }

    private boolean isOwnedByTheLiving(int word) {
        int owner = word & Stamp.MASK;
        return owner != 0 && !space.isDead(owner);
    }

    /** Frees the lock of an owner that is dead and lets the sleepers find out. */
    private void freeOfDead(int word) {
        if ((word & Stamp.MASK) == 0 || cells.casInt(offset, word, IN_DOUBT)) {
            Waiter.wake(cells, offset, Integer.MAX_VALUE);
        }
    }

    /**
     * The repair after a member's death, done by a keeper: frees the lock if the dead member held it.
     *
     * @param cells where the lock is
     * @param offset of its cell
     * @param dead the dead member's stamp
     * @return true if the dead member held it; of a fair lock the first in line is to be nudged then
     */
    public static boolean repair(Cells cells, long offset, int dead) {
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            if ((word & Stamp.MASK) != dead) {
                return false;
            }
            if (cells.casInt(offset, word, (word & CLOSED) | IN_DOUBT)) {
                Waiter.wake(cells, offset, Integer.MAX_VALUE);
                return true;
            }
        }
    }

    /**
     * Releases the lock, whoever acquired it.
     *
     * @throws IllegalMonitorStateException if nobody holds it
     */
    public void release() {
        if (!cells.casInt(offset, mine, 0)) {
            releaseSlowly();
        }
    }

    private void releaseSlowly() {
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            ensureNotClosed(word);
            if ((word & Stamp.MASK) == 0) {
                throw new IllegalMonitorStateException("nobody holds " + cells.owner());
            }
            // Whoever lines up meanwhile sets WAITERS afterwards, so it fails this compare-and-set or finds the lock
            // free.
            int left = turns != null && turns.isAnybodyThere() ? WAITERS : 0;
            if (cells.casInt(offset, word, (word & IN_DOUBT) | left)) {
                wakeNext(word);
                return;
            }
        }
    }

    private void wakeNext(int word) {
        if (turns != null) {
            turns.nudgeFirst();
        } else if ((word & WAITERS) != 0) {
            Waiter.wake(cells, offset, 1);
        }
    }

    /** Declares that what the lock guards is whole again. The caller holds the lock. */
    public void settle() {
        cells.getAndAndInt(offset, ~IN_DOUBT);
    }

    /**
     * Whether an owner died in the lock and nobody has settled it since.
     *
     * @return true if what the lock guards may be half-changed
     */
    public boolean isInDoubt() {
        return (cells.getIntVolatile(offset) & IN_DOUBT) != 0 || isOwnedByTheDead();
    }

    /**
     * Whether somebody has noted that an owner died in the lock in a cell; of an owner that has just died nobody may have.
     *
     * @param cells where the cell is
     * @param offset of the cell
     * @return true if so
     */
    public static boolean isInDoubt(Cells cells, long offset) {
        return (cells.getIntVolatile(offset) & IN_DOUBT) != 0;
    }

    private boolean isOwnedByTheDead() {
        int owner = owner();
        return owner != 0 && space.isDead(owner);
    }

    /**
     * Who holds the lock.
     *
     * @return the owning member's stamp, dead or alive, or 0 if the lock is free
     */
    public int owner() {
        return ownerIn(cells, offset);
    }

    /**
     * Who holds the lock in a cell.
     *
     * @param cells where the cell is
     * @param offset of the cell
     * @return the owning member's stamp, dead or alive, or 0 if the lock is free
     */
    public static int ownerIn(Cells cells, long offset) {
        return cells.getIntVolatile(offset) & Stamp.MASK;
    }

    /**
     * Ends the lock for ever and wakes everybody who waits for it.
     *
     * @param cells where the lock is
     * @param offset of its cell
     */
    public static void close(Cells cells, long offset) {
        cells.getAndOrInt(offset, CLOSED);
        Waiter.wake(cells, offset, Integer.MAX_VALUE);
    }
}
