package dev.procession.sched;

import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The job that needs least to the end of its CPU burst runs, at every instant: {@link ShortestJobFirst} that takes the
 * CPU away. OSTEP calls it STCF, Stallings SRT.
 *
 * <p>A job takes the CPU only if it needs strictly less than what the running one has left. Equal rests go by the time
 * at which the burst became ready, then by list order.
 */
public record ShortestRemainingTimeFirst() implements Policy {
    @Override
    public String name() {
        return "srtf";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Ready();
    }

    private static final class Ready implements ReadyQueue {
        private final PriorityQueue<ControlBlock> waiting = new PriorityQueue<>(ShortestJobFirst.SHORTEST);
        /** The job that had the CPU until this instant: it wins a tie. */
        private @Nullable ControlBlock holder;

        @Override
        public boolean interruptible() {
            return true;
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            if (entry == Entry.INTERRUPTED) {
                holder = block;
            } else {
                waiting.add(block);
            }
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            ControlBlock held = holder;
            holder = null;
            if (held == null) {
                return waiting.poll();
            }
            ControlBlock shortest = waiting.peek();
            if (shortest == null || shortest.burstLeft() >= held.burstLeft()) {
                return held;
            }
            waiting.remove();
            waiting.add(held);
            return shortest;
        }
    }
}
