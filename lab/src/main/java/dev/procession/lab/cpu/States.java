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
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.process.Processes;
import dev.procession.sched.ProcessStates;
import dev.procession.sched.ProcessStates.AfterIo;
import dev.procession.sched.ProcessStates.Instruction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Ready, running, blocked: in a model, tick by tick, and in a real process, whose times the system's scheduler counts.
 *
 * <p>Source of the model: Arpaci-Dusseau, <i>Three Easy Pieces</i>, {@code process-run.py}.
 */
public final class States implements Experiment {
    private static final Knob<Integer> IO = Knob.count("io", 4, 0, 100, "how many ticks a device takes");
    private static final Knob<Integer> COMPUTE = Knob.count("compute", 9, 1, 100, "how many ticks the one computes");
    private static final Knob<Integer> IOS = Knob.count("ios", 3, 1, 20, "how many I/Os the other does");
    private static final Knob<Duration> PHASE =
            Knob.millis("phase", 400, "how long the real process computes, and how long it waits");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double MOSTLY = 0.7;
    private static final double SEEN = 0.1;

    @Override
    public String id() {
        return "states";
    }

    @Override
    public String title() {
        return "ready, running, blocked: a model, and for real";
    }

    @Override
    public String section() {
        return "2.2";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(IO, COMPUTE, IOS, PHASE);
    }

    /** Computes among rivals for the processors, then waits; tells where its time went in each. */
    private record RealProcess(Duration phase, int rivals) implements SerializableAction {
        @Override
        public void run() throws InterruptedException {
            Diary.marks(Doing.TELLS_TIMES, phase("warm up", Duration.ofMillis(1)));
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < rivals; i++) {
                others.add(Thread.ofPlatform().daemon().start(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                }));
            }
            Diary.marks(Doing.TELLS_TIMES, phase("computes", phase));
            others.forEach(Thread::interrupt);
            for (Thread other : others) {
                other.join();
            }
            Diary.marks(Doing.TELLS_TIMES, phase("waits", phase));
        }

        private static String phase(String what, Duration length) throws InterruptedException {
            ThreadClock clock = ThreadClock.of(ThreadClock.ownPath());
            ThreadClock.Times before = clock.read();
            long began = System.nanoTime();
            if (what.equals("waits")) {
                Thread.sleep(length);
            } else {
                while (System.nanoTime() - began < length.toNanos()) {
                    Thread.onSpinWait();
                }
            }
            long wall = System.nanoTime() - began;
            ThreadClock.Times after = clock.read();
            return what + "," + (after.runNanos() - before.runNanos()) + ","
                    + (after.readyNanos() - before.readyNanos()) + "," + wall;
        }
    }

    /** Where the time of one phase went. */
    private record Phase(String what, long runNanos, long readyNanos, long wallNanos) {
        static Phase read(String text) {
            String[] parts = text.split(",", 4);
            return new Phase(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        }

        double running() {
            return Math.min(1, (double) runNanos / wallNanos);
        }

        double ready() {
            return Math.min(1, (double) readyNanos / wallNanos);
        }

        double blocked() {
            return Math.max(0, 1 - running() - ready());
        }

        Lanes.Lane lane() {
            long run = Math.round(running() * wallNanos);
            long ready = run + Math.round(ready() * wallNanos);
            List<Lanes.Span> spans = new ArrayList<>();
            spans.add(new Lanes.Span(0, run, Doing.RUNNING.tint()));
            spans.add(new Lanes.Span(run, ready, Doing.READY.tint()));
            spans.add(new Lanes.Span(ready, Math.max(ready, wallNanos), Doing.BLOCKED.tint()));
            return new Lanes.Lane(Label.of(what), spans, List.of(), text());
        }

        private String text() {
            return String.format(Locale.ROOT, "%.0f / %.0f / %.0f %%", 100 * running(), 100 * ready(), 100 * blocked());
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("phase", what);
            map.put("running", running());
            map.put("ready", ready());
            map.put("blocked", blocked());
            return map;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int io = knobs.get(IO);
        List<Instruction> device = new ArrayList<>(ProcessStates.doIo(knobs.get(IOS)));
        device.addFirst(Instruction.CPU);
        device.add(Instruction.CPU);
        List<List<Instruction>> programs = List.of(List.copyOf(device), ProcessStates.compute(knobs.get(COMPUTE)));
        Life life = new Life(
                List.of("does I/O", "computes"),
                programs,
                io,
                ProcessStates.ofIoTicks(io).withAfterIo(AfterIo.RUN_IMMEDIATELY).run(programs));
        try (Cast cast = Cast.within(PATIENCE.plus(knobs.get(PHASE).multipliedBy(2)))) {
            int rivals = 2 * Processes.cpuCount();
            Actor real = cast.start("real-process", new RealProcess(knobs.get(PHASE), rivals));
            cast.awaitEnds();
            List<Phase> phases = real.entries(Doing.TELLS_TIMES).stream()
                    .map(Entry::text)
                    .map(Phase::read)
                    .toList();
            return outcome(life, phases.get(1), phases.get(2), real.pid(), rivals);
        }
    }

    private static Outcome outcome(Life life, Phase computes, Phase waits, long pid, int rivals) {
        List<String> wrong = new ArrayList<>(life.faults());
        if (computes.ready() < SEEN || computes.runNanos() == 0) {
            wrong.add("among " + rivals + " rivals the real process ran " + Math.round(100 * computes.running())
                    + " % of the time and was ready " + Math.round(100 * computes.ready())
                    + " %; is the machine busy?");
        }
        if (waits.blocked() < MOSTLY) {
            wrong.add("the real process was blocked " + Math.round(100 * waits.blocked())
                    + " % of its wait; is the machine busy?");
        }
        Map<Transition, Integer> transitions = life.transitions();
        Map<String, Object> counts = new LinkedHashMap<>();
        transitions.forEach((way, count) -> counts.put(way.name().toLowerCase(Locale.ROOT), count));
        Figures figures = Figures.none()
                .with("ticks", life.history().rows().size(), "ticks until both are done, in the model")
                .with("cpuBusyTicks", life.history().cpuBusyTicks(), "of them with a process running")
                .with("ioBusyTicks", life.history().ioBusyTicks(), "of them with an I/O under way")
                .with("rivals", rivals, "threads that computed against the real process")
                .with(
                        "computesReady",
                        Math.round(100 * computes.ready()),
                        "% of that time it was ready and did not run")
                .with("waitsBlocked", Math.round(100 * waits.blocked()), "% of its wait it was blocked")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", List.of(pid))
                .withUnprinted("transitions", counts)
                .withUnprinted("phases", List.of(computes.asMap(), waits.asMap()));
        return Outcome.of(
                        Verdict.of(wrong.isEmpty()),
                        wrong.isEmpty()
                                ? "in the model only the ways that exist were gone, and I/O took no processor; the real process"
                                        + " was ready while others ran, and blocked while it waited"
                                : String.join("; ", wrong),
                        figures)
                .with("The model: each tick of two processes", life.lanes())
                .with("The ways between the states, and how often they were gone", new TransitionGraph(transitions))
                .with(
                        "A real process, pid " + pid
                                + ": shares of its time (running / ready / blocked), not their order",
                        Lanes.of(List.of(computes.lane(), waits.lane())));
    }
}
