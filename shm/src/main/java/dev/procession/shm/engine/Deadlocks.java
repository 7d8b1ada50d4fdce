package dev.procession.shm.engine;

import dev.procession.core.DeadlockException;
import dev.procession.shm.engine.WaitForGraph.Cycle;
import dev.procession.shm.engine.WaitForGraph.Node;
import dev.procession.shm.os.ProcessIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds deadlocks among the threads that block for primitives of a space, before they block. Source: DESIGN D14.
 *
 * <pre>
 *   lock()  fast path: nothing of this
 *     |
 *   Wait.pause ---- DeadlockWatch.look      first time: write the record into BlockedThreads
 *                        |                  then, and now and again: follow the WaitForGraph
 *                        |                  a cycle of which this is the last edge: throw, or report
 *   Wait.close ---- DeadlockWatch.end       give the record back
 * </pre>
 */
public final class Deadlocks {
    private final BlockedThreads blocked;
    private final SpaceWaits waits;
    private final WaitForGraph graph;
    private final Standstill standstill;
    private final DeadlockPolicy policy;

    Deadlocks(AttachedSpace space, DeadlockPolicy policy, BlockedThreads blocked, IntFunction<PrimitiveKind> kinds) {
        this.blocked = blocked;
        this.policy = policy;
        this.waits = new SpaceWaits(
                space.members(),
                space.directory(),
                blocked,
                kinds,
                new Labels(
                        space.directory(), space.names(), kinds, space.address().shortId()));
        this.graph = new WaitForGraph(waits, Deadlocks::waitsOfAllSpaces);
        this.standstill = new Standstill(
                waits, space.stamp(), ProcessIdentity.unpack(space.address().root()));
    }

    /**
     * What is done about them.
     *
     * @return the space's policy
     */
    public DeadlockPolicy policy() {
        return policy;
    }

    /**
     * Watches one wait of the calling thread.
     *
     * @param entry what it waits for
     * @param way whether the wait may end by an exception
     * @return what to make the wait with; null if nobody looks for deadlocks here
     */
    public @Nullable DeadlockWatch watch(Entry entry, DeadlockWatch.Way way) {
        return policy == DeadlockPolicy.OFF ? null : new DeadlockWatch(this, Awaited.of(entry), way);
    }

    /** Watches a wait of the calling thread for the end of a process; null if nobody looks for deadlocks here. */
    @Nullable
    DeadlockWatch watchEndOf(ProcessIdentity process) {
        return policy == DeadlockPolicy.OFF
                ? null
                : new DeadlockWatch(this, Awaited.endOf(process), DeadlockWatch.Way.MUST_RETURN);
    }

    BlockedThreads blocked() {
        return blocked;
    }

    private static List<SpaceWaits> waitsOfAllSpaces() {
        List<SpaceWaits> all = new ArrayList<>();
        for (AttachedSpace space : Keeper.spaces()) {
            all.add(space.deadlocks().waits);
        }
        return all;
    }

    @Nullable
    Cycle cycleOf(int record) {
        try {
            return graph.cycleOf(record);
        } catch (IllegalStateException left) {
            return null; // one of the spaces was left meanwhile, and with it what was held there
        }
    }

    /** What stands still, seen by a blocked thread: see {@link Standstill#look}. */
    List<BlockedThread> standstill(int record) {
        return standstill.look(record);
    }

    /** Whether the wait that a cycle is to be ended or reported by is that of a record. */
    @SuppressWarnings("ReferenceEquality") // one object a space
    boolean isVictim(Cycle cycle, int record) {
        Node victim = cycle.victim();
        return victim.where() == waits && victim.thread().record() == record;
    }

    /** A member has died: its threads wait no more. */
    void repair(int dead) {
        blocked.repair(dead);
    }

    DeadlockException exception(Cycle cycle) {
        return new DeadlockException(describe(cycle));
    }

    /** Such as {@code deadlock: buyer-3 (pid 71, thread main) waits for ...}. */
    String describe(Cycle cycle) {
        return "deadlock: ".concat(DeadlockText.of(cycle));
    }

    /** Such as {@code deadlock: all threads of all processes wait: buyer-3 (pid 71, thread main) waits for ...}. */
    String describe(List<BlockedThread> still) {
        return "deadlock: ".concat(DeadlockText.of(waits, still));
    }
}
