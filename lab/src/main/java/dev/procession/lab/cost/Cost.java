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
import dev.procession.lab.picture.LogBars;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a virtual thread, a platform thread and a child JVM cost: the time to have one do nothing, and memory. */
public final class Cost implements Experiment {
    private static final Knob<Integer> THREADS =
            Knob.count("threads", 200, 10, 10_000, "how many threads are started in one go");
    private static final Knob<Integer> ROUNDS = Knob.count("rounds", 15, 3, 1000, "how often that is done");
    private static final Knob<Integer> PROCESSES =
            Knob.count("processes", 7, 3, 100, "how many child JVMs are started");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration START_UP_EACH = Duration.ofSeconds(5);
    private static final int VIRTUAL_FACTOR = 10;

    @Override
    public String id() {
        return "cost";
    }

    @Override
    public String title() {
        return "start time and memory: threads and processes";
    }

    @Override
    public String section() {
        return "4.10, 3.6";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(THREADS, ROUNDS, PROCESSES);
    }

    /** One that can do work, and what was measured of it. */
    private record Kind(String name, Sample nanos, Sample bytes) {
        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("kind", name);
            map.put("startNanos", Math.round(nanos.median()));
            map.put("startNanosLow", Math.round(nanos.low()));
            map.put("startNanosHigh", Math.round(nanos.high()));
            map.put("bytes", Math.round(bytes.median()));
            map.put("bytesLow", Math.round(bytes.low()));
            map.put("bytesHigh", Math.round(bytes.high()));
            return map;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int threads = knobs.get(THREADS);
        int rounds = knobs.get(ROUNDS);
        int processes = knobs.get(PROCESSES);
        try (Progress progress = bench.progress("measures", 4 + processes)) {
            Sample virtualNanos = startAndJoin(Thread.ofVirtual(), threads, rounds);
            progress.step();
            Sample platformNanos = startAndJoin(Thread.ofPlatform(), threads, rounds);
            progress.step();
            try (Cast cast = Cast.within(PATIENCE.plus(START_UP_EACH.multipliedBy(processes)))) {
                Sample virtualBytes =
                        memory(cast, new MemoryProbe(MemoryProbe.Kind.VIRTUAL, threads * VIRTUAL_FACTOR, rounds));
                progress.step();
                Sample platformBytes = memory(cast, new MemoryProbe(MemoryProbe.Kind.PLATFORM, threads, rounds));
                progress.step();
                List<Actor> children = new ArrayList<>();
                for (int i = 1; i <= processes; i++) {
                    children.add(cast.start("idle-" + i, () -> Diary.marks(Doing.TELLS_BYTES, Memory.residentBytes())));
                    cast.awaitEnds();
                    progress.step();
                }
                return outcome(
                        List.of(
                                new Kind("virtual thread", virtualNanos, virtualBytes),
                                new Kind("platform thread", platformNanos, platformBytes),
                                new Kind("child JVM", lives(children), told(children))),
                        children.stream().map(Actor::pid).toList());
            }
        }
    }

    /** Starts so many that do nothing, joins all; the time of each round, divided by their number. */
    private static Sample startAndJoin(Thread.Builder builder, int threads, int rounds) throws InterruptedException {
        List<Double> nanos = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            List<Thread> all = new ArrayList<>(threads);
            long began = System.nanoTime();
            for (int i = 0; i < threads; i++) {
                all.add(builder.start(() -> {}));
            }
            for (Thread thread : all) {
                thread.join();
            }
            if (round >= 0) { // The one before warms up.
                nanos.add((double) (System.nanoTime() - began) / threads);
            }
        }
        return new Sample(nanos);
    }

    private static Sample memory(Cast cast, MemoryProbe probe) throws InterruptedException {
        Actor actor = cast.start("probe-" + probe.kind(), probe);
        cast.awaitEnds();
        return told(List.of(actor));
    }

    private static Sample told(List<Actor> actors) {
        return new Sample(actors.stream()
                .flatMap(actor -> actor.entries(Doing.TELLS_BYTES).stream())
                .map(entry -> Double.valueOf(entry.text()))
                .toList());
    }

    private static Sample lives(List<Actor> children) {
        return new Sample(children.stream()
                .map(child -> (double) (child.endedNanos() - child.startedNanos()))
                .toList());
    }

    private static Outcome outcome(List<Kind> kinds, List<Long> pids) {
        boolean timeOrdered = isOrdered(kinds.stream().map(kind -> kind.nanos).toList());
        boolean memoryOrdered = isOrdered(kinds.stream().map(kind -> kind.bytes).toList());
        Kind virtual = kinds.get(0);
        Kind platform = kinds.get(1);
        Kind child = kinds.get(2);
        Figures figures = Figures.none()
                .with(
                        "platformToVirtual",
                        ratio(platform.nanos, virtual.nanos),
                        "times longer to start than a virtual thread")
                .with("childToPlatform", ratio(child.nanos, platform.nanos), "times longer a child JVM than that")
                .with(
                        "virtualBytes",
                        Math.round(virtual.bytes.median()),
                        "bytes on the heap of a virtual thread that waits")
                .with(
                        "platformBytes",
                        Math.round(platform.bytes.median()),
                        "bytes in memory of a platform thread that waits")
                .with("childBytes", Math.round(child.bytes.median()), "bytes in memory of a child JVM")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM, and of all its threads")
                .withUnprinted("pids", pids)
                .withUnprinted("kinds", kinds.stream().map(Kind::asMap).toList());
        return Outcome.of(Verdict.of(timeOrdered && memoryOrdered), reason(timeOrdered, memoryOrdered), figures)
                .with(
                        "To start one, let it do nothing, and join it",
                        new LogBars(LogBars.Unit.TIME, bars(kinds, MeasureOf.NANOS)))
                .with("Memory of one that waits", new LogBars(LogBars.Unit.MEMORY, bars(kinds, MeasureOf.BYTES)));
    }

    private enum MeasureOf {
        NANOS,
        BYTES
    }

    private static List<LogBars.Bar> bars(List<Kind> kinds, MeasureOf what) {
        return kinds.stream()
                .map(kind -> {
                    Sample sample = what == MeasureOf.NANOS ? kind.nanos : kind.bytes;
                    return new LogBars.Bar(kind.name, sample.median(), sample.low(), sample.high());
                })
                .toList();
    }

    private static boolean isOrdered(List<Sample> samples) {
        for (int i = 1; i < samples.size(); i++) {
            if (samples.get(i - 1).median() >= samples.get(i).median()) {
                return false;
            }
        }
        return true;
    }

    private static long ratio(Sample more, Sample less) {
        return Math.round(more.median() / less.median());
    }

    private static String reason(boolean timeOrdered, boolean memoryOrdered) {
        if (!timeOrdered) {
            return "the medians of the start times are not ordered as claimed; is the machine busy? take more --rounds";
        } else if (!memoryOrdered) {
            return "the medians of the memory are not ordered as claimed";
        }
        return "a virtual thread costs least, a platform thread more, a process most, in time and in memory";
    }
}
