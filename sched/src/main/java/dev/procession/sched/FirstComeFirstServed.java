package dev.procession.sched;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whoever has been ready longest runs to the end of his CPU burst. Simple, and a long job makes a convoy of all the
 * short ones behind it.
 */
public record FirstComeFirstServed() implements Policy {
    @Override
    public String name() {
        return "fcfs";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        var ready = new ArrayDeque<ControlBlock>();
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
