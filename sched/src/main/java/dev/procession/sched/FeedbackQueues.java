package dev.procession.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The multi-level feedback queue: learns which jobs are short or wait for people much, without being told. A job starts
 * on the highest level; using up its allotment there sends it one level down; the head of the highest level that is not
 * empty runs. So what stays on top is what gives the CPU back early.
 *
 * <p>The rules in which OSTEP, Stallings and Silberschatz differ come from the {@link Preset}. Common to all:
 *
 * <ul>
 *   <li>A quantum that is used up sends the job to the tail of its level, or, with the last quantum of its allotment, of
 *       the level below. On the lowest level both are refilled for ever.
 *   <li>A job that loses the CPU in the middle of a quantum keeps the head of its level and the rest of the quantum.
 *   <li>I/O resets neither quantum nor allotment, so that nobody stays on top by giving the CPU back a tick too early
 *       ({@link AfterIo#FRESH_QUANTUM} lets him). If the quantum ends with the very tick at which the I/O begins, it is
 *       used up: the job comes back where that sends it.
 *   <li>A boost, at every multiple of an interval, moves all jobs to the highest level with a fresh quantum and allotment,
 *       also those in I/O. Jobs already there keep their places; the others follow, lowest level first.
 * </ul>
 *
 * <p>Immutable.
 *
 * <p>Source: F. Corbat&oacute;, M. Merwin-Daggett, R. Daley, <i>An Experimental Time-Sharing System</i>, 1962; rules by
 * the books named in {@link Preset}.
 */
public final class FeedbackQueues implements Policy {
    /** What I/O does to the quantum and the allotment a job has left. */
    public enum AfterIo {
        /** Nothing. */
        SAME_QUANTUM,
        /** Both are filled up: the old rule, which can be gamed. */
        FRESH_QUANTUM
    }

    /** Where a job queues when its I/O is done. */
    public enum ReturnTo {
        /** At the tail of its level. */
        TAIL,
        /** At the head of its level, before the running job if that is of the same level. */
        HEAD
    }

    private final Preset preset;
    private final Levels levels;
    private final long boostTicks;
    private final AfterIo afterIo;
    private final ReturnTo returnTo;

    private FeedbackQueues(Preset preset, Levels levels, long boostTicks, AfterIo afterIo, ReturnTo returnTo) {
        this.preset = preset;
        this.levels = levels;
        this.boostTicks = boostTicks;
        this.afterIo = afterIo;
        this.returnTo = returnTo;
    }

    /**
     * Without boost; I/O changes nothing, and jobs come back from it to the tail.
     *
     * @param preset whose rules
     * @param levels the levels
     * @return the policy
     */
    public static FeedbackQueues of(Preset preset, Levels levels) {
        return new FeedbackQueues(preset, levels, ReadyQueue.NEVER, AfterIo.SAME_QUANTUM, ReturnTo.TAIL);
    }

    /**
     * The same policy with a boost.
     *
     * @param intervalTicks the time between two boosts; at least 1
     * @return the other policy
     * @throws IllegalArgumentException if {@code intervalTicks < 1}
     */
    public FeedbackQueues withBoost(long intervalTicks) {
        if (intervalTicks < 1) {
            throw new IllegalArgumentException("boosts are at least 1 tick apart: intervalTicks=" + intervalTicks);
        }
        return new FeedbackQueues(preset, levels, intervalTicks, afterIo, returnTo);
    }

    /**
     * The same policy with another effect of I/O.
     *
     * @param afterIo what I/O does to quantum and allotment
     * @return the other policy
     */
    public FeedbackQueues withAfterIo(AfterIo afterIo) {
        return new FeedbackQueues(preset, levels, boostTicks, afterIo, returnTo);
    }

    /**
     * The same policy with another place for jobs that come back from I/O.
     *
     * @param returnTo where they queue
     * @return the other policy
     */
    public FeedbackQueues withReturnTo(ReturnTo returnTo) {
        return new FeedbackQueues(preset, levels, boostTicks, afterIo, returnTo);
    }

    @Override
    public String name() {
        return "mlfq";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready(jobs.size());
    }

    /**
     * Depth 0 is the highest level, whatever its number. A boost costs no walk over all jobs: it raises {@code boosts},
     * and a job whose own count is behind is brought up to date when it is next looked at. Moving the queues up costs
     * only those jobs that went down since the boost before.
     */
    private final class Ready implements ReadyQueue {
        private final List<ArrayDeque<ControlBlock>> queues = new ArrayList<>();
        private final BitSet filled = new BitSet();

        private final int[] depth;
        private final long[] quantumLeft;
        private final long[] allotmentLeft;
        private final long[] boostsSeen;
        private long boosts = 1;

        Ready(int jobCount) {
            depth = new int[jobCount];
            quantumLeft = new long[jobCount];
            allotmentLeft = new long[jobCount];
            boostsSeen = new long[jobCount];
        }

        @Override
        public boolean interruptible() {
            return preset != Preset.STALLINGS;
        }

        @Override
        public boolean expiredFirst() {
            return preset.expiredFirst();
        }

        @Override
        public boolean beginsSegment(Entry entry) {
            return preset.slicesAreSegments();
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            int index = upToDate(block);
            boolean first = entry == Entry.INTERRUPTED || (entry == Entry.RETURNED && returnTo == ReturnTo.HEAD);
            if (entry == Entry.EXPIRED && quantumLeft[index] == 0) {
                useUpQuantum(index);
            }
            ArrayDeque<ControlBlock> queue = queue(depth[index]);
            if (first) {
                queue.addFirst(block);
            } else {
                queue.addLast(block);
            }
            filled.set(depth[index]);
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            int highest = filled.nextSetBit(0);
            if (highest < 0) {
                return null;
            }
            ControlBlock head = queue(highest).remove();
            filled.set(highest, !queue(highest).isEmpty());
            upToDate(head);
            return head;
        }

        @Override
        public long slice(ControlBlock block) {
            return quantumLeft[block.index()];
        }

        @Override
        public void ran(ControlBlock block, long ticks) {
            int index = block.index();
            quantumLeft[index] -= quantumLeft[index] == NEVER ? 0 : ticks;
        }

        @Override
        public void blocked(ControlBlock block) {
            int index = block.index();
            boolean usedUp = quantumLeft[index] == 0;
            if (afterIo == AfterIo.FRESH_QUANTUM) {
                moveTo(depth[index], index);
            }
            if (usedUp) {
                useUpQuantum(index);
            }
        }

        @Override
        public long nextTimer(long now) {
            if (boostTicks == NEVER) {
                return NEVER;
            }
            long next = (Math.max(now, 0) / boostTicks + 1) * boostTicks;
            return next < 0 ? NEVER : next;
        }

        @Override
        public Event.Kind timer(long now) {
            boosts++;
            ArrayDeque<ControlBlock> top = queue(0);
            for (int from = filled.length() - 1; from > 0; from = filled.previousSetBit(from - 1)) {
                top.addAll(queue(from));
                queue(from).clear();
            }
            filled.clear();
            filled.set(0, !top.isEmpty());
            return Event.Kind.BOOSTED;
        }

        @Override
        public Rank rank(ControlBlock block) {
            int index = block.index();
            int level = preset == Preset.OSTEP && levels.count() != Levels.UNLIMITED
                    ? levels.count() - 1 - depth[index]
                    : depth[index];
            return new Rank(level, quantumLeft[index], allotmentLeft[index]);
        }

        private ArrayDeque<ControlBlock> queue(int depth) {
            while (queues.size() <= depth) {
                queues.add(new ArrayDeque<>());
            }
            return queues.get(depth);
        }

        /** A job new to the queue, or boosted since it was last looked at, is on the highest level. */
        private int upToDate(ControlBlock block) {
            int index = block.index();
            if (boostsSeen[index] != boosts) {
                moveTo(0, index);
            }
            return index;
        }

        private void useUpQuantum(int index) {
            boolean staysForWantOfOthers = preset == Preset.STALLINGS && filled.isEmpty();
            allotmentLeft[index]--;
            if (allotmentLeft[index] > 0) {
                quantumLeft[index] = levels.quantumTicks(depth[index]);
            } else {
                boolean sinks = depth[index] < levels.count() - 1 && !staysForWantOfOthers;
                moveTo(depth[index] + (sinks ? 1 : 0), index);
            }
        }

        private void moveTo(int newDepth, int index) {
            depth[index] = newDepth;
            quantumLeft[index] = levels.quantumTicks(newDepth);
            allotmentLeft[index] = levels.allotment(newDepth);
            boostsSeen[index] = boosts;
        }
    }
}
