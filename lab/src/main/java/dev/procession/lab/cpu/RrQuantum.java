package dev.procession.lab.cpu;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Bars;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.sched.GanttChart;
import dev.procession.sched.FirstComeFirstServed;
import dev.procession.sched.Job;
import dev.procession.sched.RoundRobin;
import dev.procession.sched.Schedule;
import dev.procession.sched.Simulator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Round robin: a short quantum answers soon and finishes late; with one as long as the longest job it is first come first served. */
public final class RrQuantum implements Experiment {
    private static final int MOST_JOBS = 12;
    private static final int MOST_QUANTA = 12;
    private static final Knob<List<Integer>> LENGTHS =
            Knob.numbers("lengths", List.of(5, 5, 5), 1, 10_000, MOST_JOBS, "how long the jobs are");
    private static final Knob<Integer> SWITCH_COST =
            Knob.count("switch-cost", 0, 0, 1000, "what passing the processor on costs, in ticks");

    @Override
    public String id() {
        return "rr-quantum";
    }

    @Override
    public String title() {
        return "round robin: short or long turns?";
    }

    @Override
    public String section() {
        return "3.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(LENGTHS, SWITCH_COST);
    }

    /** What a quantum made of the jobs. */
    private record Turned(long quantum, Schedule schedule) {
        double response() {
            return schedule.averages().response();
        }

        double turnaround() {
            return schedule.averages().turnaround();
        }

        /** By hand: whoever comes later waits one quantum, or less, and one switch for each before him. */
        boolean responseIsRight(List<Integer> lengths, int switchCost) {
            double sum = 0;
            long before = 0;
            for (int length : lengths) {
                sum += before;
                before += Math.min(quantum, length) + switchCost;
            }
            return Workloads.same(response(), sum / lengths.size());
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("quantum", quantum);
            map.put("response", response());
            map.put("turnaround", turnaround());
            map.put("switches", schedule.switches());
            return map;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        List<Integer> lengths = knobs.get(LENGTHS);
        int cost = knobs.get(SWITCH_COST);
        List<Job> jobs = Workloads.arrivingAtOnce(lengths);
        List<Turned> all = new ArrayList<>();
        for (long quantum : quanta(Collections.max(lengths))) {
            all.add(new Turned(
                    quantum,
                    Simulator.of(RoundRobin.of(quantum)).withSwitchCost(cost).run(jobs)));
        }
        Schedule fcfs =
                Simulator.of(new FirstComeFirstServed()).withSwitchCost(cost).run(jobs);
        return outcome(lengths, cost, all, fcfs);
    }

    /** From 1 to the longest job: each, or evenly many of them. */
    private static List<Long> quanta(int longest) {
        List<Long> quanta = new ArrayList<>();
        int count = Math.min(longest, MOST_QUANTA);
        for (int i = 0; i < count; i++) {
            quanta.add(count == 1 ? longest : 1 + (long) i * (longest - 1) / (count - 1));
        }
        return quanta;
    }

    private static Outcome outcome(List<Integer> lengths, int cost, List<Turned> all, Schedule fcfs) {
        Turned shortest = all.getFirst();
        Turned longest = all.getLast();
        List<Long> wrong = all.stream()
                .filter(turned -> !turned.responseIsRight(lengths, cost))
                .map(Turned::quantum)
                .toList();
        boolean isFcfs = longest.schedule.segments().equals(fcfs.segments());
        boolean answersSooner =
                lengths.size() == 1 || shortest.quantum == longest.quantum || shortest.response() < longest.response();
        Figures figures = Figures.none()
                .with("lengths", lengths, "ticks of the jobs, which arrive at once")
                .with("responseOfShortest", shortest.response(), "mean response with a quantum of " + shortest.quantum)
                .with("turnaroundOfShortest", shortest.turnaround(), "mean turnaround with it")
                .with("responseOfLongest", longest.response(), "mean response with a quantum of " + longest.quantum)
                .with("turnaroundOfLongest", longest.turnaround(), "mean turnaround with it")
                .with("longestIsFcfs", isFcfs, "whether that one is first come, first served, tick for tick")
                .withUnprinted("quanta", all.stream().map(Turned::asMap).toList());
        return Outcome.of(
                        Verdict.of(wrong.isEmpty() && isFcfs && answersSooner),
                        reason(wrong, isFcfs, answersSooner, shortest, longest),
                        figures)
                .with("A quantum of " + shortest.quantum, GanttChart.ofTicks(shortest.schedule))
                .with("A quantum of " + longest.quantum, GanttChart.ofTicks(longest.schedule))
                .with("Mean response, by quantum", bars(all, Turned::response, Ink.GREEN))
                .with("Mean turnaround, by quantum", bars(all, Turned::turnaround, Ink.BLUE));
    }

    private static Bars bars(List<Turned> all, ToDoubleFunction<Turned> figure, Ink ink) {
        return new Bars(
                "quantum",
                all.stream()
                        .map(turned -> {
                            double value = figure.applyAsDouble(turned);
                            return new Bars.Bar(String.valueOf(turned.quantum), value, Workloads.text(value));
                        })
                        .toList(),
                ink);
    }

    private static String reason(
            List<Long> wrong, boolean isFcfs, boolean answersSooner, Turned shortest, Turned longest) {
        if (!wrong.isEmpty()) {
            return "the response is not the one computed by hand for a quantum of " + wrong;
        } else if (!isFcfs) {
            return "a quantum of " + longest.quantum + " did not come out as first come, first served";
        } else if (!answersSooner) {
            return "the shortest quantum did not answer sooner than the longest";
        }
        return "a quantum of " + shortest.quantum + " answers after " + Workloads.text(shortest.response())
                + " and has done after " + Workloads.text(shortest.turnaround()) + "; one of " + longest.quantum
                + " answers after " + Workloads.text(longest.response()) + ", has done after "
                + Workloads.text(longest.turnaround()) + ", and is first come, first served";
    }
}
