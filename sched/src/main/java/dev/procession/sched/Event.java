package dev.procession.sched;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened at an instant of a run.
 *
 * <p>At one instant the order is: what the running job did, timers, arrivals in list order, ends of I/O in the order of
 * their beginning.
 *
 * @param time the instant
 * @param kind what happened
 * @param job to which job; null if to all
 */
public record Event(long time, Kind kind, @Nullable Job job) {
    /** What can happen. */
    public enum Kind {
        /** The job entered the system. */
        ARRIVED,
        /** The job began to wait for a device. */
        IO_STARTED,
        /** The device was done. */
        IO_DONE,
        /** The job was done. */
        FINISHED,
        /** All jobs were lifted to the highest level. */
        BOOSTED
    }
}
