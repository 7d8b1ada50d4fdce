package dev.procession.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How the cost of a run grows with the number of jobs: run by hand, with {@code -Xmx1g} to see that it fits.
 *
 * <p>Each line is the best of three runs. The work for each job should stay about the same from line to line.
 */
final class RoundRobinBench {
    private RoundRobinBench() {}

    public static void main(String[] arguments) {
        for (int longest : new int[] {20, 1_000_000}) {
            for (int count : new int[] {10_000, 100_000, 1_000_000}) {
                List<Job> jobs = jobs(count, longest);
                long quantum = longest == 20 ? 4 : 1;
                long bestNanos = Long.MAX_VALUE;
                for (int turn = 0; turn < 3; turn++) {
                    long begin = System.nanoTime();
                    Simulator.of(RoundRobin.of(quantum)).run(jobs);
                    bestNanos = Math.min(bestNanos, System.nanoTime() - begin);
                }
                System.out.printf(
                        Locale.ROOT,
                        "jobs=%d longest=%d quantum=%d millis=%d nanosPerJob=%d%n",
                        count,
                        longest,
                        quantum,
                        bestNanos / 1_000_000,
                        bestNanos / count);
            }
        }
    }

    private static List<Job> jobs(int count, int longest) {
        var random = new SplittableRandom(1);
        var jobs = new ArrayList<Job>(count);
        long arrival = 0;
        for (int i = 0; i < count; i++) {
            arrival += random.nextInt(longest);
            jobs.add(Job.of("job " + i, arrival, random.nextInt(1, longest + 1)));
        }
        return jobs;
    }
}
