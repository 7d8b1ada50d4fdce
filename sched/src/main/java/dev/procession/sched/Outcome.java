package dev.procession.sched;

/**
 * What became of one job.
 *
 * @param job the job
 * @param start the tick at which it first had the CPU
 * @param finish when its last burst was over
 */
public record Outcome(Job job, long start, long finish) {
    /**
     * Time from arrival to the first tick on the CPU.
     *
     * @return the response time in ticks
     */
    public long response() {
        return start - job.arrival();
    }

    /**
     * Time from arrival to the end.
     *
     * @return the turnaround time in ticks
     */
    public long turnaround() {
        return finish - job.arrival();
    }

    /**
     * Time in which the job neither computed nor did I/O.
     *
     * @return the waiting time in ticks: turnaround less service less I/O
     */
    public long waiting() {
        return turnaround() - job.service() - blocked();
    }

    /**
     * Time in I/O.
     *
     * @return the sum of its I/O bursts in ticks
     */
    public long blocked() {
        return job.work().blocked();
    }

    /**
     * How many times longer the job took than its CPU time alone.
     *
     * @return turnaround over service; Stallings writes it T<sub>r</sub>/T<sub>s</sub>
     */
    public double normalized() {
        return (double) turnaround() / job.service();
    }
}
