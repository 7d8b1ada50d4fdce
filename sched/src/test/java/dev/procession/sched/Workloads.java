package dev.procession.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small jobs by chance, full of ties; a seed gives the same ones again. */
final class Workloads {
    private Workloads() {}

    static Stream<List<Job>> withoutIo(int count) {
        return IntStream.range(0, count).mapToObj(seed -> jobs(seed, false));
    }

    static Stream<List<Job>> withIo(int count) {
        return IntStream.range(0, count).mapToObj(seed -> jobs(seed, true));
    }

    private static List<Job> jobs(int seed, boolean io) {
        var random = new SplittableRandom(seed);
        int count = random.nextInt(1, 8);
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < count; i++) {
            long arrival = random.nextBoolean() ? 0 : random.nextInt(25);
            jobs.add(Job.of(String.valueOf((char) ('A' + i)), arrival, work(random, io))
                    .withPriority(random.nextInt(4))
                    .withTickets(random.nextInt(1, 6))
                    .withSetup(random.nextInt(4)));
        }
        return jobs;
    }

    private static Work work(SplittableRandom random, boolean io) {
        if (!io) {
            return new Work.Once(random.nextInt(1, 10));
        }
        if (random.nextInt(3) == 0) {
            return new Work.Periodic(random.nextInt(1, 15), random.nextInt(1, 5), random.nextInt(4));
        }
        var bursts = new ArrayList<Burst>();
        int pairs = random.nextInt(1, 4);
        for (int i = 0; i < pairs; i++) {
            if (i > 0 || random.nextInt(4) == 0) {
                bursts.add(Burst.io(random.nextInt(6)));
            }
            bursts.add(Burst.cpu(random.nextInt(1, 8)));
        }
        if (random.nextInt(4) == 0) {
            bursts.add(Burst.io(random.nextInt(6)));
        }
        return new Work.Listed(bursts);
    }
}
