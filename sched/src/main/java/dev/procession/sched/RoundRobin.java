package dev.procession.sched;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every ready job gets the CPU for one quantum in turn. A job that needs less gives it back at once; one that needs more
 * goes to the tail. What becomes ready waits for the end of the running quantum.
 *
 * @param quantumTicks the quantum; at least 1
 * @param preset who queues first when a quantum ends at the very instant another job becomes ready, and whether each
 *     quantum is a segment of its own
 */
public record RoundRobin(long quantumTicks, Preset preset) implements Policy {
    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if {@code quantumTicks < 1}
     */
    public RoundRobin {
        if (quantumTicks < 1) {
            throw new IllegalArgumentException("the quantum is at least 1 tick: quantumTicks=" + quantumTicks);
        }
    }

    /**
     * Round robin by the rules of OSTEP.
     *
     * @param quantumTicks the quantum; at least 1
     * @return the policy
     * @throws IllegalArgumentException if {@code quantumTicks < 1}
     */
    public static RoundRobin of(long quantumTicks) {
        return new RoundRobin(quantumTicks, Preset.OSTEP);
    }

    @Override
    public String name() {
        return "rr";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready();
    }

    private final class Ready implements ReadyQueue {
        private final ArrayDeque<ControlBlock> ready = new ArrayDeque<>();

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            ready.add(block);
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            return ready.poll();
        }

        @Override
        public long slice(ControlBlock block) {
            return quantumTicks;
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
