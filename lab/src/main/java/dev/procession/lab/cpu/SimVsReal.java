package dev.procession.lab.cpu;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import dev.procession.lab.sched.GanttChart;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import dev.procession.sched.FirstComeFirstServed;
import dev.procession.sched.Policy;
import dev.procession.sched.RoundRobin;
import dev.procession.sched.Schedule;
import dev.procession.sched.ShortestJobFirst;
import dev.procession.sched.Simulator;
import dev.procession.shm.SharedEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The simulator foretells what real processes do: child JVMs that compute are stopped and let go on under the same policy,
 * and end in the same order, about when it said.
 */
public final class SimVsReal implements Experiment {
    private static final Knob<RealPolicy> POLICY = Knob.choice("policy", RealPolicy.RR, "who gets the processor");
    private static final Knob<Duration> QUANTUM =
            Knob.millis("quantum", 100, "a turn under round robin, in processor time, at least 20");
    private static final Knob<List<Integer>> LENGTHS = Knob.numbers(
            "lengths",
            List.of(350, 150, 250),
            20,
            10_000,
            8,
            "milliseconds of computing; away from multiples of the quantum a small delay costs no whole round");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double TOLERANCE = 0.15;
    private static final Duration LEAST_QUANTUM = Duration.ofMillis(20);
    private static final int BUSY_FACTOR = 20;

    /** The policies that can be done to real processes by stopping them. */
    private enum RealPolicy {
        FCFS,
        SJF,
        RR;

        Policy simulated(Duration quantum) {
            return switch (this) {
                case FCFS -> new FirstComeFirstServed();
                case SJF -> new ShortestJobFirst();
                case RR -> RoundRobin.of(quantum.toMillis());
            };
        }
    }

    @Override
    public String id() {
        return "sim-vs-real";
    }

    @Override
    public String title() {
        return "real processes under a simulated policy";
    }

    @Override
    public String section() {
        return "3.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(POLICY, QUANTUM, LENGTHS);
    }

    /** Computes until its thread has used so much processor time. */
    private record Computation(int millis, SharedEvent go) implements SerializableAction {
        @Override
        public void run() throws InterruptedException {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            compute(threads, Duration.ofMillis(5)); // The first time is slow, and nobody stops us yet.
            Diary.marks(Doing.TELLS_THREAD, ThreadClock.ownPath());
            Diary.enters(Doing.READY);
            go.await();
            Diary.enters(Doing.RUNNING);
            compute(threads, Duration.ofMillis(millis));
            Diary.enters(Doing.DONE);
        }

        private static void compute(ThreadMXBean threads, Duration length) {
            long until = threads.getCurrentThreadCpuTime() + length.toNanos();
            while (threads.getCurrentThreadCpuTime() < until) {
                Thread.onSpinWait();
            }
        }
    }

    /** One job, foretold and real, in milliseconds. */
    private record Compared(String name, int length, long foretold, long real) {
        boolean isWithin() {
            return Math.abs(real - foretold) <= TOLERANCE * foretold;
        }

        double off() {
            return (double) (real - foretold) / foretold;
        }

        List<String> row() {
            return List.of(
                    name,
                    String.valueOf(length),
                    String.valueOf(foretold),
                    String.valueOf(real),
                    String.format(Locale.ROOT, "%+.1f %%", 100 * off()));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("job", name);
            map.put("length", length);
            map.put("foretoldMillis", foretold);
            map.put("realMillis", real);
            return map;
        }
    }

    /** What the real processes did. */
    private record Real(
            List<Actor> actors, List<Long> turnaroundMillis, Lanes lanes, long usedMillis, long tookMillis) {
        double cpuShare() {
            return (double) usedMillis / tookMillis;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Integer> lengths = knobs.get(LENGTHS);
        Duration quantum = knobs.get(QUANTUM).compareTo(LEAST_QUANTUM) < 0 ? LEAST_QUANTUM : knobs.get(QUANTUM);
        RealPolicy policy = knobs.get(POLICY);
        Schedule schedule = Simulator.of(policy.simulated(quantum)).run(Workloads.arrivingAtOnce(lengths));
        return outcome(schedule, lengths, play(policy, lengths, quantum));
    }

    private static Real play(RealPolicy policy, List<Integer> lengths, Duration quantum) throws InterruptedException {
        long total = lengths.stream().mapToLong(Integer::longValue).sum();
        try (SharedEvent go = SharedEvent.create();
                Signaller signaller = Signaller.open();
                Cast cast = Cast.within(PATIENCE.plusMillis(total * BUSY_FACTOR))) {
            for (int i = 0; i < lengths.size(); i++) {
                cast.start(Workloads.name(i), new Computation(lengths.get(i), go));
            }
            List<Actor> actors = cast.actors();
            cast.await("all to be ready", () -> actors.stream().allMatch(actor -> actor.has(Doing.READY)));
            Dispatcher dispatcher = new Dispatcher(cast, signaller);
            dispatcher.stopAll(actors);
            go.set();
            long began = System.nanoTime();
            dispatcher.run(
                    inOrder(policy, actors, lengths),
                    policy == RealPolicy.RR ? quantum : Duration.ofMillis(total * BUSY_FACTOR));
            cast.awaitEnds();
            return real(actors, dispatcher, began, total);
        }
    }

    private static List<Actor> inOrder(RealPolicy policy, List<Actor> actors, List<Integer> lengths) {
        return policy == RealPolicy.SJF
                ? actors.stream()
                        .sorted(Comparator.comparingInt(actor -> lengths.get(actors.indexOf(actor))))
                        .toList()
                : actors;
    }

    private static Real real(List<Actor> actors, Dispatcher dispatcher, long began, long total) {
        List<Long> turnarounds = new ArrayList<>();
        List<Lanes.Lane> lanes = new ArrayList<>();
        long last = began;
        for (Actor actor : actors) {
            long done = actor.entries(Doing.DONE).getFirst().nanos();
            last = Math.max(last, done);
            turnarounds.add(Math.max(1, Math.round((done - began) / 1e6)));
            List<Lanes.Span> spans = new ArrayList<>();
            long ready = began;
            for (Lanes.Span turn : dispatcher.turns(actor)) {
                spans.add(new Lanes.Span(ready, turn.fromNanos(), Doing.READY.tint()));
                long until = Math.min(turn.untilNanos(), done);
                spans.add(new Lanes.Span(turn.fromNanos(), until, Doing.RUNNING.tint()));
                ready = until;
            }
            lanes.add(new Lanes.Lane(Label.of(actor.name() + " pid " + actor.pid()), spans, List.of(), ""));
        }
        long took = Math.max(1, Math.round((last - began) / 1e6));
        return new Real(actors, turnarounds, Lanes.of(lanes), total, took);
    }

    private static Outcome outcome(Schedule schedule, List<Integer> lengths, Real real) {
        List<Compared> all = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            all.add(new Compared(
                    Workloads.name(i),
                    lengths.get(i),
                    schedule.outcomes().get(i).turnaround(),
                    real.turnaroundMillis.get(i)));
        }
        List<String> foretold = order(all, Comparator.comparingLong(Compared::foretold));
        List<String> came = order(all, Comparator.comparingLong(Compared::real));
        boolean sameOrder = foretold.equals(came);
        boolean within = all.stream().allMatch(Compared::isWithin);
        double mostOff =
                all.stream().mapToDouble(each -> Math.abs(each.off())).max().orElse(0);
        Figures figures = Figures.none()
                .with("policy", schedule.policy(), "the policy")
                .with("foretoldOrder", foretold, "the order in which they end, in the simulator")
                .with("realOrder", came, "the order in which they ended")
                .with("mostOffPercent", Math.round(100 * mostOff), "% that a turnaround was off at most")
                .with("cpuShare", Math.round(100 * real.cpuShare()), "% of the time the processor computed for them")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", real.actors.stream().map(Actor::pid).toList())
                .withUnprinted("jobs", all.stream().map(Compared::asMap).toList());
        return Outcome.of(
                        Verdict.of(sameOrder && within),
                        reason(sameOrder, within, foretold, came, real, mostOff),
                        figures)
                .with("Foretold, in milliseconds", GanttChart.ofTicks(schedule))
                .with("Child JVMs, all but one stopped by SIGSTOP at any time", real.lanes)
                .with(
                        "Turnaround, in milliseconds",
                        new Table(
                                List.of("job", "length", "foretold", "real", "off"),
                                all.stream().map(Compared::row).toList()));
    }

    private static List<String> order(List<Compared> all, Comparator<Compared> by) {
        return all.stream().sorted(by).map(Compared::name).toList();
    }

    private static String reason(
            boolean sameOrder, boolean within, List<String> foretold, List<String> came, Real real, double mostOff) {
        if (!sameOrder) {
            return "they ended in the order " + came + ", not " + foretold + "; the processor computed for them "
                    + Math.round(100 * real.cpuShare()) + " % of the time: is the machine busy?";
        } else if (!within) {
            return "a turnaround was off by " + Math.round(100 * mostOff) + " %; the processor computed for them "
                    + Math.round(100 * real.cpuShare()) + " % of the time: is the machine busy?";
        }
        return "real processes ended in the order foretold, " + String.join(" ", came)
                + ", and no turnaround was off by" + " more than " + Math.round(100 * mostOff) + " %";
    }
}
