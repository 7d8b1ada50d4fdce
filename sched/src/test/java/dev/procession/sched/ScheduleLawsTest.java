package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.sched.HighestPriorityFirst.Order;
import dev.procession.sched.HighestPriorityFirst.Preemption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy, or for one of them whatever the jobs are. */
class ScheduleLawsTest {
    static Stream<Policy> policies() {
        HighestPriorityFirst priority = HighestPriorityFirst.of(Order.LARGE_FIRST);
        Stream<Policy> single = Stream.of(
                new FirstComeFirstServed(),
                new ShortestJobFirst(),
                new ShortestRemainingTimeFirst(),
                new HighestResponseRatioNext(),
                priority,
                priority.withPreemption(Preemption.BY_BETTER),
                priority.withPreemption(Preemption.BY_BETTER).withAging(3),
                Lottery.ofSeed(2, 7));
        Stream<Policy> byPreset = Stream.of(Preset.values())
                .flatMap(preset -> Stream.of(
                        new RoundRobin(3, preset),
                        new Stride(2, preset),
                        FeedbackQueues.of(preset, Levels.of(1, 2, 4)),
                        FeedbackQueues.of(preset, Levels.doubling(Levels.UNLIMITED, 1))
                                .withBoost(7)));
        return Stream.concat(single, byPreset);
    }

    static Stream<List<Job>> workloads() {
        return Stream.concat(Workloads.withoutIo(300), Workloads.withIo(300));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyJobGetsExactlyItsWorkAndNoTwoAtATime(Policy policy) {
        workloads().forEach(jobs -> {
            Schedule schedule = Simulator.of(policy).run(jobs);
            Map<String, Long> got = new HashMap<>();
            long free = 0;
            for (Segment segment : schedule.segments()) {
                assertThat(segment.start()).as("%s", jobs).isGreaterThanOrEqualTo(free);
                assertThat(segment.end()).as("%s", jobs).isGreaterThan(segment.start());
                got.merge(segment.job().name(), segment.ticks(), Long::sum);
                free = segment.end();
            }
            for (Outcome outcome : schedule.outcomes()) {
                assertThat(got.get(outcome.job().name()))
                        .isEqualTo(outcome.job().service());
                assertThat(outcome.response()).isNotNegative();
                assertThat(outcome.waiting()).as("%s", jobs).isNotNegative();
            }
            assertThat(schedule.busyTicks())
                    .isEqualTo(jobs.stream().mapToLong(Job::service).sum());
        });
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theCpuIsNeverIdleWhileAJobIsReady(Policy policy) {
        workloads().forEach(jobs -> {
            Schedule schedule = Simulator.of(policy).run(jobs);
            List<long[]> idle = idle(schedule);
            for (long[] wanted : wantedCpu(schedule)) {
                for (long[] gap : idle) {
                    assertThat(Math.max(wanted[0], gap[0]) < Math.min(wanted[1], gap[1]))
                            .as("idle %s..%s, a job ready %s..%s: %s", gap[0], gap[1], wanted[0], wanted[1], jobs)
                            .isFalse();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("policies")
    void noTickIsLostWhenSwitchesCost(Policy policy) {
        workloads().forEach(jobs -> {
            Schedule schedule = Simulator.of(policy).withSwitchCost(2).run(jobs);
            assertThat(schedule.busyTicks())
                    .isEqualTo(jobs.stream().mapToLong(Job::service).sum());
            assertThat(schedule.switchTicks()).isEqualTo(2 * schedule.switches());
            long passedOn = 0;
            String last = null;
            long free = 0;
            for (Segment segment : schedule.segments()) {
                boolean switched = last != null && !last.equals(segment.job().name());
                assertThat(segment.start()).isGreaterThanOrEqualTo(free + (switched ? 2 : 0));
                passedOn += switched ? 1 : 0;
                last = segment.job().name();
                free = segment.end();
            }
            // A switch that was undone before the job could run has no segment.
            assertThat(schedule.switches()).as("%s", jobs).isGreaterThanOrEqualTo(passedOn);
            assertThat(schedule.makespan()).isGreaterThanOrEqualTo(schedule.busyTicks() + schedule.switchTicks());
        });
    }

    @ParameterizedTest
    @MethodSource("policies")
    void playsAgainExactlyTheSame(Policy policy) {
        Workloads.withIo(100).forEach(jobs -> {
            Schedule schedule = Simulator.of(policy).run(jobs);
            assertThat(schedule.segments()).isEqualTo(schedule.segments());
            assertThat(schedule.events()).isEqualTo(schedule.events());
            Map<String, Long> finished = new HashMap<>();
            for (Event event : schedule.events()) {
                if (event.kind() == Event.Kind.FINISHED) {
                    finished.put(event.job().name(), event.time());
                }
            }
            for (Outcome outcome : schedule.outcomes()) {
                assertThat(finished).containsEntry(outcome.job().name(), outcome.finish());
            }
        });
    }

    /** Ten times the ticks for everything is ten times the schedule: nothing goes by single ticks. */
    @Test
    void aFinerTickChangesNothing() {
        workloads().forEach(jobs -> {
            List<Job> finer = jobs.stream().map(job -> finer(job, 10)).toList();
            ensureTenfold(new ShortestRemainingTimeFirst(), new ShortestRemainingTimeFirst(), jobs, finer);
            ensureTenfold(new HighestResponseRatioNext(), new HighestResponseRatioNext(), jobs, finer);
            ensureTenfold(RoundRobin.of(3), RoundRobin.of(30), jobs, finer);
            ensureTenfold(Lottery.ofSeed(2, 1), Lottery.ofSeed(20, 1), jobs, finer);
            ensureTenfold(Stride.of(2), Stride.of(20), jobs, finer);
            ensureTenfold(
                    FeedbackQueues.of(Preset.OSTEP, Levels.of(1, 2, 4)).withBoost(9),
                    FeedbackQueues.of(Preset.OSTEP, Levels.of(10, 20, 40)).withBoost(90),
                    jobs,
                    finer);
            HighestPriorityFirst priority =
                    HighestPriorityFirst.of(Order.SMALL_FIRST).withPreemption(Preemption.BY_BETTER);
            ensureTenfold(priority.withAging(4), priority.withAging(40), jobs, finer);
        });
    }

    private static void ensureTenfold(Policy policy, Policy finerPolicy, List<Job> jobs, List<Job> finer) {
        List<String> coarse = Simulator.of(policy).run(jobs).segments().stream()
                .map(s -> s.job().name() + " " + s.start() * 10 + ".." + s.end() * 10)
                .toList();
        List<String> fine = Simulator.of(finerPolicy).run(finer).segments().stream()
                .map(s -> s.job().name() + " " + s.start() + ".." + s.end())
                .toList();
        assertThat(fine).as("%s %s", policy, jobs).isEqualTo(coarse);
    }

    private static Job finer(Job job, int times) {
        Work work = switch (job.work()) {
            case Work.Once(long service) -> new Work.Once(service * times);
            case Work.Periodic(long service, long every, long io) ->
                new Work.Periodic(service * times, every * times, io * times);
            case Work.Listed(List<Burst> bursts) ->
                new Work.Listed(bursts.stream()
                        .map(burst -> switch (burst) {
                            case Burst.Cpu(long ticks) -> Burst.cpu(ticks * times);
                            case Burst.Io(long ticks) -> Burst.io(ticks * times);
                        })
                        .toList());
        };
        return new Job(job.name(), job.arrival() * times, work, job.priority(), job.tickets(), job.setup());
    }

    @Test
    void noOrderHasASmallerMeanWaitThanShortestJobFirst() {
        Workloads.withoutIo(200).forEach(arrivals -> {
            List<Job> jobs = arrivals.stream()
                    .map(job -> Job.of(job.name(), 0, job.work()))
                    .toList();
            double best =
                    Simulator.of(new ShortestJobFirst()).run(jobs).averages().waiting();
            double bestOfAll = meanWaitsOfAllOrders(jobs, new ArrayList<>())
                    .min(Double::compare)
                    .orElseThrow();
            assertThat(best).as("%s", jobs).isEqualTo(bestOfAll);
        });
    }

    private static Stream<Double> meanWaitsOfAllOrders(List<Job> rest, List<Job> begun) {
        if (rest.isEmpty()) {
            return Stream.of(Simulator.of(new FirstComeFirstServed())
                    .run(begun)
                    .averages()
                    .waiting());
        }
        return rest.stream().flatMap(next -> {
            var restWithout = new ArrayList<>(rest);
            restWithout.remove(next);
            var longer = new ArrayList<>(begun);
            longer.add(next);
            return meanWaitsOfAllOrders(restWithout, longer);
        });
    }

    @Test
    void roundRobinWithAHugeQuantumIsFirstComeFirstServed() {
        for (Preset preset : Preset.values()) {
            workloads().forEach(jobs -> {
                Schedule roundRobin =
                        Simulator.of(new RoundRobin(1_000_000, preset)).run(jobs);
                Schedule firstCome = Simulator.of(new FirstComeFirstServed()).run(jobs);
                assertThat(roundRobin.segments()).isEqualTo(firstCome.segments());
                assertThat(roundRobin.outcomes()).isEqualTo(firstCome.outcomes());
            });
        }
    }

    private static List<long[]> idle(Schedule schedule) {
        var idle = new ArrayList<long[]>();
        long free = 0;
        for (Segment segment : schedule.segments()) {
            if (segment.start() > free) {
                idle.add(new long[] {free, segment.start()});
            }
            free = segment.end();
        }
        idle.add(new long[] {free, Long.MAX_VALUE});
        return idle;
    }

    /** From when to when each job wanted the CPU or had it. */
    private static List<long[]> wantedCpu(Schedule schedule) {
        Map<String, Long> since = new HashMap<>();
        var wanted = new ArrayList<long[]>();
        for (Event event : schedule.events()) {
            switch (event.kind()) {
                case ARRIVED, IO_DONE -> since.put(event.job().name(), event.time());
                case IO_STARTED, FINISHED ->
                    wanted.add(new long[] {since.get(event.job().name()), event.time()});
                case BOOSTED -> {}
            }
        }
        return wanted;
    }
}
