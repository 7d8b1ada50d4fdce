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
import dev.procession.process.ChildProcess;
import dev.procession.shm.SharedEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two processes on one processor take turns (concurrent); on two they run at the same time (parallel). */
public final class ConcurrentParallel implements Experiment {
    private static final Knob<Duration> WORK = Knob.millis("work", 300, "how much processor time each process uses");
    private static final Duration LEAST_WORK = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BUSY_FACTOR = 50;
    private static final int SEEN_MILLIS = 60;
    private static final long SEEN_NANOS = SEEN_MILLIS * 1_000_000L;

    /** Of the time that the shorter one ran: hardly any, and most of it. */
    private static final double HARDLY = 0.1;

    private static final double MOSTLY = 0.6;

    @Override
    public String id() {
        return "concurrent-parallel";
    }

    @Override
    public String title() {
        return "in turns on one processor, at once on two";
    }

    @Override
    public String section() {
        return "2.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(WORK);
    }

    /** A time in which a process had a processor. */
    private record Turn(long fromNanos, long untilNanos) {
        @Override
        public String toString() {
            return fromNanos + "-" + untilNanos;
        }

        static Turn parse(String text) {
            int dash = text.indexOf('-', 1);
            return new Turn(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        }

        long overlap(Turn other) {
            return Math.max(0, Math.min(untilNanos, other.untilNanos) - Math.max(fromNanos, other.fromNanos));
        }
    }

    /** Computes, and watches the clock: where that jumps, somebody else had the processor. */
    private record Computation(long nanos, SharedEvent go) implements SerializableAction {
        private static final long JUMP_NANOS = 300_000;
        private static final Duration WARM_UP = Duration.ofMillis(10);

        @Override
        public void run() throws InterruptedException {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            List<Turn> _ = turns(threads, WARM_UP.toNanos());
            Diary.enters(Doing.READY);
            go.await();
            List<Turn> turns = turns(threads, nanos);
            Diary.marks(
                    Doing.TELLS_TIMES,
                    String.join(" ", turns.stream().map(Turn::toString).toList()));
            Diary.enters(Doing.DONE);
        }

        private static List<Turn> turns(ThreadMXBean threads, long length) {
            List<Turn> turns = new ArrayList<>();
            long until = threads.getCurrentThreadCpuTime() + length;
            long from = System.nanoTime();
            long last = from;
            while (threads.getCurrentThreadCpuTime() < until) {
                long now = System.nanoTime();
                if (now - last > JUMP_NANOS) {
                    turns.add(new Turn(from, last));
                    from = now;
                }
                last = now;
            }
            turns.add(new Turn(from, last));
            return turns;
        }
    }

    /** What two processes did. */
    private record Pair(List<Actor> actors, List<List<Turn>> turns) {
        /** How much of the shorter one's time both ran. */
        double together() {
            long overlap = 0;
            for (Turn one : turns.getFirst()) {
                for (Turn other : turns.getLast()) {
                    overlap += one.overlap(other);
                }
            }
            return (double) overlap / Math.max(1, Math.min(ran(turns.getFirst()), ran(turns.getLast())));
        }

        private static long ran(List<Turn> turns) {
            return turns.stream()
                    .mapToLong(turn -> turn.untilNanos - turn.fromNanos)
                    .sum();
        }

        long tookMillis() {
            long from = turns.stream()
                    .mapToLong(each -> each.getFirst().fromNanos)
                    .min()
                    .orElseThrow();
            long until = turns.stream()
                    .mapToLong(each -> each.getLast().untilNanos)
                    .max()
                    .orElseThrow();
            return Math.round((until - from) / 1e6);
        }

        /** The first of it: so little that single turns can be seen. */
        Lanes lanes() {
            List<Lanes.Lane> lanes = new ArrayList<>();
            long end = turns.stream()
                            .mapToLong(each -> each.getFirst().fromNanos)
                            .min()
                            .orElseThrow()
                    + SEEN_NANOS;
            for (int i = 0; i < actors.size(); i++) {
                List<Lanes.Span> spans = new ArrayList<>();
                long ready = turns.get(i).getFirst().fromNanos;
                for (Turn turn : turns.get(i)) {
                    spans.add(new Lanes.Span(ready, Math.min(end, turn.fromNanos), Doing.READY.tint()));
                    spans.add(new Lanes.Span(turn.fromNanos, Math.min(end, turn.untilNanos), Doing.RUNNING.tint()));
                    ready = turn.untilNanos;
                }
                spans.removeIf(span -> span.untilNanos() <= span.fromNanos());
                Actor actor = actors.get(i);
                lanes.add(new Lanes.Lane(Label.of(actor.name() + " pid " + actor.pid()), spans, List.of(), ""));
            }
            return Lanes.of(lanes);
        }

        List<Long> pids() {
            return actors.stream().map(Actor::pid).toList();
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration work = knobs.get(WORK).compareTo(LEAST_WORK) < 0 ? LEAST_WORK : knobs.get(WORK);
        List<Integer> cpus = OwnCpus.list();
        int first = cpus.getFirst();
        int second = cpus.get(Math.min(1, cpus.size() - 1));
        Pair concurrent = compute(work, first, first);
        Pair parallel = compute(work, first, second);
        return outcome(work, cpus.size(), concurrent, parallel);
    }

    private static Pair compute(Duration work, int cpuOfOne, int cpuOfOther) throws InterruptedException {
        try (SharedEvent go = SharedEvent.create();
                Cast cast = Cast.within(PATIENCE.plus(work.multipliedBy(BUSY_FACTOR)))) {
            Computation computation = new Computation(work.toNanos(), go);
            cast.start(ChildProcess.builder().name("A").cpus(cpuOfOne), computation);
            cast.start(ChildProcess.builder().name("B").cpus(cpuOfOther), computation);
            List<Actor> actors = cast.actors();
            cast.await("both to be ready", () -> actors.stream().allMatch(actor -> actor.has(Doing.READY)));
            go.set();
            cast.awaitEnds();
            return new Pair(
                    actors, actors.stream().map(ConcurrentParallel::turnsOf).toList());
        }
    }

    private static List<Turn> turnsOf(Actor actor) {
        String text = actor.entries(Doing.TELLS_TIMES).getFirst().text();
        return List.of(text.split(" ", -1)).stream().map(Turn::parse).toList();
    }

    private static Outcome outcome(Duration work, int cpus, Pair concurrent, Pair parallel) {
        List<Long> pids = new ArrayList<>(concurrent.pids());
        pids.addAll(parallel.pids());
        Figures figures = Figures.none()
                .with("workMillis", work.toMillis(), "ms of processor time each process used")
                .with("oneCpuMillis", concurrent.tookMillis(), "ms it took two of them on one processor")
                .with("twoCpusMillis", parallel.tookMillis(), "ms it took two of them on a processor each")
                .with("oneCpuTogether", percent(concurrent), "% of the time both ran at once on one processor")
                .with("twoCpusTogether", percent(parallel), "% of the time both ran at once on a processor each")
                .with("cpus", cpus, "processors there are for us")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", pids);
        boolean inTurns = concurrent.together() <= HARDLY;
        boolean atOnce = parallel.together() >= MOSTLY;
        return Outcome.of(Verdict.of(inTurns && atOnce), reason(cpus, inTurns, atOnce, concurrent, parallel), figures)
                .with("Concurrent: both bound to one processor (the first " + SEEN_MILLIS + " ms)", concurrent.lanes())
                .with("Parallel: each bound to one of its own (the first " + SEEN_MILLIS + " ms)", parallel.lanes());
    }

    private static long percent(Pair pair) {
        return Math.round(100 * pair.together());
    }

    private static String reason(int cpus, boolean inTurns, boolean atOnce, Pair concurrent, Pair parallel) {
        if (cpus < 2) {
            return "there is but one processor here, so nothing runs in parallel";
        } else if (!inTurns) {
            return "on one processor both seemed to run at once " + percent(concurrent)
                    + " % of the time; is the machine busy?";
        } else if (!atOnce) {
            return "on two processors both ran at once only " + percent(parallel)
                    + " % of the time; is the machine busy?";
        }
        return "on one processor two processes took turns and needed " + concurrent.tookMillis()
                + " ms; on two they ran at once and needed " + parallel.tookMillis() + " ms";
    }
}
