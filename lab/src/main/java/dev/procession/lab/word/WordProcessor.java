package dev.procession.lab.word;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
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
import dev.procession.lab.stage.Hand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why a word processor has threads: one takes what is typed, one puts capitals in place, one saves now and then, and all
 * work on one document. A single thread that does all three leaves the user waiting for his letters while it saves.
 */
public final class WordProcessor implements Experiment {
    private static final String TYPED = "the fox ran. it was quick. the dog slept on.";
    private static final String WANTED = "The fox ran. It was quick. The dog slept on.";
    private static final Knob<Duration> KEYS = Knob.millis("keys", 15, "how long the user takes from key to key");
    private static final Knob<Duration> SAVING = Knob.millis("saving", 200, "how long the disk takes to save");
    private static final Knob<Duration> EVERY = Knob.millis("every", 200, "how long after one save the next begins");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "word-processor";
    }

    @Override
    public String title() {
        return "three threads on one document, or one for all";
    }

    @Override
    public String section() {
        return "4.4, 4.6";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(KEYS, SAVING, EVERY);
    }

    /**
     * A key that was pressed.
     *
     * @param letter what is on it
     * @param pressedNanos when
     */
    private record Key(char letter, long pressedNanos) {
        /** The user gets up. */
        static final char END = '\u0004';

        boolean isEnd() {
            return letter == END;
        }
    }

    /** One way to build it, at work. */
    private static final class Desk {
        private final BlockingQueue<Key> keyboard = new LinkedBlockingQueue<>();
        private final Document document = new Document();
        private final CountDownLatch allTyped = new CountDownLatch(1);
        private final Duration keys;
        private final Duration saving;
        private final Duration every;
        private final Path file;

        Desk(Knobs knobs, Path file) {
            this.keys = knobs.get(KEYS);
            this.saving = knobs.get(SAVING);
            this.every = knobs.get(EVERY);
            this.file = file;
        }

        /** The user does not wait for his letters. */
        void press(Hand user) throws InterruptedException {
            for (int i = 0; i < TYPED.length(); i++) {
                char letter = TYPED.charAt(i);
                Thread.sleep(keys);
                user.marks(Doing.PRESSES, letter);
                keyboard.add(new Key(letter, System.nanoTime()));
            }
            keyboard.add(new Key(Key.END, System.nanoTime()));
        }

        private void type(Hand hand, Key key) {
            document.append(key.letter);
            hand.marks(Doing.TYPES, System.nanoTime() - key.pressedNanos);
        }

        private void save(Hand hand) throws InterruptedException, IOException {
            hand.enters(Doing.SAVES);
            String text = document.text();
            Thread.sleep(saving); // Stands for a slow disk.
            Files.writeString(file, text);
            hand.enters(Doing.WAITS);
        }

        private void format(Hand hand) {
            if (document.format()) {
                hand.marks(Doing.FORMATS, "");
            }
        }

        /** All three by one thread. */
        void alone(Hand hand) throws InterruptedException, IOException {
            hand.enters(Doing.WAITS);
            long nextSave = System.nanoTime() + every.toNanos();
            while (true) {
                Key key = keyboard.poll(Math.max(0, nextSave - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (key != null && key.isEnd()) {
                    break;
                } else if (key != null) {
                    type(hand, key);
                    format(hand);
                }
                if (System.nanoTime() >= nextSave) {
                    save(hand);
                    nextSave = System.nanoTime() + every.toNanos();
                }
            }
            save(hand);
            hand.enters(Doing.DONE);
        }

        void listen(Hand hand) throws InterruptedException {
            hand.enters(Doing.WAITS);
            for (Key key = keyboard.take(); !key.isEnd(); key = keyboard.take()) {
                type(hand, key);
            }
            document.finish();
            hand.enters(Doing.DONE);
        }

        void capitalize(Hand hand) throws InterruptedException {
            hand.enters(Doing.WAITS);
            while (document.awaitChange()) {
                format(hand);
            }
            hand.enters(Doing.DONE);
            allTyped.countDown();
        }

        void autosave(Hand hand) throws InterruptedException, IOException {
            hand.enters(Doing.WAITS);
            while (!allTyped.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                save(hand);
            }
            save(hand);
            hand.enters(Doing.DONE);
        }
    }

    /** What came of one way. */
    private record Written(
            String way,
            List<Hand> hands,
            String document,
            @Nullable String saved) {
        private List<Long> delays() {
            return hands.stream()
                    .flatMap(hand -> hand.entries(Doing.TYPES).stream())
                    .map(entry -> Long.valueOf(entry.text()))
                    .toList();
        }

        Duration worstDelay() {
            return Duration.ofNanos(
                    delays().stream().mapToLong(Long::longValue).max().orElse(0));
        }

        long saves() {
            return hands.stream()
                    .mapToLong(hand -> hand.entries(Doing.SAVES).size())
                    .sum();
        }

        boolean isRight() {
            return document.equals(WANTED) && WANTED.equals(saved) && delays().size() == TYPED.length();
        }

        List<String> row() {
            return List.of(
                    way,
                    String.valueOf(worstDelay().toMillis()),
                    String.valueOf(saves()),
                    isRight() ? "as typed, with capitals" : "WRONG: " + document + " / " + saved);
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("way", way);
            map.put("worstDelayMillis", worstDelay().toMillis());
            map.put("saves", saves());
            map.put("document", document);
            map.put("saved", String.valueOf(saved));
            return map;
        }

        Lanes lanes() {
            return Lanes.of(hands.stream()
                    .map(hand -> hand.lane(Doing.class, Label.of(hand.name()), ""))
                    .toList());
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        try (Progress progress = bench.progress("word processors", 2)) {
            Desk one = new Desk(knobs, bench.folder().resolve("one.txt"));
            Written alone = write(knobs, one, "one thread", crew -> crew.start("all three", one::alone));
            progress.step();
            Desk three = new Desk(knobs, bench.folder().resolve("three.txt"));
            Written together = write(knobs, three, "three threads", crew -> {
                crew.start("keyboard", three::listen);
                crew.start("capitals", three::capitalize);
                crew.start("autosave", three::autosave);
            });
            progress.step();
            return outcome(alone, together, knobs.get(SAVING), knobs.get(KEYS));
        }
    }

    private interface Staffing {
        void hire(Crew crew);
    }

    private static Written write(Knobs knobs, Desk desk, String way, Staffing staffing) throws InterruptedException {
        Duration typing = knobs.get(KEYS).multipliedBy(TYPED.length());
        Duration saves = knobs.get(SAVING).multipliedBy(TYPED.length() + 2L);
        try (Crew crew = Crew.within(PATIENCE.plus(typing).plus(saves))) {
            crew.start("the user", desk::press);
            staffing.hire(crew);
            crew.awaitEnds();
            return new Written(way, crew.hands(), desk.document.text(), read(desk.file));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BrokenRunException("the saved document cannot be read: " + e, e);
        }
    }

    private static Outcome outcome(Written alone, Written together, Duration saving, Duration keys) {
        List<Written> all = new ArrayList<>(List.of(alone, together));
        boolean right = all.stream().allMatch(Written::isRight);
        // A key that is pressed as a save begins waits for all of it; the first one after that, for all but a key's
        // time.
        boolean aloneWaits = alone.worstDelay().compareTo(saving.minus(keys.multipliedBy(2))) >= 0;
        boolean togetherDoNot = together.worstDelay().multipliedBy(2).compareTo(alone.worstDelay()) < 0;
        Figures figures = Figures.none()
                .with("letters", TYPED.length(), "letters that were typed")
                .with("savingMillis", saving.toMillis(), "ms a save takes")
                .with("oneThreadMillis", alone.worstDelay().toMillis(), "ms a letter was late at most, with one thread")
                .with("threeThreadsMillis", together.worstDelay().toMillis(), "ms at most, with three")
                .with("document", together.document, "what the three made of it")
                .withUnprinted("ways", all.stream().map(Written::asMap).toList());
        return Outcome.of(
                        Verdict.of(right && aloneWaits && togetherDoNot),
                        reason(right, aloneWaits, togetherDoNot, alone, together),
                        figures)
                .with("One thread does all three", alone.lanes())
                .with("Three threads, one document", together.lanes())
                .with(
                        "Both",
                        new Table(
                                List.of("by", "late at most, ms", "saves", "the document, and its file"),
                                all.stream().map(Written::row).toList()));
    }

    private static String reason(
            boolean right, boolean aloneWaits, boolean togetherDoNot, Written alone, Written together) {
        if (!right) {
            return "a document is not what was typed, or was not saved in the end";
        } else if (!aloneWaits) {
            return "with one thread no letter waited for a save; let it take longer (--saving)";
        } else if (!togetherDoNot) {
            return "with three threads a letter was late by "
                    + together.worstDelay().toMillis() + " ms, with one by "
                    + alone.worstDelay().toMillis() + " ms; is the machine busy?";
        }
        return "with one thread a letter came "
                + alone.worstDelay().toMillis() + " ms late while it saved, with three at most "
                + together.worstDelay().toMillis() + " ms; the document is the same";
    }
}
