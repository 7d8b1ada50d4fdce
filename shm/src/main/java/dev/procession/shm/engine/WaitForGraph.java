package dev.procession.shm.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom in a space: from each thread that blocks without a time-out to the threads that hold what it waits
 * for.
 *
 * <p><b>When a cycle is one.</b> The search reads what others change meanwhile, so it is made twice. If both times it
 * finds the same waits, told apart by their tickets, and the same holders, then at the moment between the two each thread
 * was in its wait: so it released nothing from then on, and what it was seen to hold in both, it held then. What all
 * threads of a cycle wait for is held by threads of the cycle at one moment, and that does not pass by itself.
 *
 * <p><b>Nobody is overlooked.</b> A thread publishes its wait by a volatile store and looks afterwards; of the threads
 * that close a cycle together at least the last to publish sees all of it. The others see it when they look again.
 *
 * <p>Where several hold what one waits for, all of them must be stuck: any could let it go on.
 */
final class WaitForGraph {
    private final Members members;
    private final Directory directory;
    private final BlockedThreads blocked;
    private final IntFunction<PrimitiveKind> kinds;

    WaitForGraph(Members members, Directory directory, BlockedThreads blocked, IntFunction<PrimitiveKind> kinds) {
        this.members = members;
        this.directory = directory;
        this.blocked = blocked;
        this.kinds = kinds;
    }

    /** All that hold a primitive; nobody if it is free or gone, or it is not known who holds it. */
    private List<Holder> holdersOf(int index, int generation) {
        if (index < 0 || index >= directory.used()) {
            return List.of();
        }
        long word = directory.wordOf(index);
        if (EntryLayout.stateOf(word) != EntryLayout.LIVE || EntryLayout.generationOf(word) != generation) {
            return List.of();
        }
        PrimitiveKind kind = kinds.apply(EntryLayout.kindOf(word));
        return kind.holders(directory.payloadOf(index, kind.label()));
    }

    /** The cycle that a wait is part of, and nobody outside of it can break; null if there is none. */
    @Nullable
    Cycle cycleOf(int record) {
        Search first = search(record);
        if (first == null) {
            return null;
        }
        Search second = search(record);
        return second != null && second.reached.equals(first.reached) ? second.cycle() : null;
    }

    /** The same of one look, which proves nothing by itself: for a copy of the space, to be compared with a later one. */
    @Nullable
    Cycle glimpseOf(int record) {
        Search search = search(record);
        return search == null ? null : search.cycle();
    }

    private @Nullable Search search(int record) {
        BlockedThread from = blocked.read(record);
        if (from == null || !from.isEndless()) {
            return null;
        }
        Search search = new Search(from);
        return search.run() && search.closing != null ? search : null;
    }

    /** One way through the graph. */
    private final class Search {
        private final BlockedThread from;
        private final Deque<BlockedThread> open = new ArrayDeque<>();

        /** Each wait that was reached, and who holds what it waits for. */
        private final Map<BlockedThread, List<Holder>> reached = new LinkedHashMap<>();

        private final Map<BlockedThread, BlockedThread> reachedFrom = new LinkedHashMap<>();
        private @Nullable BlockedThread closing;

        Search(BlockedThread from) {
            this.from = from;
        }

        /** Whether all that were reached are stuck. */
        boolean run() {
            reached.put(from, List.of());
            open.add(from);
            for (BlockedThread next = open.poll(); next != null; next = open.poll()) {
                List<Holder> holding = holdersOf(next.target(), next.generation());
                if (holding.isEmpty()) {
                    return false;
                }
                reached.put(next, holding);
                for (Holder holder : holding) {
                    if (!follow(next, holder)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean follow(BlockedThread waiting, Holder holder) {
            if (members.isDead(holder.member())) {
                return false;
            }
            BlockedThread held = blocked.findEndless(holder);
            if (held == null) {
                return false;
            }
            if (held.equals(from)) {
                closing = closing == null ? waiting : closing;
            } else if (reached.putIfAbsent(held, List.of()) == null) {
                reachedFrom.put(held, waiting);
                open.add(held);
            }
            return true;
        }

        Cycle cycle() {
            List<BlockedThread> threads = new ArrayList<>();
            for (BlockedThread at = closing; at != null; at = reachedFrom.get(at)) {
                threads.addFirst(at);
            }
            boolean byHolders = threads.stream()
                    .allMatch(thread -> reached.getOrDefault(thread, List.of()).stream()
                            .allMatch(holder -> holder.release() == Holder.Release.BY_HOLDER));
            return new Cycle(threads, byHolders ? Holder.Release.BY_HOLDER : Holder.Release.BY_ANYBODY);
        }
    }

    /**
     * Threads of which each waits for what the next one holds, and the last for what the first one holds.
     *
     * @param threads beginning with the one that looked
     * @param release who could release what they wait for
     */
    record Cycle(List<BlockedThread> threads, Holder.Release release) {
        /**
         * Whose wait is to be ended: of those that can give up the one that began last, so that all who see the cycle
         * agree. If none can, the last of all, who reports it.
         */
        BlockedThread victim() {
            BlockedThread victim = threads.getFirst();
            for (BlockedThread thread : threads) {
                boolean rather = thread.canGiveUp() == victim.canGiveUp()
                        ? thread.ticket() > victim.ticket()
                        : thread.canGiveUp();
                if (rather) {
                    victim = thread;
                }
            }
            return victim;
        }
    }
}
