package dev.procession.lab.cost;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.measure.Sample;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import dev.procession.process.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Five threads against five processes that sum up. In Python the processes win, since threads take turns at one lock (see
 * {@code gil}). Here threads use all processors too and start for nothing.
 */
public final class CpuThreadsProcesses implements Experiment {
    private static final Knob<Integer> WORKERS = Knob.count("workers", 5, 1, 50, "how many sum up");
    private static final Knob<Integer> TO = Knob.count(
            "to", 200_000_000, 1, Integer.MAX_VALUE - 1, "the last number that each adds (the course: 100000000)");
    private static final Knob<Integer> ROUNDS = Knob.count("rounds", 3, 1, 100, "how often; the medians count");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double SPEED_UP = 0.8;

    @Override
    public String id() {
        return "cpu-threads-processes";
    }

    @Override
    public String title() {
        return "five threads or five processes: who is faster?";
    }

    @Override
    public String section() {
        return "4.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(WORKERS, TO, ROUNDS);
    }

    /** One way to have all sums. */
    private enum Way {
        SERIAL("one after the other"),
        THREADS("threads"),
        PROCESSES("processes, their start included");

        final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /** What one round came to: how long it took, what sums came out, how it looked. */
    private record Round(Duration took, List<String> sums, List<Lanes.Lane> lanes, List<Long> pids) {}

    /** All rounds of one way. */
    private record Raced(Way way, List<Round> rounds) {
        long medianMillis() {
            return Math.round(new Sample(rounds.stream()
                            .map(round -> round.took.toNanos() / 1e6)
                            .toList())
                    .median());
        }

        /** The median of the rounds' ratios: what else the machine did in a round, it did to both. */
        double ratioTo(Raced other) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < rounds.size(); i++) {
                ratios.add((double) rounds.get(i).took.toNanos()
                        / other.rounds.get(i).took.toNanos());
            }
            return new Sample(ratios).median();
        }

        Round last() {
            return rounds.getLast();
        }

        boolean allSumsAre(long sum, int workers) {
            return rounds.stream()
                    .allMatch(round -> round.sums.equals(Collections.nCopies(workers, String.valueOf(sum))));
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int workers = knobs.get(WORKERS);
        int to = knobs.get(TO);
        int rounds = knobs.get(ROUNDS);
        long sum = sum(to); // Also warms up.
        List<Raced> all = new ArrayList<>();
        for (Way way : Way.values()) {
            all.add(new Raced(way, new ArrayList<>()));
        }
        try (Progress progress = bench.progress("rounds", rounds * Way.values().length)) {
            for (int i = 0; i < rounds; i++) {
                for (Raced raced : all) {
                    raced.rounds.add(
                            switch (raced.way) {
                                case SERIAL -> threads(1, workers, to);
                                case THREADS -> threads(workers, 1, to);
                                case PROCESSES -> processes(workers, to);
                            });
                    progress.step();
                }
            }
        }
        return outcome(all, workers, sum);
    }

    private static long sum(int to) {
        long sum = 0;
        for (int number = 0; number <= to; number++) {
            sum += number;
        }
        return sum;
    }

    /** So many threads, each of which makes so many sums one after the other. */
    private static Round threads(int count, int sumsEach, int to) throws InterruptedException {
        try (Crew crew = Crew.within(PATIENCE)) {
            long began = System.nanoTime();
            for (int i = 1; i <= count; i++) {
                crew.start("Thread-" + i, hand -> {
                    for (int n = 0; n < sumsEach; n++) {
                        hand.enters(Doing.SUMS);
                        long sum = sum(to);
                        hand.marks(Doing.TELLS_SUM, sum);
                    }
                });
            }
            crew.awaitEnds();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            List<Lanes.Lane> lanes = new ArrayList<>();
            List<String> sums = new ArrayList<>();
            for (Hand hand : crew.hands()) {
                lanes.add(hand.lane(Doing.class, Label.of(count == 1 ? "one thread" : hand.name()), ""));
                sums.addAll(texts(hand.entries(Doing.TELLS_SUM)));
            }
            return new Round(took, sums, lanes, List.of());
        }
    }

    private static Round processes(int count, int to) throws InterruptedException {
        try (Cast cast = Cast.within(PATIENCE)) {
            long began = System.nanoTime();
            for (int i = 1; i <= count; i++) {
                cast.start("Process-" + i, () -> {
                    Diary.enters(Doing.SUMS);
                    long sum = sum(to);
                    Diary.marks(Doing.TELLS_SUM, sum);
                    Diary.enters(Doing.ENDS);
                });
            }
            cast.awaitEnds();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            List<Lanes.Lane> lanes = new ArrayList<>();
            List<String> sums = new ArrayList<>();
            for (Actor actor : cast.actors()) {
                lanes.add(actor.lane(Doing.class, Label.of(actor.name() + " pid " + actor.pid()), ""));
                sums.addAll(texts(actor.entries(Doing.TELLS_SUM)));
            }
            return new Round(
                    took, sums, lanes, cast.actors().stream().map(Actor::pid).toList());
        }
    }

    private static List<String> texts(List<Entry> entries) {
        return entries.stream().map(Entry::text).toList();
    }

    private static Outcome outcome(List<Raced> all, int workers, long sum) {
        Raced serial = all.get(0);
        Raced threads = all.get(1);
        Raced processes = all.get(2);
        int processors = Processes.cpuCount();
        boolean rightSums = all.stream().allMatch(raced -> raced.allSumsAre(sum, workers));
        boolean spedUp = processors == 1 || workers == 1 || threads.ratioTo(serial) <= SPEED_UP;
        boolean threadsWin = threads.ratioTo(processes) < 1;
        Figures figures = Figures.none()
                .with("workers", workers, "workers, each of which sums up")
                .with("sum", sum, "what each comes to")
                .with("processors", processors, "processors")
                .with("threadsToSerial", percent(threads.ratioTo(serial)), "of the serial time, in threads")
                .with("threadsToProcesses", percent(threads.ratioTo(processes)), "of the processes' time, in threads")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("serialMillis", serial.medianMillis())
                .withUnprinted("threadsMillis", threads.medianMillis())
                .withUnprinted("processesMillis", processes.medianMillis())
                .withUnprinted(
                        "sumsRight",
                        all.stream()
                                .filter(raced -> raced.allSumsAre(sum, workers))
                                .count())
                .withUnprinted("pids", processes.last().pids);
        Outcome outcome = Outcome.of(
                Verdict.of(rightSums && spedUp && threadsWin),
                reason(rightSums, spedUp, threadsWin, all, processors),
                figures);
        List<List<String>> rows = new ArrayList<>();
        for (Raced raced : all) {
            outcome = outcome.with("The last round, " + raced.way.words, Lanes.of(raced.last().lanes));
            rows.add(List.of(
                    raced.way.words,
                    String.valueOf(raced.medianMillis()),
                    percent(raced.ratioTo(serial)),
                    raced.allSumsAre(sum, workers) ? "all right" : "WRONG"));
        }
        return outcome.with(
                "The median round of each", new Table(List.of("all sums by", "ms", "of serial", "sums"), rows));
    }

    private static String percent(double part) {
        return Math.round(100 * part) + " %";
    }

    private static String reason(
            boolean rightSums, boolean spedUp, boolean threadsWin, List<Raced> all, int processors) {
        String toSerial = percent(all.get(1).ratioTo(all.get(0)));
        String toProcesses = percent(all.get(1).ratioTo(all.get(2)));
        if (!rightSums) {
            return "a sum is wrong";
        } else if (!spedUp) {
            return "on " + processors + " processors threads took " + toSerial
                    + " of the serial time; is the machine busy?";
        } else if (!threadsWin) {
            return "threads took " + toProcesses + " of the processes' time: not faster; is the machine busy?";
        }
        return (processors == 1
                        ? "on one processor threads gain nothing, but"
                        : "threads use all processors (" + toSerial + " of the serial time) and")
                + " start for nothing: " + toProcesses + " of the processes' time";
    }
}
