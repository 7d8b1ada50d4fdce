package dev.procession.shm.engine;

import dev.procession.core.DeadlockException;
import dev.procession.shm.engine.WaitForGraph.Cycle;
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
    private final AttachedSpace space;
    private final IntFunction<PrimitiveKind> kinds;
    private final BlockedThreads blocked;
    private final WaitForGraph graph;
    private final DeadlockPolicy policy;

    Deadlocks(AttachedSpace space, DeadlockPolicy policy, BlockedThreads blocked, IntFunction<PrimitiveKind> kinds) {
        this.space = space;
        this.kinds = kinds;
        this.blocked = blocked;
        this.policy = policy;
        this.graph = new WaitForGraph(space, blocked, this::holdersOf);
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
        return policy == DeadlockPolicy.OFF ? null : new DeadlockWatch(this, entry, way);
    }

    BlockedThreads blocked() {
        return blocked;
    }

    @Nullable
    Cycle cycleOf(int record) {
        return graph.cycleOf(record);
    }

    private List<Holder> holdersOf(int index, int generation) {
        long word = space.directory().wordOf(index);
        if (EntryLayout.stateOf(word) != EntryLayout.LIVE || EntryLayout.generationOf(word) != generation) {
            return List.of();
        }
        PrimitiveKind kind = kinds.apply(EntryLayout.kindOf(word));
        return kind.holders(space.payloadOf(index, kind));
    }

    /** A member has died: its threads wait no more. */
    void repair(int dead) {
        blocked.repair(dead);
    }

    DeadlockException exception(Cycle cycle) {
        return new DeadlockException("deadlock: " + describe(cycle));
    }

    /**
     * Such as {@code buyer-3 (pid 71, thread main) waits for noodles held by buyer-1 (pid 69) at Meal.java:41, which waits
     * for chopsticks held by buyer-3 (pid 71) at Meal.java:33}. The line is where the holder stands, waiting itself. Threads
     * but the first are named unless they are their program's main thread.
     */
    String describe(Cycle cycle) {
        List<BlockedThread> threads = cycle.threads();
        StringBuilder text = new StringBuilder();
        BlockedThread first = threads.getFirst();
        text.append(party(first, ", thread " + blocked.threadName(first)));
        for (int i = 0; i < threads.size(); i++) {
            BlockedThread holder = threads.get((i + 1) % threads.size());
            String thread = blocked.threadName(holder);
            text.append(i == 0 ? " waits for " : ", which waits for ")
                    .append(space.nameOf(threads.get(i).target()))
                    .append(" held by ")
                    .append(party(holder, thread.equals("main") ? "" : ", thread " + thread));
            String frame = blocked.frame(holder);
            if (!frame.isEmpty()) {
                text.append(" at ").append(frame);
            }
        }
        return text.toString();
    }

    private String party(BlockedThread thread, String rest) {
        return space.memberName(thread.member()) + " (pid " + space.pidOf(thread.member()) + rest + ")";
    }
}
