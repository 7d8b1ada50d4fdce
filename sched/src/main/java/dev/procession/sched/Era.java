package dev.procession.sched;

import java.util.List;
import java.util.Locale;

/**
 * Five ways of running the same jobs, as machines were run one after the other in history. They differ only in what
 * waits for what: the set-up of a job (people mount cards and tapes), its I/O and its computing.
 *
 * <table>
 * <caption>What the CPU waits for</caption>
 * <tr><th>era</th><th>set-up</th><th>I/O</th><th>the CPU passes on</th></tr>
 * <tr><td>{@link #MANUAL}</td><td>of every job</td><td>all</td><td>when the job is done</td></tr>
 * <tr><td>{@link #OFFLINE_BATCH}</td><td>done by the satellite</td><td>between the job's CPU bursts; input before and
 *     output after them are the satellites'</td><td>when the job is done</td></tr>
 * <tr><td>{@link #ONLINE_BATCH}</td><td>once for the batch</td><td>all</td><td>when the job is done</td></tr>
 * <tr><td>{@link #MULTIPROGRAMMING}</td><td>none: others run</td><td>none: others run</td><td>at I/O</td></tr>
 * <tr><td>{@link #TIME_SHARING}</td><td>none: others run</td><td>none: others run</td><td>at I/O and at the end of a
 *     quantum</td></tr>
 * </table>
 *
 * <p>In the first three a job has the whole machine from its first CPU burst to its last, in the order of arrival. An
 * on-line batch takes in all jobs that are there when the machine becomes free, and its set-up is the longest among
 * them. Off line, one satellite machine reads jobs in (set-up, and the I/O before the first CPU burst), one after the
 * other, and another writes results out, while the main machine computes. Waiting time counts set-up, a job's own too.
 */
public enum Era {
    /** The user has the machine to himself, and it waits for him. */
    MANUAL,
    /** A satellite machine reads in and writes out; the main machine sees tape. */
    OFFLINE_BATCH,
    /** A monitor runs a whole batch, job after job, after one set-up. */
    ONLINE_BATCH,
    /** Several programs are in memory: while one does I/O, another computes. */
    MULTIPROGRAMMING,
    /** And none has the CPU for longer than a quantum. */
    TIME_SHARING;

    /**
     * The era's name in tables and on the command line.
     *
     * @return the name in small letters with hyphens
     */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Runs jobs as in this era.
     *
     * @param jobs the jobs; their order breaks the last tie
     * @param sharing the round robin of {@link #TIME_SHARING}
     * @param switchCostTicks the cost of a context switch, where the CPU passes on before a job is done; not negative
     * @return the schedule; its policy is named after the era
     * @throws IllegalArgumentException if there is no job, two have one name, or {@code switchCostTicks < 0}
     * @throws ArithmeticException if an instant does not fit in a {@code long}
     */
    public Schedule run(List<Job> jobs, RoundRobin sharing, long switchCostTicks) {
        List<Job> fixed = List.copyOf(jobs);
        Simulator.ensureNamesDiffer(fixed);
        if (switchCostTicks < 0) {
            throw new IllegalArgumentException("a context switch costs no negative time: ticks=" + switchCostTicks);
        }
        return switch (this) {
            case MANUAL, OFFLINE_BATCH, ONLINE_BATCH -> OneAtATime.run(this, fixed);
            case MULTIPROGRAMMING -> overlapped(new FirstComeFirstServed(), fixed, switchCostTicks);
            case TIME_SHARING -> overlapped(sharing, fixed, switchCostTicks);
        };
    }

    private Schedule overlapped(Policy policy, List<Job> jobs, long switchCostTicks) {
        return Simulator.run(title(), policy, jobs, switchCostTicks, Simulator.SetUp.OVERLAPPED);
    }
}
