package dev.procession.sched;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The jobs that have not arrived yet, and those away in I/O: where all events of a run come from. */
final class Outside {
    private final Simulator.SetUp setUp;
    private final ControlBlock[] arrivals;
    private final PriorityQueue<ControlBlock> inIo =
            new PriorityQueue<>(Comparator.<ControlBlock>comparingLong(block -> block.returnAt)
                    .thenComparingLong(block -> block.ioSequence));
    private int arrived;
    private long ioCount;

    Outside(ControlBlock[] blocks, Simulator.SetUp setUp) {
        this.setUp = setUp;
        arrivals = blocks.clone();
        Arrays.sort(arrivals, Comparator.comparingLong(block -> setUp.readyAt(block.job())));
    }

    long nextEvent() {
        return Math.min(nextArrival(), nextReturn());
    }

    long nextArrival() {
        return arrived < arrivals.length ? setUp.readyAt(arrivals[arrived].job()) : ReadyQueue.NEVER;
    }

    long nextReturn() {
        ControlBlock first = inIo.peek();
        return first == null ? ReadyQueue.NEVER : first.returnAt;
    }

    /** The next job to arrive; of those that arrive at one instant, the first in the list. */
    ControlBlock takeArrival() {
        return arrivals[arrived++];
    }

    /** The next job to come back; of those that come back at one instant, the one that went first. */
    ControlBlock takeReturn() {
        return inIo.remove();
    }

    void startIo(ControlBlock block, long time) {
        block.state = ControlBlock.State.BLOCKED;
        block.returnAt = later(time, block.burstLeft());
        block.ioSequence = ioCount++;
        inIo.add(block);
    }

    /** Adds up instants; the very last one means {@link ReadyQueue#NEVER} and is out of reach too. */
    static long later(long time, long ticks) {
        if (time >= ReadyQueue.NEVER - ticks) {
            throw new ArithmeticException("the run lasts longer than 2^63 ticks: time=" + time + ", ticks=" + ticks);
        }
        return time + ticks;
    }
}
