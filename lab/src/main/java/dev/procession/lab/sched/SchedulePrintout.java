package dev.procession.lab.sched;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import dev.procession.sched.Averages;
import dev.procession.sched.Outcome;
import dev.procession.sched.Schedule;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Schedules for people: a Gantt chart, a table of the jobs, the means. */
final class SchedulePrintout {
    private static final int MOST_ROWS = 40;
    private static final int MOST_JOBS_SIDE_BY_SIDE = 12;

    private final PrintStream out;
    private final Paper paper;
    private final JobsInput.Workload workload;
    private final TickScale scale;

    SchedulePrintout(PrintStream out, Paper paper, JobsInput.Workload workload) {
        this.out = out;
        this.paper = paper;
        this.workload = workload;
        this.scale = workload.scale();
    }

    /** One schedule. */
    void print(Schedule schedule) {
        out.println(headline(schedule));
        out.println();
        chart(schedule);
        out.println();
        jobs(schedule).draw(paper).forEach(out::println);
        int left = workload.jobs().size() - MOST_ROWS;
        if (left > 0) {
            out.println(" and " + left + " more jobs; --json has them all");
        }
        out.println();
        Averages means = schedule.averages();
        out.println("mean: response " + scale.meanText(means.response()) + ", turnaround "
                + scale.meanText(means.turnaround()) + ", wait " + scale.meanText(means.waiting()) + ", normalized "
                + TickScale.twoPlaces(means.normalized()));
        out.flush();
    }

    /** Several schedules of the same jobs, and which is best at what. */
    void printSideBySide(List<Schedule> schedules) {
        if (workload.jobs().size() <= MOST_JOBS_SIDE_BY_SIDE) {
            for (Schedule schedule : schedules) {
                out.println(headline(schedule));
                chart(schedule);
                out.println();
            }
        }
        comparison(schedules).draw(paper).forEach(out::println);
        out.println();
        out.println("least: response " + best(schedules, Averages::response) + ", turnaround "
                + best(schedules, Averages::turnaround) + ", wait " + best(schedules, Averages::waiting)
                + ", normalized " + best(schedules, Averages::normalized));
        out.flush();
    }

    private String headline(Schedule schedule) {
        int count = workload.jobs().size();
        return paper.ink(Ink.BOLD, schedule.policy()) + ": " + count + (count == 1 ? " job" : " jobs") + ", done at "
                + scale.text(schedule.makespan()) + ", CPU busy " + percent(schedule) + " %, " + schedule.switches()
                + (schedule.switches() == 1 ? " switch" : " switches");
    }

    private void chart(Schedule schedule) {
        new GanttChart(schedule, workload.jobs(), scale).draw(paper).forEach(out::println);
    }

    private static String percent(Schedule schedule) {
        return TickScale.twoPlaces(100 * schedule.cpuUtilisation());
    }

    private Table jobs(Schedule schedule) {
        var rows = new ArrayList<List<String>>();
        List<Outcome> outcomes = schedule.outcomes();
        for (Outcome outcome : outcomes.subList(0, Math.min(outcomes.size(), MOST_ROWS))) {
            rows.add(List.of(
                    outcome.job().name(),
                    scale.text(outcome.job().arrival()),
                    scale.text(outcome.job().service()),
                    scale.text(outcome.start()),
                    scale.text(outcome.finish()),
                    scale.text(outcome.response()),
                    scale.text(outcome.turnaround()),
                    scale.text(outcome.waiting()),
                    scale.text(outcome.blocked()),
                    TickScale.twoPlaces(outcome.normalized())));
        }
        return new Table(
                List.of(
                        "job",
                        "arrival",
                        "service",
                        "start",
                        "finish",
                        "response",
                        "turnaround",
                        "wait",
                        "blocked",
                        "norm"),
                rows);
    }

    private Table comparison(List<Schedule> schedules) {
        var rows = new ArrayList<List<String>>();
        for (Schedule schedule : schedules) {
            Averages means = schedule.averages();
            rows.add(List.of(
                    schedule.policy(),
                    scale.meanText(means.response()),
                    scale.meanText(means.turnaround()),
                    scale.meanText(means.waiting()),
                    TickScale.twoPlaces(means.normalized()),
                    percent(schedule),
                    String.valueOf(schedule.switches()),
                    scale.text(schedule.makespan())));
        }
        return new Table(
                List.of("means", "response", "turnaround", "wait", "normalized", "CPU %", "switches", "done at"), rows);
    }

    /** All that share the best mean. */
    private static String best(List<Schedule> schedules, ToDoubleFunction<Averages> figure) {
        Comparator<Schedule> byFigure = Comparator.comparingDouble(s -> figure.applyAsDouble(s.averages()));
        Schedule best = schedules.stream().min(byFigure).orElseThrow();
        return String.join(
                " and ",
                schedules.stream()
                        .filter(schedule -> byFigure.compare(schedule, best) == 0)
                        .map(Schedule::policy)
                        .toList());
    }
}
