package dev.procession.sched;

import java.util.HashSet;
import java.util.List;

/**
 * Runs jobs under a policy on one simulated CPU.
 *
 * <p>{@snippet :
 * Schedule schedule = Simulator.of(RoundRobin.of(4))
 *         .run(List.of(Job.of("A", 0, 24), Job.of("B", 0, 3), Job.of("C", 0, 3)));
 * schedule.averages().waiting(); // 5.666...
 * }
 *
 * <p>The simulator goes from event to event, never from tick to tick, and is pure: the same jobs and the same policy give
 * the same schedule, whatever the machine does.
 *
 * <p>Immutable.
 */
public final class Simulator {
    private final Policy policy;
    private final long switchCostTicks;

    private Simulator(Policy policy, long switchCostTicks) {
        this.policy = policy;
        this.switchCostTicks = switchCostTicks;
    }

    /**
     * A simulator whose context switches cost nothing.
     *
     * @param policy who runs next
     * @return the simulator
     */
    public static Simulator of(Policy policy) {
        return new Simulator(policy, 0);
    }

    /**
     * The same simulator with another cost of a context switch. The cost is paid whenever the CPU passes to another job
     * than the one that had it last, also after idle time, but not for the first job of all. Nothing interrupts a
     * switch: what becomes ready during it is looked at when it is over.
     *
     * @param ticks the cost of one switch; not negative
     * @return the other simulator
     * @throws IllegalArgumentException if {@code ticks < 0}
     */
    public Simulator withSwitchCost(long ticks) {
        if (ticks < 0) {
            throw new IllegalArgumentException("a context switch costs no negative time: ticks=" + ticks);
        }
        return new Simulator(policy, ticks);
    }

    /**
     * Runs the jobs to the end of the last one.
     *
     * @param jobs the jobs; their order breaks the last tie
     * @return the schedule
     * @throws IllegalArgumentException if there is no job, two have one name, or the policy cannot run them
     * @throws IllegalStateException if the policy breaks the contract of {@link ReadyQueue}
     * @throws ArithmeticException if an instant does not fit in a {@code long}
     */
    public Schedule run(List<Job> jobs) {
        List<Job> fixed = List.copyOf(jobs);
        ensureNamesDiffer(fixed);
        return run(policy.name(), policy, fixed, switchCostTicks, SetUp.IGNORED);
    }

    static Schedule run(String name, Policy policy, List<Job> jobs, long switchCostTicks, SetUp setUp) {
        Figures figures = policy instanceof RoundRobin roundRobin && RoundRobinLaps.pays(roundRobin, jobs)
                ? new RoundRobinLaps(roundRobin, jobs, switchCostTicks, setUp).run()
                : new Machine(policy, jobs, switchCostTicks, setUp, null).run();
        return new Schedule(
                name, jobs, figures, trace -> new Machine(policy, jobs, switchCostTicks, setUp, trace).run());
    }

    static void ensureNamesDiffer(List<Job> jobs) {
        if (jobs.isEmpty()) {
            throw new IllegalArgumentException("there is no job to schedule: jobs=[]");
        }
        var names = HashSet.<String>newHashSet(jobs.size());
        for (Job job : jobs) {
            if (!names.add(job.name())) {
                throw new IllegalArgumentException("two jobs have one name: name=" + job.name());
            }
        }
    }

    /** What a job's set-up does to the instant at which it becomes ready. */
    enum SetUp {
        /** Nothing: the policies of the books know no set-up. */
        IGNORED,
        /** It delays the job, while others run. */
        OVERLAPPED;

        long readyAt(Job job) {
            return Outside.later(job.arrival(), this == IGNORED ? 0 : job.setup());
        }
    }
}
