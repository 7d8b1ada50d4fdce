package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.sched.HighestPriorityFirst.Order;
import dev.procession.sched.HighestPriorityFirst.Preemption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The simulator against a scheduler that goes tick by tick and was written from the rules alone. */
class TickByTickTest {
    private static final int WORKLOADS = 1500;

    @Test
    void firstComeFirstServed() {
        ensureSame(new FirstComeFirstServed(), jobs -> TickByTick.run(jobs, TickByTick.queue(Long.MAX_VALUE), false));
    }

    @Test
    void shortestJobFirst() {
        ensureSame(new ShortestJobFirst(), jobs -> TickByTick.run(jobs, TickByTick.shortest(false), false));
    }

    @Test
    void shortestRemainingTimeFirst() {
        ensureSame(new ShortestRemainingTimeFirst(), jobs -> TickByTick.run(jobs, TickByTick.shortest(true), false));
    }

    @Test
    void highestResponseRatioNext() {
        ensureSame(new HighestResponseRatioNext(), jobs -> TickByTick.run(jobs, TickByTick.responseRatio(), false));
    }

    @Test
    void priorityOfEitherKind() {
        HighestPriorityFirst priority = HighestPriorityFirst.of(Order.SMALL_FIRST);
        ensureSame(priority, jobs -> TickByTick.run(jobs, TickByTick.priority(false), false));
        ensureSame(
                priority.withPreemption(Preemption.BY_BETTER),
                jobs -> TickByTick.run(jobs, TickByTick.priority(true), false));
    }

    @Test
    void priorityWithAging() {
        for (long interval : new long[] {1, 2, 3, 7}) {
            HighestPriorityFirst aging =
                    HighestPriorityFirst.of(Order.SMALL_FIRST).withAging(interval);
            ensureSame(aging, jobs -> TickByTick.runAging(jobs, TickByTick.priority(false), interval));
            ensureSame(
                    aging.withPreemption(Preemption.BY_BETTER),
                    jobs -> TickByTick.runAging(jobs, TickByTick.priority(true), interval));
        }
    }

    @Test
    void roundRobinWithEitherTie() {
        for (long quantum = 1; quantum <= 5; quantum++) {
            long q = quantum;
            ensureSame(new RoundRobin(q, Preset.OSTEP), jobs -> TickByTick.run(jobs, TickByTick.queue(q), true));
            ensureSame(new RoundRobin(q, Preset.STALLINGS), jobs -> TickByTick.run(jobs, TickByTick.queue(q), false));
        }
    }

    @Test
    void feedbackAsInStallings() {
        for (long quantum = 1; quantum <= 3; quantum++) {
            long q = quantum;
            ensureSameWithoutIo(
                    FeedbackQueues.of(Preset.STALLINGS, Levels.same(Levels.UNLIMITED, q)),
                    jobs -> TickByTick.runFeedback(jobs, TickByTick.feedback(q, false)));
            ensureSameWithoutIo(
                    FeedbackQueues.of(Preset.STALLINGS, Levels.doubling(Levels.UNLIMITED, q)),
                    jobs -> TickByTick.runFeedback(jobs, TickByTick.feedback(q, true)));
        }
    }

    private static void ensureSame(Policy policy, Function<List<Job>, List<String>> slow) {
        ensureSameWithoutIo(policy, slow);
        Workloads.withIo(WORKLOADS).forEach(jobs -> ensureSame(policy, jobs, slow));
    }

    private static void ensureSameWithoutIo(Policy policy, Function<List<Job>, List<String>> slow) {
        Workloads.withoutIo(WORKLOADS).forEach(jobs -> ensureSame(policy, jobs, slow));
    }

    private static void ensureSame(Policy policy, List<Job> jobs, Function<List<Job>, List<String>> slow) {
        assertThat(ticks(Simulator.of(policy).run(jobs))).as("%s", jobs).isEqualTo(slow.apply(jobs));
    }

    private static List<String> ticks(Schedule schedule) {
        var ticks = new ArrayList<String>();
        for (Segment segment : schedule.segments()) {
            fill(ticks, segment.start(), "");
            fill(ticks, segment.end(), segment.job().name());
        }
        fill(ticks, schedule.makespan(), "");
        return ticks;
    }

    private static void fill(List<String> ticks, long until, String name) {
        while (ticks.size() < until) {
            ticks.add(name);
        }
    }
}
