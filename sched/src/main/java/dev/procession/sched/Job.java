package dev.procession.sched;

import java.util.List;

/**
 * One job as it is handed in: what the schedule is made from, never changed by it.
 *
 * <p>All times are whole ticks. A tick is whatever the caller wants: choose it small enough that every time is whole;
 * nothing in the simulator costs more for it.
 *
 * <p>Immutable.
 *
 * @param name what the job is called; unique among the jobs of one run
 * @param arrival when it enters the system, in ticks; not negative
 * @param work what it has to do
 * @param priority what {@link HighestPriorityFirst} goes by; the policy says which direction is better
 * @param tickets its share under {@link Lottery} and {@link Stride}; at least 1
 * @param setup how long people or machines prepare it before it can run, in ticks; counts in an {@link Era} alone
 */
public record Job(String name, long arrival, Work work, int priority, long tickets, long setup) {
    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if a time is negative or {@code tickets < 1}
     */
    public Job {
        if (arrival < 0) {
            throw new IllegalArgumentException("arrival is not negative: job=" + name + ", arrival=" + arrival);
        }
        if (tickets < 1) {
            throw new IllegalArgumentException("tickets are at least 1: job=" + name + ", tickets=" + tickets);
        }
        if (setup < 0) {
            throw new IllegalArgumentException("setup is not negative: job=" + name + ", setup=" + setup);
        }
    }

    /**
     * A job that computes once and is done.
     *
     * @param name its name
     * @param arrival when it arrives, in ticks
     * @param service how much CPU it needs, in ticks
     * @return the job, with priority 0, one ticket and no set-up
     * @throws IllegalArgumentException if {@code arrival < 0} or {@code service < 1}
     */
    public static Job of(String name, long arrival, long service) {
        return of(name, arrival, new Work.Once(service));
    }

    /**
     * A job that computes and does I/O in turn.
     *
     * @param name its name
     * @param arrival when it arrives, in ticks
     * @param bursts what it does, in order
     * @return the job, with priority 0, one ticket and no set-up
     * @throws IllegalArgumentException if {@code arrival < 0} or no burst is CPU
     */
    public static Job of(String name, long arrival, Burst... bursts) {
        return of(name, arrival, new Work.Listed(List.of(bursts)));
    }

    /**
     * A job with any work.
     *
     * @param name its name
     * @param arrival when it arrives, in ticks
     * @param work what it has to do
     * @return the job, with priority 0, one ticket and no set-up
     * @throws IllegalArgumentException if {@code arrival < 0}
     */
    public static Job of(String name, long arrival, Work work) {
        return new Job(name, arrival, work, 0, 1, 0);
    }

    /**
     * All CPU time of the job.
     *
     * @return its service time in ticks
     */
    public long service() {
        return work.service();
    }

    /**
     * The same job with another priority.
     *
     * @param priority the priority
     * @return the other job
     */
    public Job withPriority(int priority) {
        return new Job(name, arrival, work, priority, tickets, setup);
    }

    /**
     * The same job with another share.
     *
     * @param tickets its tickets; at least 1
     * @return the other job
     * @throws IllegalArgumentException if {@code tickets < 1}
     */
    public Job withTickets(long tickets) {
        return new Job(name, arrival, work, priority, tickets, setup);
    }

    /**
     * The same job with another set-up time.
     *
     * @param setup the time in ticks; not negative
     * @return the other job
     * @throws IllegalArgumentException if {@code setup < 0}
     */
    public Job withSetup(long setup) {
        return new Job(name, arrival, work, priority, tickets, setup);
    }
}
