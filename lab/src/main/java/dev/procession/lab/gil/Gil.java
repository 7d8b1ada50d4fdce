package dev.procession.lab.gil;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.measure.Sample;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import dev.procession.lab.stage.Part;
import dev.procession.process.Processes;
import dev.procession.shm.SharedBarrier;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A model of the global interpreter lock: threads that compute gain nothing under it, processes do, and threads that wait
 * for devices do not care.
 */
public final class Gil implements Experiment {
    private static final Knob<Switch> LOCK = Knob.choice("lock", Switch.ON, "whether threads run under one lock");
    private static final Knob<Integer> WORKERS = Knob.count("workers", 2, 2, 16, "how many threads, or processes");
    private static final Knob<Integer> STEPS =
            Knob.count("steps", 150_000, 1, 100_000_000, "how many steps each of them computes");
    private static final Knob<Duration> INTERVAL =
            Knob.millis("interval", 5, "the switch interval: after that who waits asks for the lock (Python: 5)");
    private static final Knob<Integer> ROUNDS = Knob.count("rounds", 3, 1, 100, "how often; the medians count");
    private static final int IO_TIMES = 4;
    private static final Duration IO_EACH = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NO_GAIN = 0.9;
    private static final double GAIN = 0.65;

    /** A knob that is on or off. */
    private enum Switch {
        ON,
        OFF
    }

    @Override
    public String id() {
        return "gil";
    }

    @Override
    public String title() {
        return "one lock around the interpreter: who gains?";
    }

    @Override
    public String section() {
        return "4.8";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(LOCK, WORKERS, STEPS, INTERVAL, ROUNDS);
    }

    /** What each worker has to do. */
    private record Work(int steps) implements Serializable {
        /** No steps: the work is I/O. */
        static final Work IO = new Work(0);

        boolean isIo() {
            return steps == 0;
        }

        String words() {
            return isIo() ? "I/O" : "computing";
        }

        long run(Interpreter interpreter, Consumer<Doing> diary) throws InterruptedException {
            diary.accept(Doing.WAITS);
            Interpreter.Turns turns = new Interpreter.Turns() {
                @Override
                public void begins() {
                    diary.accept(Doing.COMPUTES);
                }

                @Override
                public void ends() {
                    diary.accept(isIo() ? Doing.DOES_IO : Doing.WAITS);
                }
            };
            if (isIo()) {
                interpreter.doIo(IO_TIMES, IO_EACH, turns);
                return IO_TIMES;
            }
            return interpreter.compute(steps, turns);
        }
    }

    /** Who does it. */
    private enum Way {
        SERIAL("one after the other"),
        THREADS("threads"),
        PROCESSES("processes");

        final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /**
     * What one round came to.
     *
     * @param took how long it took until the last was done
     * @param processorTime what the threads used of the processors; zero for processes
     * @param results what they came to
     * @param mostInside most threads that were in a step at once; 0 where nobody counts
     * @param lanes how it looked
     */
    private record Round(
            Duration took, Duration processorTime, List<String> results, int mostInside, List<Lanes.Lane> lanes) {}

    private static Round threads(Interpreter interpreter, int threads, int each, Work work)
            throws InterruptedException {
        try (Crew crew = Crew.within(PATIENCE)) {
            CountDownLatch go = new CountDownLatch(1);
            LongAdder processorNanos = new LongAdder();
            for (int i = 1; i <= threads; i++) {
                crew.start("thread-" + i, hand -> {
                    hand.enters(Doing.READY);
                    go.await();
                    long usedBefore = THREADS.getCurrentThreadCpuTime();
                    for (int n = 0; n < each; n++) {
                        hand.marks(Doing.TELLS, work.run(interpreter, hand::enters));
                    }
                    processorNanos.add(THREADS.getCurrentThreadCpuTime() - usedBefore);
                    hand.enters(Doing.DONE);
                });
            }
            crew.await("all threads", () -> crew.hands().stream().allMatch(hand -> hand.has(Doing.READY)));
            long began = System.nanoTime();
            go.countDown();
            crew.awaitEnds();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            List<String> results = new ArrayList<>();
            List<Lanes.Lane> lanes = new ArrayList<>();
            for (Hand hand : crew.hands()) {
                hand.entries(Doing.TELLS).stream().map(Entry::text).forEach(results::add);
                lanes.add(hand.lane(Doing.class, Label.of(hand.name()), ""));
            }
            return new Round(took, Duration.ofNanos(processorNanos.sum()), results, interpreter.mostInside(), lanes);
        }
    }

    /** A process has an interpreter, and its lock, of its own. Waits for its start before each round. */
    private record Worker(Duration interval, List<Work> rounds, SharedBarrier startingLine)
            implements SerializableAction {
        @Override
        public void run() throws Exception {
            for (Work work : rounds) {
                Diary.enters(Doing.READY);
                startingLine.await();
                long result = work.run(Interpreter.withLock(interval), Diary::enters);
                Diary.marks(Doing.TELLS, result);
                Diary.enters(Doing.DONE);
            }
        }
    }

    /** Processes that wait at a starting line: what is compared is the work, not the start of a JVM. */
    private static final class Workers implements AutoCloseable {
        private final Cast cast = Cast.within(PATIENCE);
        private final SharedBarrier startingLine;
        private int next;

        Workers(int count, Duration interval, List<Work> rounds) {
            startingLine = SharedBarrier.create(count + 1);
            for (int i = 1; i <= count; i++) {
                cast.start("process-" + i, new Worker(interval, List.copyOf(rounds), startingLine));
            }
        }

        Round work() throws InterruptedException {
            cast.await("all processes", () -> parts().stream().allMatch(part -> part.has(Doing.READY)));
            long began = System.nanoTime();
            cast.pass(startingLine);
            cast.await("all to be done", () -> parts().stream().allMatch(part -> part.has(Doing.DONE)));
            List<Part> parts = parts();
            long ended = parts.stream()
                    .mapToLong(part -> part.entries(Doing.DONE).getFirst().nanos())
                    .max()
                    .orElse(began);
            next++;
            List<String> results = new ArrayList<>();
            List<Lanes.Lane> lanes = new ArrayList<>();
            for (Part part : parts) {
                part.entries(Doing.TELLS).stream().map(Entry::text).forEach(results::add);
                String label = part.actor().name() + " pid " + part.actor().pid();
                lanes.add(part.lane(Doing.class, Label.of(label), "", began));
            }
            return new Round(Duration.ofNanos(ended - began), Duration.ZERO, results, 0, lanes);
        }

        private List<Part> parts() {
            return cast.actors().stream()
                    .map(actor -> actor.part(Doing.READY, next))
                    .toList();
        }

        List<Long> pids() {
            return cast.actors().stream().map(Actor::pid).toList();
        }

        @Override
        public void close() {
            cast.close();
            startingLine.close();
        }
    }

    /** All that was measured of one kind of work. */
    private record Measured(Work work, Map<Way, List<Round>> rounds) {
        static Measured of(Work work) {
            Map<Way, List<Round>> rounds = new EnumMap<>(Way.class);
            for (Way way : Way.values()) {
                rounds.put(way, new ArrayList<>());
            }
            return new Measured(work, rounds);
        }

        List<Round> of(Way way) {
            return rounds.getOrDefault(way, List.of());
        }

        long medianMillis(Way way) {
            return Math.round(new Sample(of(way).stream()
                            .map(round -> nanos(way, round) / 1e6)
                            .toList())
                    .median());
        }

        /**
         * One after the other computing takes the processor time it needs, on a machine that does nothing else. Counted so, a
         * busy machine cannot make others look faster than that.
         */
        private double nanos(Way way, Round round) {
            return way == Way.SERIAL && !work.isIo() ? round.processorTime.toNanos() : round.took.toNanos();
        }

        /** The median of the rounds' ratios. */
        double toSerial(Way way) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < of(way).size(); i++) {
                ratios.add(nanos(way, of(way).get(i))
                        / nanos(Way.SERIAL, of(Way.SERIAL).get(i)));
            }
            return new Sample(ratios).median();
        }

        int mostInside(Way way) {
            return of(way).stream().mapToInt(Round::mostInside).max().orElse(0);
        }

        boolean sameResults() {
            List<String> first = of(Way.SERIAL).getFirst().results;
            return rounds.values().stream().flatMap(List::stream).allMatch(round -> round.results.equals(first));
        }

        List<List<String>> rows() {
            List<List<String>> rows = new ArrayList<>();
            for (Way way : Way.values()) {
                rows.add(List.of(work.words(), way.words, String.valueOf(medianMillis(way)), percent(toSerial(way))));
            }
            return rows;
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("work", work.words());
            map.put("serialMillis", medianMillis(Way.SERIAL));
            map.put("threadsToSerial", toSerial(Way.THREADS));
            map.put("processesToSerial", toSerial(Way.PROCESSES));
            return map;
        }
    }

    private static String percent(double part) {
        return Math.round(100 * part) + " %";
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int workers = knobs.get(WORKERS);
        int rounds = knobs.get(ROUNDS);
        Duration interval = knobs.get(INTERVAL).isZero() ? Duration.ofNanos(1) : knobs.get(INTERVAL);
        boolean locked = knobs.get(LOCK) == Switch.ON;
        List<Measured> all = List.of(Measured.of(new Work(knobs.get(STEPS))), Measured.of(Work.IO));
        List<Work> order = new ArrayList<>();
        all.forEach(measured -> order.addAll(Collections.nCopies(rounds + 1, measured.work)));
        long switches = 0;
        try (Progress progress = bench.progress("rounds", order.size());
                Workers processes = new Workers(workers, interval, order)) {
            for (Measured measured : all) {
                for (int round = -1; round < rounds; round++) { // The first warms up, in all three.
                    Interpreter shared = locked ? Interpreter.withLock(interval) : Interpreter.withoutLock();
                    Round serial = threads(Interpreter.withLock(interval), 1, workers, measured.work);
                    Round threads = threads(shared, workers, 1, measured.work);
                    Round process = processes.work();
                    if (round >= 0) {
                        measured.of(Way.SERIAL).add(serial);
                        measured.of(Way.THREADS).add(threads);
                        measured.of(Way.PROCESSES).add(process);
                        switches += measured.work.isIo() ? 0 : shared.switches();
                    }
                    progress.step();
                }
            }
            return outcome(all.getFirst(), all.getLast(), locked, switches / rounds, processes.pids());
        }
    }

    private static Outcome outcome(Measured cpu, Measured io, boolean locked, long switches, List<Long> pids) {
        int processors = Processes.cpuCount();
        List<String> wrong = wrong(cpu, io, locked, processors);
        Figures figures = Figures.none()
                .with("processors", processors, "processors")
                .with(
                        "cpuThreadsToSerial",
                        percent(cpu.toSerial(Way.THREADS)),
                        "of the serial time, computing in threads")
                .with("cpuProcessesToSerial", percent(cpu.toSerial(Way.PROCESSES)), "of it, computing in processes")
                .with("ioThreadsToSerial", percent(io.toSerial(Way.THREADS)), "of the serial time, I/O in threads")
                .with("ioProcessesToSerial", percent(io.toSerial(Way.PROCESSES)), "of it, I/O in processes")
                .with("mostInside", cpu.mostInside(Way.THREADS), "most threads that were in a step at once")
                .with("switches", switches, "times the lock changed hands in a round of computing threads")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", pids)
                .withUnprinted("works", List.of(cpu.asMap(), io.asMap()));
        List<List<String>> rows = new ArrayList<>(cpu.rows());
        rows.addAll(io.rows());
        String lock = locked ? "threads under the lock" : "threads without a lock";
        return Outcome.of(Verdict.of(wrong.isEmpty()), reason(wrong, locked, cpu), figures)
                .with("Computing: " + lock, Lanes.of(cpu.of(Way.THREADS).getLast().lanes))
                .with("Computing: processes", Lanes.of(cpu.of(Way.PROCESSES).getLast().lanes))
                .with("I/O: " + lock, Lanes.of(io.of(Way.THREADS).getLast().lanes))
                .with("The median round of each", new Table(List.of("work", "by", "ms", "of serial"), rows));
    }

    private static List<String> wrong(Measured cpu, Measured io, boolean locked, int processors) {
        List<String> wrong = new ArrayList<>();
        if (!cpu.sameResults()) {
            wrong.add("the results differ");
        }
        if (locked && cpu.mostInside(Way.THREADS) != 1) {
            wrong.add(cpu.mostInside(Way.THREADS) + " threads were in a step at once under the lock");
        }
        if (locked && cpu.toSerial(Way.THREADS) < NO_GAIN) {
            wrong.add("threads gained under the lock; is the machine busy?");
        }
        if (!locked && processors > 1 && cpu.toSerial(Way.THREADS) > GAIN) {
            wrong.add("threads without a lock took " + percent(cpu.toSerial(Way.THREADS))
                    + " of the serial time; is the machine busy?");
        }
        if (processors > 1 && cpu.toSerial(Way.PROCESSES) > GAIN) {
            wrong.add("processes took " + percent(cpu.toSerial(Way.PROCESSES))
                    + " of the serial time; is the machine busy?");
        }
        if (io.toSerial(Way.THREADS) > GAIN || io.toSerial(Way.PROCESSES) > GAIN) {
            wrong.add("I/O did not overlap; is the machine busy?");
        }
        return wrong;
    }

    private static String reason(List<String> wrong, boolean locked, Measured cpu) {
        if (!wrong.isEmpty()) {
            return String.join("; ", wrong);
        }
        return (locked
                        ? "under one lock threads that compute gain nothing (" + percent(cpu.toSerial(Way.THREADS))
                                + " of the serial time)"
                        : "without the lock threads that compute gain (" + percent(cpu.toSerial(Way.THREADS))
                                + " of the serial time)")
                + ", processes do (" + percent(cpu.toSerial(Way.PROCESSES)) + "), and I/O overlaps everywhere";
    }
}
