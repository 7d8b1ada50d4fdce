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
import dev.procession.sched.Job;
import dev.procession.sched.Schedule;
import dev.procession.sched.ShortestJobFirst;
import dev.procession.sched.Simulator;
import java.util.List;

/** Shortest job first: no other order has jobs wait less. Every order is tried, by hand, without the simulator. */
public final class Sjf implements Experiment {
    private static final Knob<List<Integer>> LENGTHS =
            Knob.numbers("lengths", List.of(6, 8, 7, 3), 1, 10_000, Workloads.MOST_TO_PERMUTE, "how long the jobs are");

    @Override
    public String id() {
        return "sjf";
    }

    @Override
    public String title() {
        return "shortest job first: no order waits less";
    }

    @Override
    public String section() {
        return "3.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(LENGTHS);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        List<Integer> lengths = knobs.get(LENGTHS);
        List<Job> jobs = Workloads.arrivingAtOnce(lengths);
        Schedule fcfs = Simulator.of(new FirstComeFirstServed()).run(jobs);
        Schedule sjf = Simulator.of(new ShortestJobFirst()).run(jobs);
        List<Double> waits = Workloads.permutations(lengths).stream()
                .map(Workloads::meanWait)
                .sorted()
                .toList();
        double wait = sjf.averages().waiting();
        double least = waits.getFirst();
        boolean best = Workloads.same(wait, least);
        boolean fcfsByHand = Workloads.same(fcfs.averages().waiting(), Workloads.meanWait(lengths));
        Figures figures = Figures.none()
                .with("lengths", lengths, "ticks of the jobs, in the order they come")
                .with("meanWaitSjf", wait, "mean wait, shortest job first")
                .with("meanWaitFcfs", fcfs.averages().waiting(), "mean wait, first come first served")
                .with("orders", waits.size(), "orders tried by hand")
                .with("leastMeanWait", least, "the least mean wait among them")
                .with("greatestMeanWait", waits.getLast(), "the greatest");
        return Outcome.of(Verdict.of(best && fcfsByHand), reason(best, fcfsByHand, wait, least, waits.size()), figures)
                .with(
                        "First come, first served: mean wait "
                                + Workloads.text(fcfs.averages().waiting()),
                        GanttChart.ofTicks(fcfs))
                .with("Shortest job first: mean wait " + Workloads.text(wait), GanttChart.ofTicks(sjf))
                .with(
                        "Shortest job first, job by job",
                        new Table(List.of("job", "length", "response", "turnaround", "wait"), Workloads.rows(sjf)));
    }

    private static String reason(boolean best, boolean fcfsByHand, double wait, double least, int orders) {
        if (!fcfsByHand) {
            return "the simulator's first-come mean is not the one computed by hand";
        }
        return best
                ? "a mean wait of " + Workloads.text(wait) + ": none of all " + orders + " orders has less"
                : "a mean wait of " + Workloads.text(wait) + ", and an order with " + Workloads.text(least);
    }
}
