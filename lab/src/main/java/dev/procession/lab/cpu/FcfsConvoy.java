package dev.procession.lab.cpu;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Table;
import dev.procession.lab.sched.GanttChart;
import dev.procession.sched.FirstComeFirstServed;
import dev.procession.sched.Schedule;
import dev.procession.sched.Simulator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** First come, first served: one long job before short ones makes a convoy. The figures are checked without the simulator. */
public final class FcfsConvoy implements Experiment {
    private static final Knob<List<Integer>> LENGTHS = Knob.numbers(
            "lengths", List.of(100, 10, 10), 1, 10_000, Workloads.MOST_TO_PERMUTE, "how long the jobs are");
    private static final Knob<Order> ORDER = Knob.choice("order", Order.AS_GIVEN, "in which order they come");

    private enum Order {
        AS_GIVEN,
        LONGEST_FIRST,
        SHORTEST_FIRST;

        List<Integer> of(List<Integer> lengths) {
            return switch (this) {
                case AS_GIVEN -> lengths;
                case LONGEST_FIRST ->
                    lengths.stream().sorted(Comparator.reverseOrder()).toList();
                case SHORTEST_FIRST -> lengths.stream().sorted().toList();
            };
        }
    }

    @Override
    public String id() {
        return "fcfs-convoy";
    }

    @Override
    public String title() {
        return "first come, first served: the convoy";
    }

    @Override
    public String section() {
        return "3.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(LENGTHS, ORDER);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        List<Integer> order = knobs.get(ORDER).of(knobs.get(LENGTHS));
        Schedule asTheyCome = schedule(order);
        List<Schedule> everyOrder = new ArrayList<>();
        Workloads.permutations(order).forEach(each -> everyOrder.add(schedule(each)));
        Schedule best = everyOrder.stream()
                .min(Comparator.comparingDouble(each -> each.averages().turnaround()))
                .orElseThrow();
        Schedule worst = everyOrder.stream()
                .max(Comparator.comparingDouble(each -> each.averages().turnaround()))
                .orElseThrow();
        return outcome(order, asTheyCome, best, worst, everyOrder.size());
    }

    private static Schedule schedule(List<Integer> lengths) {
        return Simulator.of(new FirstComeFirstServed()).run(Workloads.arrivingAtOnce(lengths));
    }

    private static List<Integer> lengths(Schedule schedule) {
        return schedule.outcomes().stream()
                .map(outcome -> (int) outcome.job().service())
                .toList();
    }

    private static Outcome outcome(
            List<Integer> order, Schedule asTheyCome, Schedule best, Schedule worst, int orders) {
        double mean = asTheyCome.averages().turnaround();
        double bestMean = best.averages().turnaround();
        boolean byHand = Workloads.same(mean, Workloads.meanTurnaround(order))
                && Workloads.same(
                        bestMean,
                        Workloads.meanTurnaround(order.stream().sorted().toList()));
        boolean convoy = mean > bestMean;
        Figures figures = Figures.none()
                .with("lengths", order, "ticks of the jobs, in the order they come")
                .with("meanTurnaround", mean, "mean time until a job is done, in that order")
                .with("bestMeanTurnaround", bestMean, "in the best of all " + orders + " orders")
                .with("bestOrder", lengths(best), "which is shortest first")
                .with("worstMeanTurnaround", worst.averages().turnaround(), "in the worst of them");
        return Outcome.of(Verdict.of(byHand && convoy), reason(byHand, convoy, mean, bestMean), figures)
                .with("As they come: " + Workloads.text(order), GanttChart.ofTicks(asTheyCome))
                .with("In the best order: " + Workloads.text(lengths(best)), GanttChart.ofTicks(best))
                .with(
                        "Who waits for whom, as they come",
                        new Table(
                                List.of("job", "length", "response", "turnaround", "wait"),
                                Workloads.rows(asTheyCome)));
    }

    private static String reason(boolean byHand, boolean convoy, double mean, double bestMean) {
        if (!byHand) {
            return "the simulator's means " + mean + " and " + bestMean + " are not those computed by hand";
        }
        return convoy
                ? "behind the long job all wait: mean turnaround " + Workloads.text(mean) + ", and "
                        + Workloads.text(bestMean) + " in the best order"
                : "no convoy: these come in the best order already; try --order longest-first";
    }
}
