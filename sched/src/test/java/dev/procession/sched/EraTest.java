package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EraTest {
    private static final RoundRobin SHARING = RoundRobin.of(2);

    /** Two ticks of set-up each; read cards for 3, compute for 4, print for 2. */
    private static final List<Job> CARDS = Stream.of("A", "B", "C")
            .map(name -> Job.of(name, 0, Burst.io(3), Burst.cpu(4), Burst.io(2)).withSetup(2))
            .toList();

    @Test
    void byHandNothingOverlaps() {
        Schedule schedule = Era.MANUAL.run(CARDS, SHARING, 0);
        assertThat(segments(schedule)).containsExactly("A 5..9", "B 16..20", "C 27..31");
        assertThat(schedule.makespan()).isEqualTo(33);
        assertThat(schedule.policy()).isEqualTo("manual");
    }

    @Test
    void anOnlineBatchIsSetUpOnce() {
        Schedule schedule = Era.ONLINE_BATCH.run(CARDS, SHARING, 0);
        assertThat(segments(schedule)).containsExactly("A 5..9", "B 14..18", "C 23..27");
        assertThat(schedule.makespan()).isEqualTo(29);
    }

    @Test
    void offlineASatelliteReadsWhileTheMachineComputes() {
        Schedule schedule = Era.OFFLINE_BATCH.run(CARDS, SHARING, 0);
        // The reader takes 5 for each job, the machine 4: it waits for cards, not for the printer.
        assertThat(segments(schedule)).containsExactly("A 5..9", "B 10..14", "C 15..19");
        assertThat(schedule.makespan()).isEqualTo(21);
        assertThat(schedule.outcome("B").waiting()).isEqualTo(16 - 4 - 5);
    }

    @Test
    void withMultiprogrammingOthersComputeDuringIo() {
        Schedule schedule = Era.MULTIPROGRAMMING.run(CARDS, SHARING, 0);
        assertThat(segments(schedule)).containsExactly("A 5..9", "B 9..13", "C 13..17");
        assertThat(schedule.makespan()).isEqualTo(19);
    }

    @Test
    void withTimeSharingNobodyWaitsForLong() {
        Schedule schedule = Era.TIME_SHARING.run(CARDS, SHARING, 0);
        assertThat(segments(schedule))
                .containsExactly("A 5..7", "B 7..9", "C 9..11", "A 11..13", "B 13..15", "C 15..17");
        assertThat(schedule.averages().response())
                .isLessThan(
                        Era.MULTIPROGRAMMING.run(CARDS, SHARING, 0).averages().response());
    }

    @Test
    void anOnlineBatchTakesInWhatIsThereWhenTheMachineIsFree() {
        List<Job> jobs = List.of(
                Job.of("A", 0, 5).withSetup(1),
                Job.of("B", 3, 2).withSetup(2),
                Job.of("C", 4, 2).withSetup(4),
                Job.of("D", 20, 1).withSetup(3));
        assertThat(segments(Era.ONLINE_BATCH.run(jobs, SHARING, 0)))
                .containsExactly("A 1..6", "B 10..12", "C 12..14", "D 23..24");
    }

    /** What overlaps cannot take longer than what does not. */
    @Test
    void noEraIsSlowerThanWorkByHand() {
        Workloads.withIo(1000).forEach(jobs -> {
            long manual = Era.MANUAL.run(jobs, SHARING, 0).makespan();
            long online = Era.ONLINE_BATCH.run(jobs, SHARING, 0).makespan();
            long offline = Era.OFFLINE_BATCH.run(jobs, SHARING, 0).makespan();
            assertThat(online).as("%s", jobs).isLessThanOrEqualTo(manual);
            assertThat(offline).as("%s", jobs).isLessThanOrEqualTo(manual);
            long multi = Era.MULTIPROGRAMMING.run(jobs, SHARING, 0).makespan();
            long shared = Era.TIME_SHARING.run(jobs, SHARING, 0).makespan();
            assertThat(multi).as("%s", jobs).isLessThanOrEqualTo(manual);
            assertThat(shared).as("%s", jobs).isLessThanOrEqualTo(manual);
        });
    }

    @Test
    void everyEraDoesAllTheWorkAndTellsItInOrder() {
        Workloads.withIo(300).forEach(jobs -> {
            for (Era era : Era.values()) {
                Schedule schedule = era.run(jobs, SHARING, 0);
                assertThat(schedule.segments().stream()
                                .mapToLong(Segment::ticks)
                                .sum())
                        .isEqualTo(schedule.busyTicks())
                        .isEqualTo(jobs.stream().mapToLong(Job::service).sum());
                assertThat(schedule.outcomes())
                        .allSatisfy(o -> assertThat(o.waiting()).isGreaterThanOrEqualTo(waitForSetup(era, o.job())));
                assertThat(schedule.events()).isSortedAccordingTo((a, b) -> Long.compare(a.time(), b.time()));
            }
        });
    }

    private static long waitForSetup(Era era, Job job) {
        return era == Era.ONLINE_BATCH ? 0 : job.setup();
    }

    @Test
    void refusesWhatItCannotRun() {
        assertThatThrownBy(() -> Era.MANUAL.run(List.of(), SHARING, 0)).hasMessageContaining("no job");
        assertThatThrownBy(() -> Era.TIME_SHARING.run(CARDS, SHARING, -1)).hasMessageContaining("ticks=-1");
    }

    private static List<String> segments(Schedule schedule) {
        return schedule.segments().stream()
                .map(s -> s.job().name() + " " + s.start() + ".." + s.end())
                .toList();
    }
}
