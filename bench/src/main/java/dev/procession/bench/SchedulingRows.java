package dev.procession.bench;

import dev.procession.sched.Job;
import dev.procession.sched.Outcome;
import dev.procession.sched.RoundRobin;
import dev.procession.sched.Schedule;
import dev.procession.sched.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What it costs to simulate round robin for very many jobs. The peer is OSTEP's way to do it, at the sizes it can do; it must
 * come to the same answers. With lists as it has, its cost grows with the square of the number of jobs; ours for each job
 * should stay about the same from row to row.
 */
final class SchedulingRows {
    private static final String OURS = "Simulator";
    private static final String OSTEP = "OSTEP's way";

    /** All of it must fit: jobs, their names, and the figures. */
    private static final String HEAP = "1g";

    private static final int QUANTUM = 4;
    private static final int MILLION = 1_000_000;

    private SchedulingRows() {}

    static List<Row> all() {
        return List.of(
                beside("sched-10k", 10_000),
                beside("sched-100k", 100_000),
                new Row(
                        "sched-1m",
                        "round robin of a million jobs, each",
                        "ns",
                        Better.LOWER,
                        ours(MILLION),
                        List.of(),
                        List.of(new Target.Told())),
                once("sched-1m-once", "round robin of a million jobs in a JVM of 1 GiB that has just started", 1),
                once("sched-1m-long", "the same with jobs of up to five million quanta", MILLION));
    }

    private static Row beside(String name, int count) {
        return new Row(
                name,
                "round robin of " + count + " jobs, each",
                "ns",
                Better.LOWER,
                ours(count),
                List.of(new SameAnswer(count)),
                List.of(new Target.Against(OSTEP, 1)));
    }

    private static Contender ours(int count) {
        return Contender.of(
                OURS,
                effort -> Crew.playIn(HEAP, effort, gate -> {
                    List<Job> jobs = jobs(count, 1);
                    return gate.await().medianNanos(() -> nanosOf(jobs)) / count;
                }));
    }

    private static Row once(String name, String what, int scale) {
        return new Row(
                name,
                what,
                "s",
                Better.LOWER,
                Contender.of(
                        OURS,
                        effort -> Crew.playIn(HEAP, effort, gate -> {
                            List<Job> jobs = jobs(MILLION, scale);
                            Window _ = gate.await();
                            return nanosOf(jobs) / 1e9;
                        })),
                List.of(),
                List.of(new Target.Absolute(3)));
    }

    private static long nanosOf(List<Job> jobs) {
        long begin = System.nanoTime();
        if (!(run(jobs).averages().turnaround() > 0)) {
            throw new IllegalStateException("no job took any time");
        }
        return System.nanoTime() - begin;
    }

    private static Schedule run(List<Job> jobs) {
        return Simulator.of(RoundRobin.of(QUANTUM)).run(jobs);
    }

    /** All there from the start, as OSTEP has them. */
    private static List<Job> jobs(int count, int scale) {
        List<Job> jobs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            jobs.add(Job.of("job " + i, 0, (long) scale * length(i)));
        }
        return jobs;
    }

    /** From 1 to 20, and the same in both languages. */
    private static int length(int number) {
        return 1 + (int) ((number * 2_654_435_761L % (1L << 32)) >> 16) % 20;
    }

    /** The peer, which is told our answer and fails if its own is another. */
    private record SameAnswer(int count) implements Contender {
        @Override
        public String name() {
            return OSTEP;
        }

        @Override
        public Optional<String> absence() {
            return script("").absence();
        }

        @Override
        public double measure(Effort effort) throws Exception {
            List<Outcome> outcomes = run(jobs(count, 1)).outcomes();
            return script(count + ":" + QUANTUM + ":" + sum(outcomes, Outcome::response) + ":"
                            + sum(outcomes, Outcome::turnaround))
                    .measure(effort);
        }

        private static long sum(List<Outcome> outcomes, ToLongFunction<Outcome> figure) {
            return outcomes.stream().mapToLong(figure).sum();
        }

        private static Contender script(String work) {
            return Script.python(OSTEP, "scheduling.py", work);
        }
    }
}
