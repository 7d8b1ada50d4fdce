package dev.procession.lab.queue;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.DepthGauge;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.shm.SharedEvent;
import dev.procession.shm.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue that processes share: every way to put and take, and two questions of the course. What does {@code get} do when
 * there is nothing yet? And how can two items be put into a queue for one?
 */
public final class QueueBasics implements Experiment {
    private static final Knob<Integer> CAPACITY =
            Knob.count("capacity", 3, 1, 100, "how many items the first queue holds");
    private static final Knob<Duration> TIMEOUT =
            Knob.millis("timeout", 100, "how long a call with a time-out waits at a full or empty queue");
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 300, "how long a process does something else before it puts (the course: 10000)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PAIRS = 2;

    /** For how long the second putter is watched not to get in. */
    private static final Duration STAYS_OUT = Duration.ofMillis(150);

    @Override
    public String id() {
        return "queue-basics";
    }

    @Override
    public String title() {
        return "put and take: at once, in time, or wait";
    }

    @Override
    public String section() {
        return "3.13.1, 3.13.2, 3.13.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CAPACITY, TIMEOUT, NAP);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        try (Progress progress = bench.progress("queues", 3)) {
            Calls calls = calls(knobs.get(CAPACITY), knobs.get(TIMEOUT));
            progress.step();
            Handover handover = handOver(knobs.get(NAP));
            progress.step();
            Crowded crowded = crowd();
            progress.step();
            return outcome(calls, handover, crowded, knobs.get(NAP));
        }
    }

    /** On a thread of their own, since one that waited for ever would be a fault to tell of. */
    private static Calls calls(int capacity, Duration timeout) throws InterruptedException {
        List<Calls> made = new ArrayList<>();
        try (SharedQueue<String> queue = SharedQueue.create(capacity);
                Crew crew = Crew.within(PATIENCE.plus(timeout.multipliedBy(2)))) {
            crew.start("caller", _ -> made.add(Calls.make(queue, capacity, timeout)));
            crew.awaitEnds();
        }
        return made.getFirst();
    }

    /** What a process put after a nap, and this one took. */
    private record Handover(Actor putter, @Nullable String took, long askedNanos, long tookNanos) {
        Duration waited() {
            return Duration.ofNanos(tookNanos - askedNanos);
        }

        /** Put before it was taken, and by then somebody had long been waiting for it. */
        boolean isRight() {
            List<Entry> puts = putter.entries(Doing.PUTS);
            return puts.size() == 1
                    && text(putter).equals(took)
                    && askedNanos < puts.getFirst().nanos()
                    && puts.getFirst().nanos() < tookNanos;
        }

        Lanes lanes() {
            return Lanes.of(List.of(
                    putter.lane(Doing.class, Label.of("putter pid " + putter.pid()), ""),
                    new Lanes.Lane(
                            Label.of("this JVM"),
                            List.of(new Lanes.Span(askedNanos, tookNanos, Doing.TAKES.tint())),
                            List.of(new Lanes.Mark(tookNanos, Doing.TOOK.tint())),
                            "took \"" + took + "\"")));
        }
    }

    private static String text(Actor putter) {
        return "lqz was here, pid " + putter.pid();
    }

    private static Handover handOver(Duration nap) throws InterruptedException {
        try (SharedQueue<String> queue = SharedQueue.create(1);
                SharedEvent asked = SharedEvent.create();
                Cast cast = Cast.within(PATIENCE.plus(nap))) {
            Actor putter = cast.start("putter", () -> {
                Diary.enters(Doing.READY);
                asked.await();
                Diary.enters(Doing.NAPS);
                Thread.sleep(nap);
                put(queue, "lqz was here, pid " + ProcessHandle.current().pid());
            });
            cast.await("the putter to be ready", () -> putter.has(Doing.READY));
            asked.set();
            long askedNanos = System.nanoTime();
            String took = queue.poll(PATIENCE.plus(nap).toNanos(), TimeUnit.NANOSECONDS);
            long tookNanos = System.nanoTime();
            cast.awaitEnds();
            return new Handover(putter, took, askedNanos, tookNanos);
        }
    }

    private static void put(SharedQueue<String> queue, String item) throws InterruptedException {
        Diary.enters(Doing.PUTS);
        queue.put(item);
        Diary.enters(Doing.DONE);
        Diary.marks(Doing.PUT, item);
    }

    /** Puts what it is called. */
    private record Putter(SharedQueue<String> queue, String item) implements SerializableAction {
        @Override
        public void run() throws Exception {
            put(queue, item);
        }
    }

    /** Takes one item when it is told to. */
    private record Taker(SharedQueue<String> queue, SharedEvent mayTake) implements SerializableAction {
        @Override
        public void run() throws Exception {
            Diary.enters(Doing.READY);
            mayTake.await();
            Diary.enters(Doing.TAKES);
            String item = queue.take();
            Diary.enters(Doing.DONE);
            Diary.marks(Doing.TOOK, item);
        }
    }

    /** Two who put and two who took at a queue for one. */
    private record Crowded(List<Actor> putters, List<Actor> takers, int putAtFirst, List<Lanes.Sample> depths) {
        List<String> put() {
            return texts(putters, Doing.PUT);
        }

        List<String> took() {
            return texts(takers, Doing.TOOK);
        }

        private static List<String> texts(List<Actor> actors, Doing look) {
            return actors.stream()
                    .flatMap(actor -> actor.entries(look).stream())
                    .map(Entry::text)
                    .toList();
        }

        int greatestDepth() {
            return depths.stream().mapToInt(Lanes.Sample::depth).max().orElse(0);
        }

        boolean isRight() {
            return putAtFirst == 1
                    && greatestDepth() == 1
                    && took().size() == PAIRS
                    && new HashSet<>(took()).equals(new HashSet<>(put()));
        }

        Lanes lanes() {
            return Lanes.of(Stream.concat(putters.stream(), takers.stream())
                            .map(actor -> actor.lane(
                                    Doing.class, Label.of(actor.name() + " pid " + actor.pid()), ending(actor)))
                            .toList())
                    .with(new Lanes.Level("the queue", 1, depths));
        }

        private static String ending(Actor actor) {
            return actor.entries(Doing.TOOK).stream()
                    .map(entry -> "took " + entry.text())
                    .findFirst()
                    .orElse("");
        }
    }

    /** Lets both put, waits until one has and the other waits for room, and only then lets the others take. */
    private static Crowded crowd() throws InterruptedException {
        List<Actor> putters = new ArrayList<>();
        List<Actor> takers = new ArrayList<>();
        try (SharedQueue<String> queue = SharedQueue.create(1);
                SharedEvent mayTake = SharedEvent.create();
                Cast cast = Cast.within(PATIENCE);
                DepthGauge gauge = DepthGauge.watch(queue)) {
            for (int i = 1; i <= PAIRS; i++) {
                takers.add(cast.start("taker-" + i, new Taker(queue, mayTake)));
                putters.add(cast.start("putter-" + i, new Putter(queue, "item of putter-" + i)));
            }
            cast.await(
                    "one to have put, and the other to wait for room",
                    () -> putters.stream().allMatch(putter -> putter.has(Doing.PUTS))
                            && putters.stream().anyMatch(putter -> putter.has(Doing.PUT))
                            && takers.stream().allMatch(taker -> taker.has(Doing.READY)));
            cast.awaitFor(STAYS_OUT, () -> putters.stream().allMatch(putter -> putter.has(Doing.PUT)));
            int putAtFirst = (int)
                    putters.stream().filter(putter -> putter.has(Doing.PUT)).count();
            mayTake.set();
            cast.awaitEnds();
            return new Crowded(putters, takers, putAtFirst, gauge.stop());
        }
    }

    private static Outcome outcome(Calls calls, Handover handover, Crowded crowded, Duration nap) {
        boolean shown = calls.allAsClaimed() && handover.isRight() && crowded.isRight();
        List<Long> pids = Stream.of(List.of(handover.putter), crowded.putters, crowded.takers)
                .flatMap(List::stream)
                .map(Actor::pid)
                .toList();
        Figures figures = Figures.none()
                .with("children", pids.size(), "child JVMs started")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .with(
                        "waitedMillis",
                        handover.waited().toMillis(),
                        "ms take waited for an item put " + nap.toMillis() + " ms later")
                .with("putAtFirst", crowded.putAtFirst, "of two items got into the queue for one at first")
                .with("greatestDepth", crowded.greatestDepth(), "most that were in it")
                .with("delivered", crowded.took().size(), "of the two were taken in the end")
                .withUnprinted("pids", pids)
                .withUnprinted("calls", calls.asMaps());
        return Outcome.of(Verdict.of(shown), reason(calls, handover, crowded), figures)
                .with("Alone at a queue for a few: put till it is full, take till it is empty", calls.table())
                .with("take waits until another process puts", handover.lanes())
                .with("A queue for one, two who put, and two who take later", crowded.lanes());
    }

    private static String reason(Calls calls, Handover handover, Crowded crowded) {
        if (!calls.allAsClaimed()) {
            return "not as claimed: " + String.join("; ", calls.wrong());
        } else if (!handover.isRight()) {
            return "this JVM took " + handover.took + " and not what the putter put while it waited";
        } else if (!crowded.isRight()) {
            return crowded.putAtFirst + " got into a queue for one at first, at most " + crowded.greatestDepth()
                    + " were in it, and " + crowded.took() + " were taken of " + crowded.put();
        }
        return "every call did what it must at a full and at an empty queue; take waited for an item; and the second"
                + " item got into the queue for one when the first was taken";
    }
}
