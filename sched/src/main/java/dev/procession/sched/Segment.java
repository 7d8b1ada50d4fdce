package dev.procession.sched;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which one job had the CPU. Idle time and context switches have no segment.
 *
 * @param job the job
 * @param start its first tick
 * @param end the tick after its last
 * @param rank where the job stood at the end of it, before it was moved for having used up a quantum; null if the
 *     policy has no levels
 */
public record Segment(
        Job job, long start, long end, @Nullable Rank rank) {
    /**
     * How long it lasted.
     *
     * @return its length in ticks
     */
    public long ticks() {
        return end - start;
    }
}
