package dev.procession.shm.engine;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * Watches one wait of one thread: makes it seen by others, and looks whether it closes a cycle. Used by one thread; has no
 * cost before the thread is about to block.
 */
public final class DeadlockWatch {
    private static final Logger LOG = System.getLogger("dev.procession.shm");
    private static final long BREAK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After the first few slices it looks about once a second: only who closes a cycle at the same moment needs it. */
    private static final int MOST_SLICES_APART = 50;

    private static final int UNRECORDED = -2;

    /** How the wait may end. */
    public enum Way {
        /** By an exception too. */
        MAY_THROW,
        /** Only by getting what it waits for. */
        MUST_RETURN
    }

    private final Deadlocks deadlocks;
    private final Awaited awaited;
    private final Way way;
    private int record = UNRECORDED;
    private int looks;
    private int nextLook;
    private boolean told;
    private long toldNanoTime;

    DeadlockWatch(Deadlocks deadlocks, Awaited awaited, Way way) {
        this.deadlocks = deadlocks;
        this.awaited = awaited;
        this.way = way;
    }

    /** The thread is about to block, for a slice, until its time is up or without end. */
    void look(boolean endless) {
        if (record == UNRECORDED) {
            record = deadlocks.blocked().enter(awaited, stateOf(endless));
        }
        if (endless && record >= 0 && looks++ >= nextLook) {
            nextLook = looks + Math.min(looks - 1, MOST_SLICES_APART);
            check();
        }
    }

    private int stateOf(boolean endless) {
        if (!endless) {
            return BlockedLayout.TIMED;
        }
        return way == Way.MAY_THROW ? BlockedLayout.ENDLESS : BlockedLayout.RETURNING;
    }

    private void check() {
        Cycle cycle = deadlocks.cycleOf(record);
        if (cycle == null) {
            told = false;
            return;
        }
        if (!deadlocks.isVictim(cycle, record)) {
            return;
        }
        if (way == Way.MAY_THROW && isToBeEnded(cycle)) {
            throw deadlocks.exception(cycle);
        }
        if (!told) {
            told = true;
            toldNanoTime = System.nanoTime();
            LOG.log(Level.WARNING, deadlocks.describe(cycle));
        }
    }

    private boolean isToBeEnded(Cycle cycle) {
        return switch (deadlocks.policy()) {
            case THROW -> cycle.release() == Holder.Release.BY_HOLDER;
            case BREAK -> told && System.nanoTime() - toldNanoTime >= BREAK_AFTER_NANOS;
            case REPORT, OFF -> false;
        };
    }

    /** The wait is over. */
    void end() {
        if (record >= 0) {
            deadlocks.blocked().leave(record);
            record = UNRECORDED;
        }
    }
}
