package dev.procession.shm.engine;

import java.util.ArrayList;
import java.util.List;
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
    /** The JVM gives it that name, and no id that one could tell. */
    private static final String MAIN_THREAD = "main";

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
    private List<Holder> holdersOf(Awaited awaited) {
        return awaited.isEndOfProcess()
                ? mainThreadOf(awaited.process())
                : holdersOf(awaited.index(), awaited.generation());
    }

    /** A process does not end before its main thread has; others may live on, or somebody may kill it. */
    private List<Holder> mainThreadOf(long process) {
        int member = members.memberOf(process);
        BlockedThread main = member == 0 ? null : blocked.findEndless(member, MAIN_THREAD);
        return main == null ? List.of() : List.of(new Holder(member, main.thread(), Holder.Release.BY_ANYBODY));
    }

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
        return second != null && second.sawTheSameAs(first) ? second.cycle() : null;
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

    /** A wait that was reached, how, and who holds what it waits for. */
    private static final class Reached {
        final BlockedThread thread;
        final @Nullable Reached from;
        List<Holder> holders = List.of();

        Reached(BlockedThread thread, @Nullable Reached from) {
            this.thread = thread;
            this.from = from;
        }

        boolean isAs(Reached other) {
            if (thread.ticket() != other.thread.ticket() || holders.size() != other.holders.size()) {
                return false;
            }
            for (int i = 0; i < holders.size(); i++) {
                if (!holders.get(i).isSame(other.holders.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * One way through the graph, breadth first.
     *
     * <p>Written without lambdas, and records are not compared as such: in a JVM that has just started, what those link at
     * first use would take longer than all the rest of telling a deadlock.
     */
    private final class Search {
        /** Each wait that was reached, in that order; beginning with the one it is about. */
        private final List<Reached> reached = new ArrayList<>();

        private @Nullable Reached closing;

        Search(BlockedThread from) {
            reached.add(new Reached(from, null));
        }

        /** Whether all that were reached are stuck. */
        boolean run() {
            for (int next = 0; next < reached.size(); next++) {
                Reached waiting = reached.get(next);
                waiting.holders = holdersOf(waiting.thread.awaited());
                if (waiting.holders.isEmpty()) {
                    return false;
                }
                for (Holder holder : waiting.holders) {
                    if (!follow(waiting, holder)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean follow(Reached waiting, Holder holder) {
            if (members.isDead(holder.member())) {
                return false;
            }
            BlockedThread held = blocked.findEndless(holder);
            if (held == null) {
                return false;
            }
            if (held.ticket() == reached.getFirst().thread.ticket()) {
                closing = closing == null ? waiting : closing;
            } else if (!isReached(held)) {
                reached.add(new Reached(held, waiting));
            }
            return true;
        }

        private boolean isReached(BlockedThread thread) {
            for (Reached each : reached) {
                if (each.thread.ticket() == thread.ticket()) {
                    return true;
                }
            }
            return false;
        }

        boolean sawTheSameAs(Search other) {
            if (reached.size() != other.reached.size()) {
                return false;
            }
            for (int i = 0; i < reached.size(); i++) {
                if (!reached.get(i).isAs(other.reached.get(i))) {
                    return false;
                }
            }
            return true;
        }

        Cycle cycle() {
            List<BlockedThread> threads = new ArrayList<>();
            Holder.Release release = Holder.Release.BY_HOLDER;
            for (Reached at = closing; at != null; at = at.from) {
                threads.addFirst(at.thread);
                for (Holder holder : at.holders) {
                    if (holder.release() == Holder.Release.BY_ANYBODY) {
                        release = Holder.Release.BY_ANYBODY;
                    }
                }
            }
            return new Cycle(threads, release);
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
