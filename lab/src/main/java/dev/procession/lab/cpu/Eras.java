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
import dev.procession.sched.Burst;
import dev.procession.sched.Era;
import dev.procession.sched.Job;
import dev.procession.sched.RoundRobin;
import dev.procession.sched.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The five eras of operating systems, with the same jobs: what the processor waited for, and what cured it. */
public final class Eras implements Experiment {
    private static final Knob<Integer> SETUP =
            Knob.count("setup", 6, 0, 1000, "ticks it takes to mount a job's cards and tapes");
    private static final Knob<Integer> IO = Knob.count("io", 8, 0, 1000, "ticks each I/O takes");
    private static final Knob<Integer> QUANTUM = Knob.count("quantum", 2, 1, 1000, "a turn in time sharing, in ticks");

    @Override
    public String id() {
        return "eras";
    }

    @Override
    public String title() {
        return "five eras of operating systems, the same jobs";
    }

    @Override
    public String section() {
        return "1";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SETUP, IO, QUANTUM);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        int io = knobs.get(IO);
        int setup = knobs.get(SETUP);
        List<Job> jobs = List.of(
                Job.of("payroll", 0, Burst.io(io), Burst.cpu(14), Burst.io(io), Burst.cpu(4), Burst.io(io))
                        .withSetup(setup),
                Job.of("report", 0, Burst.cpu(4), Burst.io(io), Burst.cpu(4), Burst.io(io), Burst.cpu(2), Burst.io(io))
                        .withSetup(setup),
                Job.of("query", 0, Burst.cpu(2), Burst.io(io), Burst.cpu(2)).withSetup(setup));
        Map<Era, Schedule> all = new LinkedHashMap<>();
        for (Era era : Era.values()) {
            all.put(era, era.run(jobs, RoundRobin.of(knobs.get(QUANTUM)), 0));
        }
        return outcome(jobs, all);
    }

    private static long query(Map<Era, Schedule> all, Era era) {
        return schedule(all, era).outcome("query").turnaround();
    }

    private static Schedule schedule(Map<Era, Schedule> all, Era era) {
        Schedule schedule = all.get(era);
        if (schedule == null) {
            throw new IllegalArgumentException("not run: era=" + era);
        }
        return schedule;
    }

    private static Outcome outcome(List<Job> jobs, Map<Era, Schedule> all) {
        long work = jobs.stream().mapToLong(Job::service).sum();
        List<String> wrong = wrong(all, work);
        Figures figures = Figures.none()
                .with("work", work, "ticks of computing in all jobs, the same in each era")
                .with("manualBusy", busy(all, Era.MANUAL), "% of the time the processor computed, one user at a time")
                .with("multiprogrammingBusy", busy(all, Era.MULTIPROGRAMMING), "% with several programs in memory")
                .with("manualDone", schedule(all, Era.MANUAL).makespan(), "ticks until all is done, one user at a time")
                .with(
                        "multiprogrammingDone",
                        schedule(all, Era.MULTIPROGRAMMING).makespan(),
                        "ticks with several programs")
                .with(
                        "queryInMultiprogramming",
                        query(all, Era.MULTIPROGRAMMING),
                        "ticks until the short query has its answer")
                .with(
                        "queryInTimeSharing",
                        query(all, Era.TIME_SHARING),
                        "ticks when nobody computes for longer than a turn")
                .withUnprinted("eras", all.entrySet().stream().map(Eras::asMap).toList());
        Outcome outcome = Outcome.of(
                Verdict.of(wrong.isEmpty()),
                wrong.isEmpty()
                        ? "each era wastes less than the one by hand; I/O takes no processor, so others compute meanwhile;"
                                + " and with turns a short query is not held up by long jobs"
                        : "not as claimed: " + String.join("; ", wrong),
                figures);
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<Era, Schedule> each : all.entrySet()) {
            outcome = outcome.with(each.getKey().title(), GanttChart.ofTicks(each.getValue()));
            rows.add(List.of(
                    each.getKey().title(),
                    String.valueOf(each.getValue().makespan()),
                    Workloads.text(100 * each.getValue().cpuUtilisation()),
                    Workloads.text(each.getValue().averages().turnaround()),
                    String.valueOf(each.getValue().outcome("query").turnaround())));
        }
        return outcome.with(
                "All five", new Table(List.of("era", "all done at", "busy %", "mean turnaround", "query done"), rows));
    }

    private static List<String> wrong(Map<Era, Schedule> all, long work) {
        List<String> wrong = new ArrayList<>();
        all.forEach((era, schedule) -> {
            if (schedule.busyTicks() != work) {
                wrong.add(era.title() + " computed " + schedule.busyTicks() + " ticks of " + work);
            }
        });
        long manual = schedule(all, Era.MANUAL).makespan();
        for (Era later : List.of(Era.OFFLINE_BATCH, Era.ONLINE_BATCH, Era.MULTIPROGRAMMING, Era.TIME_SHARING)) {
            if (schedule(all, later).makespan() >= manual) {
                wrong.add(later.title() + " is no faster than " + Era.MANUAL.title());
            }
        }
        long batch = Math.min(
                schedule(all, Era.OFFLINE_BATCH).makespan(),
                schedule(all, Era.ONLINE_BATCH).makespan());
        if (schedule(all, Era.MULTIPROGRAMMING).makespan() >= batch) {
            wrong.add("several programs in memory are no faster than a batch");
        }
        if (query(all, Era.TIME_SHARING) >= query(all, Era.MULTIPROGRAMMING)) {
            wrong.add("turns did not help the query");
        }
        return wrong;
    }

    private static long busy(Map<Era, Schedule> all, Era era) {
        return Math.round(100 * schedule(all, era).cpuUtilisation());
    }

    private static Map<String, Object> asMap(Map.Entry<Era, Schedule> each) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("era", each.getKey().title());
        map.put("makespan", each.getValue().makespan());
        map.put("cpuUtilisation", each.getValue().cpuUtilisation());
        map.put("meanTurnaround", each.getValue().averages().turnaround());
        return map;
    }
}
