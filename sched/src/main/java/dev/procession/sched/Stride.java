package dev.procession.sched;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Shares the CPU in proportion to tickets without chance: each job has a pass that grows by its stride, which is the
 * smaller the more tickets it has, and the job with the smallest pass runs next. Equal passes go by list order.
 *
 * <p>A job that arrives or comes back from I/O does not make up for time it was away: its pass is lifted to that of the
 * job that ran last. A job that gives up its quantum early pays for what it used.
 *
 * <p>Source: C. Waldspurger, W. Weihl, <i>Stride Scheduling: Deterministic Proportional-Share Resource Management</i>,
 * MIT/LCS/TM-528, 1995.
 *
 * @param quantumTicks the quantum; at least 1
 * @param preset who queues first is no question here; whether each quantum is a segment of its own
 */
public record Stride(long quantumTicks, Preset preset) implements Policy {
    /** Where strides cannot be exact, this is their common multiple; large, so that rounding is small. */
    private static final long COARSE_MULTIPLE = 1L << 30;

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if {@code quantumTicks < 1}
     */
    public Stride {
        if (quantumTicks < 1) {
            throw new IllegalArgumentException("the quantum is at least 1 tick: quantumTicks=" + quantumTicks);
        }
    }

    /**
     * Stride scheduling by the rules of OSTEP.
     *
     * @param quantumTicks the quantum; at least 1
     * @return the policy
     * @throws IllegalArgumentException if {@code quantumTicks < 1}
     */
    public static Stride of(long quantumTicks) {
        return new Stride(quantumTicks, Preset.OSTEP);
    }

    @Override
    public String name() {
        return "stride";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready(jobs);
    }

    /** The least common multiple of all tickets makes every stride a whole number, if it is not too large. */
    private static long commonMultiple(List<Job> jobs) {
        BigInteger multiple = BigInteger.ONE;
        for (Job job : jobs) {
            BigInteger tickets = BigInteger.valueOf(job.tickets());
            multiple = multiple.divide(multiple.gcd(tickets)).multiply(tickets);
            if (multiple.bitLength() > 30) {
                return COARSE_MULTIPLE;
            }
        }
        return multiple.longValueExact();
    }

    private final class Ready implements ReadyQueue {
        private final long[] stride;
        private final long[] pass;
        private final PriorityQueue<ControlBlock> ready;
        /** The pass of the job that was chosen last. */
        private long globalPass;

        Ready(List<Job> jobs) {
            long multiple = commonMultiple(jobs);
            stride = jobs.stream()
                    .mapToLong(job -> Math.max(1, multiple / job.tickets()))
                    .toArray();
            pass = new long[jobs.size()];
            ready = new PriorityQueue<>(Comparator.<ControlBlock>comparingLong(block -> pass[block.index()])
                    .thenComparingInt(ControlBlock::index));
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            if (entry == Entry.ARRIVED || entry == Entry.RETURNED) {
                pass[block.index()] = Math.max(pass[block.index()], globalPass);
            }
            ready.add(block);
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            ControlBlock next = ready.poll();
            if (next != null) {
                globalPass = pass[next.index()];
            }
            return next;
        }

        @Override
        public long slice(ControlBlock block) {
            return quantumTicks;
        }

        @Override
        public void ran(ControlBlock block, long ticks) {
            int index = block.index();
            pass[index] = Math.addExact(pass[index], Math.multiplyExact(stride[index], ticks));
        }

        @Override
        public boolean expiredFirst() {
            return preset.expiredFirst();
        }

        @Override
        public boolean beginsSegment(Entry entry) {
            return preset.slicesAreSegments();
        }
    }
}
