package dev.procession.sched;

/**
 * Listens to a run as it is played.
 *
 * <p>Segments come in the order of time, each when it is over; events come in the order of time too, each when the
 * simulator comes to it. Between a segment and an event there is no order: a job that no arrival can interrupt is told
 * of first, the arrivals during its segment may come before it.
 */
public interface Trace {
    /**
     * A job has had the CPU.
     *
     * @param segment from when to when
     */
    default void segment(Segment segment) {}

    /**
     * Something happened.
     *
     * @param event what and when
     */
    default void event(Event event) {}
}
