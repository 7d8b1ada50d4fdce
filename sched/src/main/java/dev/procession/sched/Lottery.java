package dev.procession.sched;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Before each quantum one ticket is drawn among those of all ready jobs, and its holder runs. The shares are right in
 * the long run, and no job starves.
 *
 * <p>The winning ticket is the draw modulo the number of tickets, and belongs to the first job, in list order, whose
 * running sum of tickets exceeds it. One draw is used for each quantum, also when only one job is left.
 *
 * <p>Immutable.
 *
 * <p>Source: C. Waldspurger, W. Weihl, <i>Lottery Scheduling: Flexible Proportional-Share Resource Management</i>, OSDI
 * 1994.
 */
public final class Lottery implements Policy {
    /** What becomes of the rest of a quantum when a job needs less. */
    public enum Slots {
        /** The next draw is held at once. */
        CUT_SHORT,
        /** The slot is held to its end, and the job is only then done, as in OSTEP's {@code lottery.py}. */
        WHOLE
    }

    private final long quantumTicks;
    private final Preset preset;
    private final Slots slots;
    private final long seed;
    private final long @Nullable [] draws;

    private Lottery(long quantumTicks, Preset preset, Slots slots, long seed, long @Nullable [] draws) {
        this.quantumTicks = quantumTicks;
        this.preset = preset;
        this.slots = slots;
        this.seed = seed;
        this.draws = draws;
    }

    /**
     * A lottery with draws from a seeded generator.
     *
     * @param quantumTicks the quantum; at least 1
     * @param seed the seed: equal seeds give equal draws
     * @return the policy
     * @throws IllegalArgumentException if {@code quantumTicks < 1}
     */
    public static Lottery ofSeed(long quantumTicks, long seed) {
        return new Lottery(ensureQuantum(quantumTicks), Preset.OSTEP, Slots.CUT_SHORT, seed, null);
    }

    /**
     * A lottery with given draws.
     *
     * @param quantumTicks the quantum; at least 1
     * @param draws the draws in order, none negative; at least as many as quanta are used
     * @return the policy
     * @throws IllegalArgumentException if {@code quantumTicks < 1} or a draw is negative
     */
    public static Lottery ofDraws(long quantumTicks, long... draws) {
        for (long draw : draws) {
            if (draw < 0) {
                throw new IllegalArgumentException("a draw is not negative: draw=" + draw);
            }
        }
        return new Lottery(ensureQuantum(quantumTicks), Preset.OSTEP, Slots.CUT_SHORT, 0, draws.clone());
    }

    private static long ensureQuantum(long quantumTicks) {
        if (quantumTicks < 1) {
            throw new IllegalArgumentException("the quantum is at least 1 tick: quantumTicks=" + quantumTicks);
        }
        return quantumTicks;
    }

    /**
     * The same lottery by another book's rules.
     *
     * @param preset whether each quantum is a segment of its own
     * @return the other policy
     */
    public Lottery withPreset(Preset preset) {
        return new Lottery(quantumTicks, preset, slots, seed, draws);
    }

    /**
     * The same lottery with another rule for the rest of a quantum.
     *
     * @param slots what becomes of it
     * @return the other policy
     */
    public Lottery withSlots(Slots slots) {
        return new Lottery(quantumTicks, preset, slots, seed, draws);
    }

    @Override
    public String name() {
        return "lottery";
    }

    /**
     * Begins a run.
     *
     * @throws IllegalArgumentException if the given draws are fewer than the jobs' quanta, or all tickets together do not
     *     fit in a {@code long}
     */
    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready(jobs, drawsFor(jobs));
    }

    private LongSupplier drawsFor(List<Job> jobs) {
        long[] given = draws;
        if (given == null) {
            var random = new SplittableRandom(seed);
            return () -> random.nextLong(Long.MAX_VALUE);
        }
        ensureEnough(given.length, jobs);
        return new LongSupplier() {
            private int next;

            @Override
            public long getAsLong() {
                return given[next++];
            }
        };
    }

    private void ensureEnough(int given, List<Job> jobs) {
        long needed = 0;
        for (Job job : jobs) {
            for (long i = 0; i < job.work().burstCount() && needed <= given; i++) {
                if (job.work().burst(i) instanceof Burst.Cpu(long ticks)) {
                    needed += Math.ceilDiv(ticks, quantumTicks);
                }
            }
        }
        if (needed > given) {
            throw new IllegalArgumentException("the jobs use one draw for each quantum: given=" + given + ", needed="
                    + needed + " or more, quantumTicks=" + quantumTicks);
        }
    }

    /** A tree of partial sums over the jobs' tickets finds the winner in as many steps as the job count has bits. */
    private final class Ready implements ReadyQueue {
        private final LongSupplier draw;
        private final @Nullable ControlBlock[] blocks;
        /** Partial sums as Fenwick keeps them: {@code sums[i]} covers the {@code lowestOneBit(i)} jobs up to i. */
        private final long[] sums;

        private long total;

        Ready(List<Job> jobs, LongSupplier draw) {
            this.draw = draw;
            blocks = new ControlBlock[jobs.size()];
            sums = new long[jobs.size() + 1];
            ensureSumFits(jobs);
        }

        private static void ensureSumFits(List<Job> jobs) {
            long sum = 0;
            for (Job job : jobs) {
                sum += job.tickets();
                if (sum < 0) {
                    throw new IllegalArgumentException("all tickets together are more than 2^63: job=" + job.name());
                }
            }
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            blocks[block.index()] = block;
            change(block.index(), block.job().tickets());
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            if (total == 0) {
                return null;
            }
            ControlBlock winner = blocks[holderOf(draw.getAsLong() % total)];
            if (winner != null) {
                change(winner.index(), -winner.job().tickets());
            }
            return winner;
        }

        @Override
        public long slice(ControlBlock block) {
            return quantumTicks;
        }

        @Override
        public boolean wholeSlots() {
            return slots == Slots.WHOLE;
        }

        @Override
        public boolean expiredFirst() {
            return preset.expiredFirst();
        }

        @Override
        public boolean beginsSegment(Entry entry) {
            return preset.slicesAreSegments();
        }

        private void change(int index, long tickets) {
            total += tickets;
            for (int i = index + 1; i < sums.length; i += Integer.lowestOneBit(i)) {
                sums[i] += tickets;
            }
        }

        /** The first job whose running sum exceeds the ticket. */
        private int holderOf(long ticket) {
            int before = 0;
            for (int step = Integer.highestOneBit(sums.length); step > 0; step /= 2) {
                int next = before + step;
                if (next < sums.length && sums[next] <= ticket) {
                    before = next;
                    ticket -= sums[next];
                }
            }
            return before;
        }
    }
}
