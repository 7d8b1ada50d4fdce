package dev.procession.lab.coroutine;

import dev.procession.green.Greenlet;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.measure.Sample;
import dev.procession.lab.picture.Bars;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.LogBars;
import dev.procession.lab.picture.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One task adds 1 + 2 + .. + 10000, the other multiplies 1 x 2 x .. x 10000: first one after the other, then switching after
 * each number. Nobody waits for anything, so there is nothing to gain, and each switch costs.
 */
public final class HomeworkGreenlet implements Experiment {
    private static final Knob<Integer> TO = Knob.count("to", 10_000, 2, 50_000, "the last number of both tasks");
    private static final Knob<Integer> ROUNDS = Knob.count("rounds", 15, 1, 200, "how often; the medians count");
    private static final int WARM_UP = 5;

    @Override
    public String id() {
        return "homework-greenlet";
    }

    @Override
    public String title() {
        return "does switching make a computation faster?";
    }

    @Override
    public String section() {
        return "6.2";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(TO, ROUNDS);
    }

    /** A task, one number after the other. */
    private interface Task {
        void take(int number);

        BigInteger result();
    }

    private static final class Sum implements Task {
        private long sum;

        @Override
        public void take(int number) {
            sum += number;
        }

        @Override
        public BigInteger result() {
            return BigInteger.valueOf(sum);
        }
    }

    private static final class Product implements Task {
        private BigInteger product = BigInteger.ONE;

        @Override
        public void take(int number) {
            product = product.multiply(BigInteger.valueOf(number));
        }

        @Override
        public BigInteger result() {
            return product;
        }
    }

    /** Which two tasks. */
    private enum Pair {
        SUM_AND_PRODUCT("a sum and a product") {
            @Override
            List<Task> tasks() {
                return List.of(new Sum(), new Product());
            }
        },
        TWO_SUMS("two sums") {
            @Override
            List<Task> tasks() {
                return List.of(new Sum(), new Sum());
            }
        };

        final String words;

        Pair(String words) {
            this.words = words;
        }

        abstract List<Task> tasks();
    }

    private record Round(long nanos, List<BigInteger> results) {}

    /** All rounds of one pair, both ways. */
    private record Raced(Pair pair, int to, List<Round> plain, List<Round> switching) {
        static double medianNanos(List<Round> rounds) {
            return new Sample(rounds.stream().map(round -> (double) round.nanos).toList()).median();
        }

        /** The median of the rounds' ratios: what else the machine did in a round, it did to both. */
        double ratio() {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < plain.size(); i++) {
                ratios.add((double) switching.get(i).nanos / plain.get(i).nanos);
            }
            return new Sample(ratios).median();
        }

        double nanosASwitch() {
            return (medianNanos(switching) - medianNanos(plain)) / switches();
        }

        /** From main to the first, then one after each number. */
        int switches() {
            return 2 * to + 1;
        }

        boolean isRight() {
            List<BigInteger> expected = plain.getFirst().results;
            return expected.getFirst().equals(BigInteger.valueOf((long) to * (to + 1) / 2))
                    && plain.stream().allMatch(round -> round.results.equals(expected))
                    && switching.stream().allMatch(round -> round.results.equals(expected));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("tasks", pair.words);
            map.put("plainNanos", Math.round(medianNanos(plain)));
            map.put("switchingNanos", Math.round(medianNanos(switching)));
            map.put("ratio", ratio());
            map.put("right", isRight());
            return map;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        int to = knobs.get(TO);
        int rounds = knobs.get(ROUNDS);
        List<Raced> all = new ArrayList<>();
        try (Progress progress = bench.progress("rounds", Pair.values().length * rounds)) {
            for (Pair pair : Pair.values()) {
                Raced raced = new Raced(pair, to, new ArrayList<>(), new ArrayList<>());
                for (int i = -WARM_UP; i < rounds; i++) {
                    Round plain = plain(pair, to);
                    Round switching = switching(pair, to);
                    if (i >= 0) {
                        raced.plain.add(plain);
                        raced.switching.add(switching);
                        progress.step();
                    }
                }
                all.add(raced);
            }
        }
        return outcome(all);
    }

    private static Round plain(Pair pair, int to) {
        List<Task> tasks = pair.tasks();
        long began = System.nanoTime();
        for (Task task : tasks) {
            for (int number = 1; number <= to; number++) {
                task.take(number);
            }
        }
        return new Round(
                System.nanoTime() - began, tasks.stream().map(Task::result).toList());
    }

    private static Round switching(Pair pair, int to) {
        List<Task> tasks = pair.tasks();
        Greenlet[] both = new Greenlet[2];
        for (int i = 0; i < both.length; i++) {
            int own = i;
            both[i] = Greenlet.of(_ -> {
                for (int number = 1; number <= to; number++) {
                    tasks.get(own).take(number);
                    both[1 - own].switchTo();
                }
                return null;
            });
        }
        try (Greenlet first = both[0];
                Greenlet second = both[1]) {
            long began = System.nanoTime();
            first.switchTo(); // comes back when the first has ended; the second has then taken its last number, too
            long nanos = System.nanoTime() - began;
            second.switchTo();
            return new Round(nanos, tasks.stream().map(Task::result).toList());
        }
    }

    private static Outcome outcome(List<Raced> all) {
        boolean right = all.stream().allMatch(Raced::isRight);
        boolean slower = all.stream().allMatch(raced -> raced.ratio() > 1);
        Raced homework = all.getFirst();
        Raced sums = all.getLast();
        Figures figures = Figures.none()
                .with("sum", homework.plain.getFirst().results.getFirst().longValueExact(), "the sum, each time")
                .with(
                        "productDigits",
                        homework.plain.getFirst().results.getLast().toString().length(),
                        "digits of the product")
                .with("switches", homework.switches(), "switches in each round")
                .with("productRatio", times(homework.ratio()), "times as long, a sum and a product, switching")
                .with("sumsRatio", times(sums.ratio()), "times as long, two sums, switching")
                .with("nanosASwitch", Math.round(sums.nanosASwitch()), "ns that a switch costs")
                .withUnprinted("right", right)
                .withUnprinted("pairs", all.stream().map(Raced::asMap).toList());
        Outcome outcome = Outcome.of(Verdict.of(right && slower), reason(right, slower, homework, sums), figures);
        for (Raced raced : all) {
            outcome = outcome.with("The median round: " + raced.pair.words, bars(raced));
        }
        return outcome.with("By how much switching loses", table(all));
    }

    private static String reason(boolean right, boolean slower, Raced homework, Raced sums) {
        if (!right) {
            return "switching came to another result";
        } else if (!slower) {
            return "switching was not slower: " + times(homework.ratio()) + " and " + times(sums.ratio())
                    + " times as long; is the machine busy?";
        }
        return "switching is slower, since nobody waits: " + times(sums.ratio()) + " times as long where a step is one"
                + " addition, " + times(homework.ratio()) + " times where it multiplies a long number";
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio);
    }

    private static Bars bars(Raced raced) {
        double plain = Raced.medianNanos(raced.plain);
        double switching = Raced.medianNanos(raced.switching);
        return new Bars(
                "",
                List.of(
                        new Bars.Bar("one after the other", plain, LogBars.Unit.TIME.text(plain)),
                        new Bars.Bar("switching", switching, LogBars.Unit.TIME.text(switching))),
                Ink.CYAN);
    }

    private static Table table(List<Raced> all) {
        return new Table(
                List.of("tasks", "one after the other", "switching", "times as long", "a switch"),
                all.stream()
                        .map(raced -> List.of(
                                raced.pair.words,
                                LogBars.Unit.TIME.text(Raced.medianNanos(raced.plain)),
                                LogBars.Unit.TIME.text(Raced.medianNanos(raced.switching)),
                                times(raced.ratio()),
                                LogBars.Unit.TIME.text(Math.max(0, raced.nanosASwitch()))))
                        .toList());
    }
}
