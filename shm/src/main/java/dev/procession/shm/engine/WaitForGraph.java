package dev.procession.shm.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom in a space: from each thread that blocks without a time-out to the threads that hold what it waits
 * for. A holder may be blocked in another space than the one where it holds: it is looked for in all that this JVM is a
 * member of.
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
    private final SpaceWaits home;
    private final Supplier<List<SpaceWaits>> all;

    /**
     * The graph as seen from a space.
     *
     * @param home whose waits are searched from
     * @param all where else holders may be blocked; may contain {@code home}
     */
    WaitForGraph(SpaceWaits home, Supplier<List<SpaceWaits>> all) {
        this.home = home;
        this.all = all;
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
        BlockedThread from = home.blocked().read(record);
        if (from == null || !from.isEndless()) {
            return null;
        }
        Search search = new Search(new Node(home, from));
        return search.run() && search.closing != null ? search : null;
    }

    /**
     * A wait.
     *
     * @param where in which space
     * @param thread who waits
     */
    record Node(SpaceWaits where, BlockedThread thread) {
        @SuppressWarnings("ReferenceEquality") // one object a space
        boolean isSame(Node other) {
            return thread.ticket() == other.thread.ticket() && where == other.where;
        }

        /** An order that all who see both agree on: tickets of two spaces do not compare. */
        private boolean beganAfter(Node other) {
            return thread.sinceNanoTime() == other.thread.sinceNanoTime()
                    ? thread.ticket() > other.thread.ticket()
                    : thread.sinceNanoTime() > other.thread.sinceNanoTime();
        }
    }

    /** A wait that was reached, how, and who holds what it waits for. */
    private static final class Reached {
        final Node node;
        final @Nullable Reached from;
        List<Holder> holders = List.of();

        Reached(Node node, @Nullable Reached from) {
            this.node = node;
            this.from = from;
        }

        boolean isAs(Reached other) {
            if (!node.isSame(other.node) || holders.size() != other.holders.size()) {
                return false;
            }
            for (int i = 0; i < holders.size(); i++) {
                if (!holders.get(i).isSame(other.holders.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /** A process that somebody waits for can be killed by anybody. */
        boolean isReleasedByAnybody() {
            for (Holder holder : holders) {
                if (holder.release() == Holder.Release.BY_ANYBODY) {
                    return true;
                }
            }
            return node.thread.awaited().isEndOfProcess();
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

        Search(Node from) {
            reached.add(new Reached(from, null));
        }

        /** Whether all that were reached are stuck. */
        boolean run() {
            for (int next = 0; next < reached.size(); next++) {
                if (!followAll(reached.get(next))) {
                    return false;
                }
            }
            return true;
        }

        private boolean followAll(Reached waiting) {
            Awaited awaited = waiting.node.thread.awaited();
            if (awaited.isEndOfProcess()) {
                return follow(waiting, mainThreadOf(awaited.process()));
            }
            waiting.holders = waiting.node.where.holdersOf(awaited);
            for (Holder holder : waiting.holders) {
                if (!follow(waiting, waitOf(waiting.node.where, holder))) {
                    return false;
                }
            }
            return !waiting.holders.isEmpty();
        }

        /** A process does not end before its main thread has; others may live on, or somebody may kill it. */
        private @Nullable Node mainThreadOf(long process) {
            BlockedThread main = home.waitOfMain(process);
            if (main != null) {
                return new Node(home, main);
            }
            for (SpaceWaits where : all.get()) {
                main = where.waitOfMain(process);
                if (main != null) {
                    return new Node(where, main);
                }
            }
            return null;
        }

        private @Nullable Node waitOf(SpaceWaits where, Holder holder) {
            long process = where.processOf(holder);
            if (process == 0) {
                return null;
            }
            BlockedThread thread = where.waitOf(holder);
            return thread == null ? waitElsewhere(where, process, holder.thread()) : new Node(where, thread);
        }

        @SuppressWarnings("ReferenceEquality") // one object a space
        private @Nullable Node waitElsewhere(SpaceWaits where, long process, long thread) {
            for (SpaceWaits other : all.get()) {
                BlockedThread found = other == where ? null : other.waitOf(process, thread);
                if (found != null) {
                    return new Node(other, found);
                }
            }
            return null;
        }

        private boolean follow(Reached waiting, @Nullable Node next) {
            if (next == null) {
                return false;
            }
            if (next.isSame(reached.getFirst().node)) {
                closing = closing == null ? waiting : closing;
            } else if (!isReached(next)) {
                reached.add(new Reached(next, waiting));
            }
            return true;
        }

        private boolean isReached(Node node) {
            for (Reached each : reached) {
                if (each.node.isSame(node)) {
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
            List<Node> waits = new ArrayList<>();
            Holder.Release release = Holder.Release.BY_HOLDER;
            for (Reached at = closing; at != null; at = at.from) {
                waits.addFirst(at.node);
                if (at.isReleasedByAnybody()) {
                    release = Holder.Release.BY_ANYBODY;
                }
            }
            return new Cycle(waits, release);
        }
    }

    /**
     * Threads of which each waits for what the next one holds, and the last for what the first one holds.
     *
     * @param waits theirs, beginning with the one that looked
     * @param release who could release what they wait for
     */
    record Cycle(List<Node> waits, Holder.Release release) {
        /**
         * Whose wait is to be ended: of those that can give up the one that began last, so that all who see the cycle
         * agree. If none can, the last of all, who reports it.
         */
        Node victim() {
            Node victim = waits.getFirst();
            for (Node wait : waits) {
                boolean rather = wait.thread.canGiveUp() == victim.thread.canGiveUp()
                        ? wait.beganAfter(victim)
                        : wait.thread.canGiveUp();
                if (rather) {
                    victim = wait;
                }
            }
            return victim;
        }
    }
}
