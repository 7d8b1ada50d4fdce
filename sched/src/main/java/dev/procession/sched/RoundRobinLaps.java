package dev.procession.sched;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a round robin without going through its slices: a million jobs of a million quanta each are no more
 * work than a million jobs of one.
 *
 * <p>Ready jobs stand in a ring, and the CPU goes round. The job at the head gets a slice and the head moves on by one;
 * past the end of the ring a new lap begins. A burst of r quanta that joins during lap l, just behind the head, has its
 * slices in the laps l + 1 to l + r, whoever else joins or leaves. Until the next job leaves or joins, all slices are
 * full, and nothing but the clock and the head changes. So a run goes on in two kinds of steps:
 *
 * <ol>
 *   <li>The job that leaves first is the one with the earliest last lap, leftmost in the ring. How many full slices there
 *       are before its last one follows from laps and places; they are passed over at once, or, if something becomes
 *       ready earlier, those up to the first end of a slice at or after that instant.
 *   <li>If there is none before it, the last slice itself, after which the job leaves.
 * </ol>
 *
 * Each step is a few searches in the {@link LapRing}. Response times come from counting dispatches: a job that joins has
 * its first slice as many dispatches later as jobs stand before it, because each of those gets exactly one.
 *
 * <p>{@link Machine} runs the same policy slice by slice when the slices are wanted; the tests hold the two together.
 */
final class RoundRobinLaps {
    /** About as many slices as one job's passage through the ring costs. */
    private static final int SLICES_WORTH_A_LAP = 12;

    private final long quantumTicks;
    private final boolean expiredFirst;
    private final long switchCostTicks;

    private final ControlBlock[] blocks;
    private final Outside outside;
    private final LapRing ring = new LapRing();
    /** Jobs that never had the CPU, in the order in which they will; the array says in which dispatch. */
    private final ArrayDeque<ControlBlock> unstarted = new ArrayDeque<>();

    private final long[] firstDispatch;

    /** Always the end of a slice, or an instant at which the CPU is idle. */
    private long now;

    private int unfinished;
    private long lap;
    /** The place of the next slice; the size of the ring if the lap is over. */
    private int head;
    /** Whether the job just before the head used up a slice at this very instant. */
    private boolean justExpired;

    private long dispatches;
    private long busyTicks;
    private long switches;
    /** The job that had the CPU last, if it can be the next one too. */
    private @Nullable ControlBlock last;

    RoundRobinLaps(RoundRobin policy, List<Job> jobs, long switchCostTicks, Simulator.SetUp setUp) {
        this.quantumTicks = policy.quantumTicks();
        this.expiredFirst = policy.preset().expiredFirst();
        this.switchCostTicks = switchCostTicks;
        blocks = ControlBlock.of(jobs);
        outside = new Outside(blocks, setUp);
        firstDispatch = new long[blocks.length];
        unfinished = blocks.length;
    }

    /** Whether the jobs have so many slices that it is less work to go round in laps than to run them one by one. */
    static boolean pays(RoundRobin policy, List<Job> jobs) {
        long slices = 0;
        for (Job job : jobs) {
            slices += job.service() / policy.quantumTicks() + 1;
            if (slices < 0) {
                return true;
            }
        }
        return slices / SLICES_WORTH_A_LAP > jobs.size();
    }

    Figures run() {
        while (unfinished > 0) {
            admitUntil(now);
            if (ring.size() > 0) {
                goRound();
            } else if (unfinished > 0) {
                now = outside.nextEvent();
            }
        }
        return Figures.of(blocks, busyTicks, switches, switches * switchCostTicks);
    }

    private void goRound() {
        if (head == ring.size()) {
            head = 0;
            lap++;
        }
        ring.findFirstToLeave();
        long laps = ring.foundLap() - lap;
        // Fewer than there are would do too: a step may stop short.
        long fullSlices = Math.min(times(laps, ring.size()), Long.MAX_VALUE / 2) + ring.foundIndex() - head;
        boolean switchesFirst = dispatches > 0 && (last == null || last != blocks[ring.get(head)]);
        if (fullSlices > 0) {
            passOver(fullSlices, switchesFirst);
        } else {
            runLastSlice(switchesFirst);
        }
    }

    /** In a ring of one the CPU stays where it is; in a larger one every slice but the first begins with a switch. */
    private void passOver(long fullSlices, boolean switchesFirst) {
        boolean alone = ring.size() == 1;
        long perSlice = Outside.later(quantumTicks, alone ? 0 : switchCostTicks);
        long firstStart = Outside.later(now, switchesFirst ? switchCostTicks : 0);
        long firstEnd = Outside.later(firstStart, quantumTicks);
        long slices = Math.min(fullSlices, slicesUntil(outside.nextEvent(), firstEnd, perSlice));

        countDispatches(slices, firstStart, perSlice);
        now = Outside.later(firstEnd, times(slices - 1, perSlice));
        busyTicks += slices * quantumTicks;
        switches += (switchesFirst ? 1 : 0) + (alone ? 0 : slices - 1);
        last = alone ? blocks[ring.get(0)] : null;

        long place = head + slices - 1;
        lap += place / ring.size();
        head = (int) (place % ring.size()) + 1;
        justExpired = true;
    }

    /** The product, or more time than there is. */
    private static long times(long one, long other) {
        return Math.multiplyHigh(one, other) == 0 && one * other >= 0 ? one * other : ReadyQueue.NEVER;
    }

    /** How many slices begin before the event. */
    private static long slicesUntil(long event, long firstEnd, long perSlice) {
        if (event == ReadyQueue.NEVER) {
            return Long.MAX_VALUE;
        }
        return event <= firstEnd ? 1 : 1 + Math.ceilDiv(event - firstEnd, perSlice);
    }

    private void runLastSlice(boolean switchesFirst) {
        ControlBlock leaving = blocks[ring.remove(head)];
        long start = Outside.later(now, switchesFirst ? switchCostTicks : 0);
        long ticks = (leaving.burstTicks() - 1) % quantumTicks + 1;
        countDispatches(1, start, 0);
        now = Outside.later(start, ticks);
        busyTicks += ticks;
        switches += switchesFirst ? 1 : 0;
        last = leaving;
        justExpired = false;
        // In the order of time, as the order in which I/Os begin is that in which equal ones end.
        admitUntil(now - 1);
        goOn(leaving, now);
    }

    private void countDispatches(long slices, long firstStart, long perSlice) {
        ControlBlock next = unstarted.peek();
        while (next != null && firstDispatch[next.index()] <= dispatches + slices) {
            next.start = firstStart + (firstDispatch[next.index()] - dispatches - 1) * perSlice;
            unstarted.remove();
            next = unstarted.peek();
        }
        dispatches += slices;
    }

    private void admitUntil(long limit) {
        for (long event = outside.nextEvent(); event <= limit && unfinished > 0; event = outside.nextEvent()) {
            while (outside.nextArrival() == event) {
                goOn(outside.takeArrival(), event);
            }
            while (outside.nextReturn() == event) {
                goOn(outside.takeReturn(), event);
            }
        }
    }

    private void goOn(ControlBlock block, long time) {
        if (!block.advance()) {
            block.finish = time;
            unfinished--;
        } else if (block.computes()) {
            join(block, time);
        } else {
            outside.startIo(block, time);
        }
    }

    /**
     * A job joins behind everybody in the ring, except the one whose slice was running when it became ready, or ended
     * at that very instant if then the others queue first: before that one, which has not queued again yet.
     */
    private void join(ControlBlock block, long time) {
        boolean beforeExpired = justExpired && (time < now || !expiredFirst);
        int before = ring.size() - (beforeExpired ? 1 : 0);
        if (block.start < 0) {
            firstDispatch[block.index()] = dispatches + before + 1;
            unstarted.add(block);
        }
        ring.insert(
                head - (beforeExpired ? 1 : 0), block.index(), lap + Math.ceilDiv(block.burstTicks(), quantumTicks));
        head++;
    }
}
