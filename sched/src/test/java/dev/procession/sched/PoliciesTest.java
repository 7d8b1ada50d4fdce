package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.sched.HighestPriorityFirst.Order;
import dev.procession.sched.HighestPriorityFirst.Preemption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is special about single policies and has no oracle. */
class PoliciesTest {
    @Test
    void priorityGoesEitherWay() {
        List<Job> jobs = List.of(
                Job.of("A", 0, 2).withPriority(1),
                Job.of("B", 0, 2).withPriority(3),
                Job.of("C", 0, 2).withPriority(2));
        assertThat(order(HighestPriorityFirst.of(Order.SMALL_FIRST), jobs)).containsExactly("A", "C", "B");
        assertThat(order(HighestPriorityFirst.of(Order.LARGE_FIRST), jobs)).containsExactly("B", "C", "A");
    }

    @Test
    void onlyAStrictlyBetterPriorityTakesTheCpu() {
        List<Job> jobs = List.of(
                Job.of("A", 0, 6).withPriority(2),
                Job.of("B", 1, 2).withPriority(2),
                Job.of("C", 3, 1).withPriority(1));
        HighestPriorityFirst policy = HighestPriorityFirst.of(Order.SMALL_FIRST);
        assertThat(order(policy, jobs)).containsExactly("A", "C", "B");
        assertThat(order(policy.withPreemption(Preemption.BY_BETTER), jobs)).containsExactly("A", "C", "A", "B");
    }

    @Test
    void agingEndsStarvation() {
        var jobs = new ArrayList<Job>();
        jobs.add(Job.of("poor", 0, 3).withPriority(9));
        for (int i = 0; i < 100; i++) {
            jobs.add(Job.of("rich " + i, i * 5L, 5).withPriority(1));
        }
        HighestPriorityFirst policy = HighestPriorityFirst.of(Order.SMALL_FIRST).withPreemption(Preemption.BY_BETTER);
        assertThat(Simulator.of(policy).run(jobs).outcome("poor").start()).isEqualTo(500);
        // At 80 the aging clock has ticked eight times for it: a tie with the rich job of that instant, and it came
        // first.
        assertThat(Simulator.of(policy.withAging(10)).run(jobs).outcome("poor").start())
                .isEqualTo(80);
    }

    @Test
    void strideSharesByTicketsToTheTick() {
        // The worked example of OSTEP: 100, 50 and 250 tickets, ties by list order.
        List<Job> jobs = List.of(
                Job.of("A", 0, 100).withTickets(100),
                Job.of("B", 0, 100).withTickets(50),
                Job.of("C", 0, 100).withTickets(250));
        assertThat(order(Stride.of(1), jobs).subList(0, 8)).containsExactly("A", "B", "C", "C", "C", "A", "C", "C");
    }

    @Test
    void strideGivesNoCreditForTimeAway() {
        List<Job> jobs = List.of(Job.of("A", 0, 10), Job.of("late", 6, 4));
        assertThat(order(Stride.of(1), jobs))
                .containsExactly("A", "A", "A", "A", "A", "A", "late", "A", "late", "A", "late", "A", "late", "A");
    }

    @Test
    void strideWorksWithTicketsThatHaveNoSmallCommonMultiple() {
        var jobs = new ArrayList<Job>();
        long[] primes = {999_983, 999_979, 999_961, 999_959, 999_953};
        for (long prime : primes) {
            jobs.add(Job.of("job " + prime, 0, 1000).withTickets(prime));
        }
        Schedule schedule = Simulator.of(Stride.of(1)).run(jobs);
        assertThat(schedule.outcomes()).allSatisfy(o -> assertThat(o.finish()).isBetween(4_990L, 5_000L));
    }

    @Test
    void theLotteryIsFairInTheLongRunAndTheSameForTheSameSeed() {
        List<Job> jobs = List.of(
                Job.of("A", 0, 30_000).withTickets(3), Job.of("B", 0, 30_000).withTickets(1));
        Schedule schedule = Simulator.of(Lottery.ofSeed(1, 42)).run(jobs);
        // A should be done when B has a third of it: at 40 000.
        assertThat(schedule.outcome("A").finish()).isBetween(39_000L, 41_000L);
        assertThat(Simulator.of(Lottery.ofSeed(1, 42)).run(jobs).outcomes()).isEqualTo(schedule.outcomes());
        assertThat(Simulator.of(Lottery.ofSeed(1, 43)).run(jobs).outcomes()).isNotEqualTo(schedule.outcomes());
    }

    @Test
    void theLotteryCutsASlotShortOrNot() {
        List<Job> jobs = List.of(Job.of("A", 0, 4), Job.of("B", 0, 2));
        Lottery lottery = Lottery.ofDraws(3, 0, 0, 0);
        assertThat(finishes(lottery, jobs)).containsExactly(4L, 6L);
        assertThat(finishes(lottery.withSlots(Lottery.Slots.WHOLE), jobs)).containsExactly(6L, 9L);
    }

    @Test
    void theLotterySaysHowManyDrawsAreMissing() {
        assertThatThrownBy(() -> Simulator.of(Lottery.ofDraws(2, 1, 2)).run(List.of(Job.of("A", 0, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given=2, needed=3");
        assertThatThrownBy(() -> Lottery.ofDraws(1, 5, -5)).hasMessageContaining("draw=-5");
    }

    @Test
    void silberschatzFeedbackQueueEndsInFirstComeFirstServed() {
        FeedbackQueues policy = FeedbackQueues.of(Preset.SILBERSCHATZ, Levels.of(8, 16, ReadyQueue.NEVER));
        Schedule schedule =
                Simulator.of(policy).run(List.of(Job.of("A", 0, 40), Job.of("B", 0, 40), Job.of("C", 60, 4)));
        assertThat(schedule.segments().stream()
                        .map(s -> s.job().name() + " " + s.start() + ".." + s.end() + " queue "
                                + s.rank().level()))
                .containsExactly(
                        "A 0..8 queue 0",
                        "B 8..16 queue 0",
                        "A 16..32 queue 1",
                        "B 32..48 queue 1",
                        "A 48..60 queue 2",
                        "C 60..64 queue 0",
                        "A 64..68 queue 2",
                        "B 68..84 queue 2");
    }

    @Test
    void aBoostLiftsTheLowestLevelFirstAndKeepsTheOrderWithinEach() {
        FeedbackQueues policy =
                FeedbackQueues.of(Preset.OSTEP, Levels.same(3, 1)).withBoost(8);
        List<Job> jobs = List.of(Job.of("A", 0, 9), Job.of("B", 0, 9), Job.of("C", 0, 9), Job.of("D", 7, 4));
        // At 8 the lowest level holds B, C, A, and the one above D.
        assertThat(order(policy, jobs).subList(0, 12))
                .containsExactly("A", "B", "C", "A", "B", "C", "A", "D", "B", "C", "A", "D");
    }

    @Test
    void levelsAreChecked() {
        assertThatThrownBy(() -> Levels.same(0, 1)).hasMessageContaining("count=0");
        assertThatThrownBy(() -> Levels.same(3, 0)).hasMessageContaining("quantumTicks=0");
        assertThatThrownBy(() -> Levels.of()).hasMessageContaining("levels=0");
        assertThatThrownBy(() -> Levels.of(4, 0)).hasMessageContaining("quantumTicks=0");
        assertThatThrownBy(() -> Levels.of(1, 2, 4).withAllotments(1, 2))
                .hasMessageContaining("allotments=2, levels=3");
        assertThat(Levels.doubling(Levels.UNLIMITED, 3).quantumTicks(2)).isEqualTo(12);
        assertThat(Levels.doubling(Levels.UNLIMITED, 3).quantumTicks(62)).isEqualTo(ReadyQueue.NEVER);
    }

    @Test
    void workIsChecked() {
        assertThatThrownBy(() -> Job.of("A", -1, 3)).hasMessageContaining("job=A, arrival=-1");
        assertThatThrownBy(() -> Job.of("A", 0, 0)).hasMessageContaining("service=0");
        assertThatThrownBy(() -> Job.of("A", 0, Burst.io(3))).hasMessageContaining("at least one CPU burst");
        assertThatThrownBy(() -> Job.of("A", 0, 3).withTickets(0)).hasMessageContaining("job=A, tickets=0");
        assertThatThrownBy(() -> Job.of("A", 0, 3).withSetup(-2)).hasMessageContaining("job=A, setup=-2");
        assertThatThrownBy(() -> Burst.cpu(0)).hasMessageContaining("ticks=0");
        assertThatThrownBy(() -> Burst.io(-1)).hasMessageContaining("ticks=-1");
        assertThatThrownBy(() -> new Work.Periodic(5, 0, 1)).hasMessageContaining("ioEvery=0");
        assertThatThrownBy(() -> RoundRobin.of(0)).hasMessageContaining("quantumTicks=0");
    }

    @Test
    void burstsOfOneKindAreJoined() {
        Job job = Job.of("A", 0, Burst.cpu(1), Burst.cpu(2), Burst.io(3), Burst.io(4), Burst.cpu(5));
        assertThat(job.work()).isEqualTo(new Work.Listed(List.of(Burst.cpu(3), Burst.io(7), Burst.cpu(5))));
        assertThat(job.service()).isEqualTo(8);
    }

    @Test
    void periodicIoIsNeverOnTheLastTick() {
        var work = new Work.Periodic(6, 3, 2);
        assertThat(work.burstCount()).isEqualTo(3);
        assertThat(work.blocked()).isEqualTo(2);
        assertThat(List.of(work.burst(0), work.burst(1), work.burst(2)))
                .containsExactly(Burst.cpu(3), Burst.io(2), Burst.cpu(3));
        assertThat(new Work.Periodic(7, 3, 2).burst(4)).isEqualTo(Burst.cpu(1));
        assertThatThrownBy(() -> work.burst(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static List<String> order(Policy policy, List<Job> jobs) {
        return Simulator.of(policy).run(jobs).segments().stream()
                .map(s -> s.job().name())
                .toList();
    }

    private static List<Long> finishes(Policy policy, List<Job> jobs) {
        return Simulator.of(policy).run(jobs).outcomes().stream()
                .map(Outcome::finish)
                .toList();
    }
}
