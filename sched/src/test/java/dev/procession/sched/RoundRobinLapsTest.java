package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Going round in laps gives, to the tick, what going slice by slice gives. */
class RoundRobinLapsTest {
    @Test
    void fewJobsFullOfTies() {
        Stream.concat(Workloads.withoutIo(400), Workloads.withIo(400)).forEach(jobs -> {
            for (long quantum = 1; quantum <= 6; quantum++) {
                for (long switchCost : new long[] {0, 1, 3}) {
                    ensureSame(new RoundRobin(quantum, Preset.OSTEP), jobs, switchCost);
                    ensureSame(new RoundRobin(quantum, Preset.STALLINGS), jobs, switchCost);
                }
            }
        });
    }

    @Test
    void aRingOfHundreds() {
        for (int seed = 0; seed < 30; seed++) {
            List<Job> jobs = hundreds(new SplittableRandom(seed));
            for (Preset preset : Preset.values()) {
                ensureSame(new RoundRobin(3, preset), jobs, seed % 3);
                ensureSame(new RoundRobin(50, preset), jobs, seed % 3);
            }
        }
    }

    private static List<Job> hundreds(SplittableRandom random) {
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < 700; i++) {
            Work work = random.nextInt(3) == 0
                    ? new Work.Periodic(random.nextInt(1, 300), random.nextInt(1, 90), random.nextInt(40))
                    : new Work.Once(random.nextInt(1, 300));
            jobs.add(Job.of("job " + i, random.nextInt(20_000), work));
        }
        return jobs;
    }

    private static void ensureSame(RoundRobin policy, List<Job> jobs, long switchCost) {
        for (Simulator.SetUp setUp : Simulator.SetUp.values()) {
            Figures inLaps = new RoundRobinLaps(policy, jobs, switchCost, setUp).run();
            Figures inSlices = new Machine(policy, jobs, switchCost, setUp, null).run();
            assertThat(inLaps)
                    .as("%s %s switchCost=%s %s", policy, jobs, switchCost, setUp)
                    .usingRecursiveComparison()
                    .isEqualTo(inSlices);
        }
    }
}
