package dev.procession.lab.bookshop;

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
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Synchronous or asynchronous is how the answer comes: on the line, or by a call back. Blocking or not is what the caller
 * does meanwhile: nothing, or something else. So there are four ways to order books.
 */
public final class SyncAsync implements Experiment {
    private static final Knob<Integer> BOOKS = Knob.count("books", 3, 2, 20, "how many books are ordered");
    private static final Knob<Duration> LATENCY =
            Knob.millis("latency", 200, "how long the shop searches for each book");
    private static final Duration UNIT = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "sync-async";
    }

    @Override
    public String title() {
        return "the call to the bookshop, four ways";
    }

    @Override
    public String section() {
        return "3.4";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BOOKS, LATENCY);
    }

    /** The four ways. */
    private enum Way {
        SYNC_BLOCKING("synchronous, blocking", "on the line, waiting") {
            @Override
            void order(Hand caller, Shop shop, List<String> titles) throws Exception {
                for (String title : titles) {
                    caller.enters(Doing.HOLDS);
                    caller.marks(Doing.HAS, shop.ask(title).get());
                }
            }
        },
        SYNC_NONBLOCKING("synchronous, non-blocking", "on the line, asking now and then") {
            @Override
            void order(Hand caller, Shop shop, List<String> titles) throws Exception {
                for (String title : titles) {
                    CompletableFuture<String> answer = shop.ask(title);
                    while (!answer.isDone()) {
                        caller.marks(Doing.ASKS, title);
                        work(caller);
                    }
                    caller.marks(Doing.HAS, answer.get());
                }
            }
        },
        ASYNC_BLOCKING("asynchronous, blocking", "hung up, waiting for the call back") {
            @Override
            void order(Hand caller, Shop shop, List<String> titles) throws Exception {
                BlockingQueue<String> calls = callBacks(shop, titles);
                for (int i = 0; i < titles.size(); i++) {
                    caller.enters(Doing.HOLDS);
                    caller.marks(Doing.HAS, calls.take());
                }
            }
        },
        ASYNC_NONBLOCKING("asynchronous, non-blocking", "hung up, doing something else") {
            @Override
            void order(Hand caller, Shop shop, List<String> titles) throws Exception {
                BlockingQueue<String> calls = callBacks(shop, titles);
                for (int has = 0; has < titles.size(); ) {
                    String title = calls.poll();
                    if (title == null) {
                        work(caller);
                    } else {
                        caller.marks(Doing.HAS, title);
                        has++;
                    }
                }
            }
        };

        final String words;
        final String meanwhile;

        Way(String words, String meanwhile) {
            this.words = words;
            this.meanwhile = meanwhile;
        }

        abstract void order(Hand caller, Shop shop, List<String> titles) throws Exception;

        boolean isSync() {
            return this == SYNC_BLOCKING || this == SYNC_NONBLOCKING;
        }

        boolean isBlocking() {
            return this == SYNC_BLOCKING || this == ASYNC_BLOCKING;
        }
    }

    /** Orders all books and hangs up; the shop calls back for each. */
    private static BlockingQueue<String> callBacks(Shop shop, List<String> titles) {
        BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        for (String title : titles) {
            var _ = shop.ask(title).thenAccept(calls::add);
        }
        return calls;
    }

    private static void work(Hand caller) throws InterruptedException {
        caller.enters(Doing.WORKS);
        Thread.sleep(UNIT); // Stands for something else to do.
    }

    /** What came of one way. */
    private record Ordered(Way way, Hand caller, List<Hand> clerks, List<String> titles, Duration latency) {
        Duration took() {
            return Duration.ofNanos(caller.endedNanos() - caller.startedNanos());
        }

        Duration sum() {
            return latency.multipliedBy(titles.size());
        }

        long units() {
            return caller.entries(Doing.WORKS).size();
        }

        /** One after the other takes at least the sum; at once takes at least one search, and less than the sum. */
        boolean isRight() {
            boolean inTime = way.isSync()
                    ? took().compareTo(sum()) >= 0
                    : took().compareTo(latency) >= 0 && (took().compareTo(sum()) < 0 || latency.isZero());
            boolean worked = latency.isZero() || way.isBlocking() == (units() == 0);
            return inTime && worked && hasAll();
        }

        private boolean hasAll() {
            List<String> has =
                    caller.entries(Doing.HAS).stream().map(Entry::text).toList();
            return has.size() == titles.size() && new HashSet<>(has).equals(new HashSet<>(titles));
        }

        List<String> row() {
            return List.of(way.words, way.meanwhile, String.valueOf(took().toMillis()), String.valueOf(units()));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("way", way.words);
            map.put("tookMillis", took().toMillis());
            map.put("didElsewhere", units());
            map.put("asked", caller.entries(Doing.ASKS).size());
            map.put("asClaimed", isRight());
            return map;
        }

        Lanes lanes() {
            List<Lanes.Lane> lanes = new ArrayList<>();
            lanes.add(caller.lane(Doing.class, Label.of("caller"), ""));
            for (int i = 0; i < clerks.size(); i++) {
                lanes.add(clerks.get(i).lane(Doing.class, Label.of("clerk " + (i + 1)), ""));
            }
            return Lanes.of(lanes);
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration latency = knobs.get(LATENCY);
        List<String> titles = new ArrayList<>();
        for (int i = 1; i <= knobs.get(BOOKS); i++) {
            titles.add("book " + i);
        }
        List<Ordered> all = new ArrayList<>();
        Duration patience = PATIENCE.plus(latency.multipliedBy((long) titles.size() * Way.values().length));
        try (Progress progress = bench.progress("calls", Way.values().length);
                Crew crew = Crew.within(patience)) {
            for (Way way : Way.values()) {
                Shop shop = new Shop(crew, latency);
                Hand caller = crew.start("caller", hand -> way.order(hand, shop, titles));
                crew.awaitEnds();
                all.add(new Ordered(way, caller, shop.clerks(), titles, latency));
                progress.step();
            }
        }
        return outcome(all);
    }

    private static Outcome outcome(List<Ordered> all) {
        List<String> wrong = all.stream()
                .filter(ordered -> !ordered.isRight())
                .map(ordered -> ordered.way.words)
                .toList();
        Ordered any = all.getFirst();
        Figures figures = Figures.none()
                .with("books", any.titles.size(), "books ordered in each way")
                .with("latencyMillis", any.latency.toMillis(), "ms the shop searches for each")
                .with("syncMillis", any.took().toMillis(), "ms on the line, waiting: one search after the other")
                .with("asyncMillis", all.get(2).took().toMillis(), "ms with calls back: all searches at once")
                .withUnprinted("ways", all.stream().map(Ordered::asMap).toList());
        Outcome outcome = Outcome.of(
                Verdict.of(wrong.isEmpty()),
                wrong.isEmpty()
                        ? "on the line the searches add up, with calls back they do not; and who does not block got"
                                + " something else done"
                        : "not as claimed: " + String.join("; ", wrong) + "; is the machine busy?",
                figures);
        for (Ordered ordered : all) {
            outcome = outcome.with(ordered.way.words + ": " + ordered.way.meanwhile, ordered.lanes());
        }
        return outcome.with(
                "All four",
                new Table(
                        List.of("way", "the caller is", "ms", "did elsewhere"),
                        all.stream().map(Ordered::row).toList()));
    }
}
