package dev.procession.sched;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The ready job with the best priority runs.
 *
 * <p>Which numbers are better, whether a better job takes the CPU from a running one, and whether waiting makes better
 * are three choices. Equal priorities go by the time at which they became ready, then by list order, and a running job
 * keeps the CPU against its equals.
 *
 * <p>Aging, the cure for starvation: an aging clock ticks at every multiple of an interval, and at each of its ticks
 * every waiting job becomes better by one. A job keeps what it gained as long as it runs, and starts again from its own
 * priority the next time it waits.
 *
 * <p>Immutable.
 */
public final class HighestPriorityFirst implements Policy {
    /** Which numbers are better. */
    public enum Order {
        /** Small numbers are better, as in the text of Silberschatz. */
        SMALL_FIRST,
        /** Large numbers are better, as in an exercise of Silberschatz. */
        LARGE_FIRST
    }

    /** What happens when a better job becomes ready. */
    public enum Preemption {
        /** It waits for the end of the running job's burst. */
        NONE,
        /** It takes the CPU. */
        BY_BETTER
    }

    private final Order order;
    private final Preemption preemption;
    /** Ticks between two ticks of the aging clock; NEVER without aging. */
    private final long agingTicks;

    private HighestPriorityFirst(Order order, Preemption preemption, long agingTicks) {
        this.order = order;
        this.preemption = preemption;
        this.agingTicks = agingTicks;
    }

    /**
     * Without pre-emption and aging.
     *
     * @param order which numbers are better
     * @return the policy
     */
    public static HighestPriorityFirst of(Order order) {
        return new HighestPriorityFirst(order, Preemption.NONE, ReadyQueue.NEVER);
    }

    /**
     * The same policy with another answer to a better job.
     *
     * @param preemption what happens when a better job becomes ready
     * @return the other policy
     */
    public HighestPriorityFirst withPreemption(Preemption preemption) {
        return new HighestPriorityFirst(order, preemption, agingTicks);
    }

    /**
     * The same policy with aging.
     *
     * @param intervalTicks the time between two ticks of the aging clock; at least 1
     * @return the other policy
     * @throws IllegalArgumentException if {@code intervalTicks < 1}
     */
    public HighestPriorityFirst withAging(long intervalTicks) {
        if (intervalTicks < 1) {
            throw new IllegalArgumentException("the aging clock needs at least 1 tick: intervalTicks=" + intervalTicks);
        }
        return new HighestPriorityFirst(order, preemption, intervalTicks);
    }

    @Override
    public String name() {
        return "priority";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready(jobs.size());
    }

    /**
     * Ranks are priorities turned so that small is better. A waiting job's rank at time t is its own less the ticks of
     * the aging clock since it began to wait, which is (rank + clock at the beginning) - clock(t): the bracket never
     * changes, so a heap ordered by it stays in order while all its jobs age together.
     */
    private final class Ready implements ReadyQueue {
        private final long[] agedRank;
        private final PriorityQueue<ControlBlock> waiting;
        /** The job that had the CPU until this instant, and the rank with which it got it. */
        private @Nullable ControlBlock holder;

        private long runningRank;

        Ready(int jobCount) {
            agedRank = new long[jobCount];
            waiting = new PriorityQueue<>(Comparator.<ControlBlock>comparingLong(block -> agedRank[block.index()])
                    .thenComparingLong(ControlBlock::readySince)
                    .thenComparingInt(ControlBlock::index));
        }

        @Override
        public boolean interruptible() {
            return preemption == Preemption.BY_BETTER;
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            if (entry == Entry.INTERRUPTED) {
                holder = block;
            } else {
                startWaiting(block, now);
            }
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            ControlBlock held = holder;
            holder = null;
            ControlBlock best = waiting.peek();
            if (held != null && (best == null || rankNow(best, now) >= runningRank)) {
                return held;
            }
            if (best != null) {
                waiting.remove();
                runningRank = rankNow(best, now);
            }
            if (held != null) {
                startWaiting(held, now);
            }
            return best;
        }

        /** Only aging can let a waiting job pass the running one between two events. */
        @Override
        public long nextTimer(long now) {
            ControlBlock best = waiting.peek();
            if (best == null || agingTicks == NEVER || !interruptible()) {
                return NEVER;
            }
            long clock = Math.max(agedRank[best.index()] - runningRank, clock(now)) + 1;
            return clock > NEVER / agingTicks ? NEVER : clock * agingTicks;
        }

        private void startWaiting(ControlBlock block, long now) {
            agedRank[block.index()] = ownRank(block) + clock(now);
            waiting.add(block);
        }

        private long rankNow(ControlBlock block, long now) {
            return agedRank[block.index()] - clock(now);
        }

        private long clock(long now) {
            return agingTicks == NEVER ? 0 : now / agingTicks;
        }

        private long ownRank(ControlBlock block) {
            long priority = block.job().priority();
            return order == Order.SMALL_FIRST ? priority : -priority;
        }
    }
}
