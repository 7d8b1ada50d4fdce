package dev.procession.shm.engine;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
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

    /** So many slices a wait that anybody may end goes on unseen: most end sooner, and nobody needs to hear at once. */
    private static final int UNSEEN_SLICES = 5;

    /** Before that a standstill is not looked for. */
    private static final int FIRST_LOOKS = 5;

    private static final int UNRECORDED = -2;

    /** How the wait may end. */
    public enum Way {
        /** By an exception too. */
        MAY_THROW,
        /** Only by getting what it waits for. */
        MUST_RETURN,
        /** The same, and any thread of any process may bring that: it is no edge, but part of a {@link Standstill}. */
        FOR_ANYBODY
    }

    private final Deadlocks deadlocks;
    private final Awaited awaited;
    private final Way way;
    private int record = UNRECORDED;
    private int looks;
    private int nextLook;
    private int slices;
    private boolean told;
    private long toldNanoTime;

    DeadlockWatch(Deadlocks deadlocks, Awaited awaited, Way way) {
        this.deadlocks = deadlocks;
        this.awaited = awaited;
        this.way = way;
    }

    /** The thread is about to block, for a slice, until its time is up or without end. */
    void look(boolean endless) {
        if (way == Way.FOR_ANYBODY && (!endless || slices++ < UNSEEN_SLICES)) {
            return;
        }
        if (record == UNRECORDED) {
            record = deadlocks.blocked().enter(awaited, stateOf(endless));
        }
        if (endless && record >= 0) {
            lookEndlessly();
        }
    }

    private void lookEndlessly() {
        if (looks > 0) {
            deadlocks.blocked().setLooked(record);
        }
        if (way != Way.FOR_ANYBODY && looks >= nextLook) {
            nextLook = looks + 1 + Math.min(looks, MOST_SLICES_APART);
            check();
        }
        if (looks++ >= FIRST_LOOKS) {
            checkStandstill();
        }
    }

    private void checkStandstill() {
        List<BlockedThread> still = deadlocks.standstill(record);
        if (!still.isEmpty()) {
            LOG.log(Level.WARNING, deadlocks.describe(still));
        }
    }

    private int stateOf(boolean endless) {
        if (!endless) {
            return BlockedLayout.TIMED;
        }
        return switch (way) {
            case MAY_THROW -> BlockedLayout.ENDLESS;
            case MUST_RETURN -> BlockedLayout.RETURNING;
            case FOR_ANYBODY -> BlockedLayout.FOR_ANYBODY;
        };
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
