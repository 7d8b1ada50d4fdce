package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimulatorTest {
    private static final List<Job> CONVOY = List.of(Job.of("A", 0, 24), Job.of("B", 0, 3), Job.of("C", 0, 3));

    /** The example in {@link Policy}: all a stranger has to write. */
    private record LongestJobFirst() implements Policy {
        @Override
        public String name() {
            return "ljf";
        }

        @Override
        public ReadyQueue open(List<Job> jobs) {
            var longest = Comparator.comparingLong(ControlBlock::burstLeft).reversed();
            var ready = new PriorityQueue<>(longest.thenComparingInt(ControlBlock::index));
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

    @Test
    void aStrangersPolicyIsTwoMethods() {
        Schedule schedule = Simulator.of(new LongestJobFirst())
                .run(List.of(Job.of("A", 0, 2), Job.of("B", 0, 9), Job.of("C", 1, 5), Job.of("D", 2, 6)));
        assertThat(names(schedule)).containsExactly("B", "D", "C", "A");
        assertThat(schedule.policy()).isEqualTo("ljf");
    }

    @Test
    void theExampleOfTheClassIsTrue() {
        assertThat(Simulator.of(RoundRobin.of(4)).run(CONVOY).averages().waiting())
                .isEqualTo(17.0 / 3);
    }

    @Test
    void idleTimeHasNoSegmentAndCountsAgainstUtilisation() {
        Schedule schedule = Simulator.of(new FirstComeFirstServed())
                .run(List.of(Job.of("A", 2, Burst.cpu(1), Burst.io(5), Burst.cpu(1)), Job.of("B", 20, 1)));
        assertThat(schedule.segments().stream().map(s -> s.start() + ".." + s.end()))
                .containsExactly("2..3", "8..9", "20..21");
        assertThat(schedule.cpuUtilisation()).isEqualTo(3.0 / 21);
        assertThat(schedule.outcome("A"))
                .isEqualTo(new Outcome(schedule.outcome("A").job(), 2, 9));
        assertThat(schedule.outcome("A").waiting()).isZero();
        assertThat(schedule.outcome("A").blocked()).isEqualTo(5);
    }

    @Test
    void aJobMayBeginAndEndWithIo() {
        Schedule schedule = Simulator.of(new FirstComeFirstServed())
                .run(List.of(Job.of("A", 1, Burst.io(3), Burst.cpu(2), Burst.io(4))));
        assertThat(schedule.outcome("A").start()).isEqualTo(4);
        assertThat(schedule.outcome("A").finish()).isEqualTo(10);
        assertThat(schedule.makespan()).isEqualTo(10);
        assertThat(schedule.events().stream().map(e -> e.kind() + " " + e.time()))
                .containsExactly("ARRIVED 1", "IO_STARTED 1", "IO_DONE 4", "IO_STARTED 6", "IO_DONE 10", "FINISHED 10");
    }

    @Test
    void aSwitchIsPaidWhenTheCpuPassesToAnotherJob() {
        Schedule schedule = Simulator.of(RoundRobin.of(4)).withSwitchCost(1).run(CONVOY);
        assertThat(schedule.segments().stream().map(s -> s.job().name() + " " + s.start() + ".." + s.end()))
                .startsWith("A 0..4", "B 5..8", "C 9..12", "A 13..17", "A 17..21");
        assertThat(schedule.switches()).isEqualTo(3);
        assertThat(schedule.makespan()).isEqualTo(33);
        assertThat(schedule.cpuUtilisation()).isEqualTo(30.0 / 33);
    }

    @Test
    void whatArrivesDuringASwitchIsLookedAtWhenItIsOver() {
        Schedule schedule = Simulator.of(new ShortestRemainingTimeFirst())
                .withSwitchCost(3)
                .run(List.of(Job.of("A", 0, 2), Job.of("B", 0, 9), Job.of("C", 3, 1)));
        // A ends at 2, the switch to B takes until 5, and there C is shorter: another switch.
        assertThat(schedule.segments().stream().map(s -> s.job().name() + " " + s.start() + ".." + s.end()))
                .containsExactly("A 0..2", "C 8..9", "B 12..21");
        assertThat(schedule.switches()).isEqualTo(3);
    }

    @Test
    void refusesWhatItCannotRun() {
        Simulator simulator = Simulator.of(new FirstComeFirstServed());
        assertThatThrownBy(() -> simulator.run(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no job");
        assertThatThrownBy(() -> simulator.run(List.of(Job.of("A", 0, 1), Job.of("A", 1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two jobs have one name: name=A");
        assertThatThrownBy(() -> simulator.withSwitchCost(-1)).hasMessageContaining("ticks=-1");
    }

    @Test
    void saysSoWhenTimeRunsOut() {
        List<Job> jobs = List.of(Job.of("A", 0, Long.MAX_VALUE), Job.of("B", 0, Long.MAX_VALUE));
        for (Policy policy : List.of(new FirstComeFirstServed(), RoundRobin.of(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> Simulator.of(policy).run(jobs))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageStartingWith("the run lasts longer than 2^63 ticks");
        }
    }

    @Test
    void catchesAPolicyThatForgetsItsJobs() {
        Policy forgetful = policy(new ReadyQueue() {
            @Override
            public void add(ControlBlock block, Entry entry, long now) {}

            @Override
            public @Nullable ControlBlock poll(long now) {
                return null;
            }
        });
        assertThatThrownBy(() -> Simulator.of(forgetful).run(CONVOY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the policy leaves jobs waiting for ever: policy=mine, time=0, unfinished=3");
    }

    @Test
    void catchesAPolicyThatRunsWhatIsNotReady() {
        Policy stubborn = policy(new ReadyQueue() {
            private @Nullable ControlBlock favourite;

            @Override
            public void add(ControlBlock block, Entry entry, long now) {
                favourite = favourite == null ? block : favourite;
            }

            @Override
            public @Nullable ControlBlock poll(long now) {
                return favourite;
            }
        });
        assertThatThrownBy(() -> Simulator.of(stubborn).run(CONVOY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chose a job that is not ready: policy=mine, time=24, job=A DONE");
    }

    @Test
    void catchesAPolicyWithNoSliceAtAll() {
        Policy stingy = policy(new ReadyQueue() {
            private @Nullable ControlBlock only;

            @Override
            public void add(ControlBlock block, Entry entry, long now) {
                only = block;
            }

            @Override
            public @Nullable ControlBlock poll(long now) {
                return only;
            }

            @Override
            public long slice(ControlBlock block) {
                return 0;
            }
        });
        assertThatThrownBy(() -> Simulator.of(stingy).run(CONVOY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("slice below 1: policy=mine, slice=0");
    }

    @Test
    void aMillionLongJobsWithATinyQuantumAreNoMoreThanAMillionJobs() {
        var random = new SplittableRandom(1);
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < 1_000_000; i++) {
            jobs.add(Job.of("job " + i, random.nextInt(10_000_000), random.nextInt(1, 1_000_000)));
        }
        Schedule schedule = Simulator.of(RoundRobin.of(1)).run(jobs);
        assertThat(schedule.busyTicks())
                .isEqualTo(jobs.stream().mapToLong(Job::service).sum());
        // Nobody waits for the CPU at the end but the longest jobs, all present since the beginning.
        assertThat(schedule.makespan())
                .isBetween(
                        schedule.busyTicks(),
                        schedule.busyTicks() + jobs.getLast().arrival() + 10_000_000);
    }

    private static Policy policy(ReadyQueue queue) {
        return new Policy() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public ReadyQueue open(List<Job> jobs) {
                return queue;
            }
        };
    }

    private static List<String> names(Schedule schedule) {
        return schedule.segments().stream().map(s -> s.job().name()).toList();
    }
}
