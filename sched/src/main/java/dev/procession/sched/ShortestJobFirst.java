package dev.procession.sched;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The job with the shortest next CPU burst runs to the end of it. No order of jobs that are all there from the beginning
 * has a smaller mean waiting time; but long jobs may starve, and burst lengths must be known.
 *
 * <p>Equal bursts go by the time at which they became ready, then by list order.
 */
public record ShortestJobFirst() implements Policy {
    /** The order of every policy that goes by burst length. */
    static final Comparator<ControlBlock> SHORTEST = Comparator.comparingLong(ControlBlock::burstLeft)
            .thenComparingLong(ControlBlock::readySince)
            .thenComparingInt(ControlBlock::index);

    @Override
    public String name() {
        return "sjf";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        var ready = new PriorityQueue<>(SHORTEST);
        return new ReadyQueue() {
            @Override
            public void add(ControlBlock block, Entry entry, long now) {
                ready.add(block);
            }

            @Override
            public @Nullable ControlBlock poll(long now) {
                return ready.poll();
            }
        };
    }
}
