package dev.procession.lab.coroutine;

import dev.procession.green.EngineRung;
import dev.procession.lab.coroutine.Evening.Way;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Table;
import dev.procession.process.ProcessPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Two who sleep now and then. Python's gevent lets the one run while the other sleeps, but only once it has replaced {@code
 * time.sleep} by its own: without the patch both sleep one after the other. Here {@code Thread.sleep} is left as it is. That
 * it could be otherwise shows a child JVM on the engine that uses no inside of the JDK, where a blocking call holds up all.
 */
public final class Gevent implements Experiment {
    private static final Knob<Duration> EAT =
            Knob.millis("eat", 200, "how long eat sleeps between its bites (the course: 2000)");
    private static final Knob<Duration> PLAY =
            Knob.millis("play", 300, "how long play sleeps between its games (the course: 3000)");
    private static final String NAME = "egon";

    @Override
    public String id() {
        return "gevent";
    }

    @Override
    public String title() {
        return "who sleeps lets the other run, without a patch";
    }

    @Override
    public String section() {
        return "6.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(EAT, PLAY);
    }

    /** One of the evenings, and what it should come to. */
    private record Case(String words, boolean overlaps, Evening evening, Duration eat, Duration play) {
        Duration least() {
            return overlaps ? (eat.compareTo(play) > 0 ? eat : play) : eat.plus(play);
        }

        /** Sleeps that overlap take less than their sum, unless one of them is none. */
        boolean inTime() {
            boolean isShorter = evening.took().compareTo(eat.plus(play)) < 0 || eat.isZero() || play.isZero();
            return evening.took().compareTo(least()) >= 0 && (!overlaps || isShorter);
        }

        boolean inOrder() {
            List<String> who = evening.speakers();
            return overlaps
                    ? who.size() == 4 && who.subList(0, 2).equals(List.of("eat", "play"))
                    : who.equals(List.of("eat", "eat", "play", "play"));
        }

        List<String> row() {
            return List.of(
                    words,
                    overlaps ? "the longest" : "the sum",
                    String.valueOf(least().toMillis()),
                    String.valueOf(evening.took().toMillis()),
                    String.join(" ", evening.speakers()));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("way", words);
            map.put("overlaps", overlaps);
            map.put("leastMillis", least().toMillis());
            map.put("tookMillis", evening.took().toMillis());
            map.put("speakers", evening.speakers());
            return map;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration eat = knobs.get(EAT);
        Duration play = knobs.get(PLAY);
        try (Progress progress = bench.progress("evenings", 3)) {
            List<Case> all = new ArrayList<>();
            all.add(new Case("plain calls", false, here(Way.PLAIN_CALLS, eat, play), eat, play));
            progress.step();
            all.add(new Case("green tasks, not patched", false, onBaton(eat, play), eat, play));
            progress.step();
            here(Way.GREEN_TASKS, Duration.ZERO, Duration.ZERO); // the first loop of a JVM tries the engine
            all.add(new Case("green tasks", true, here(Way.GREEN_TASKS, eat, play), eat, play));
            progress.step();
            return outcome(all);
        }
    }

    private static Evening here(Way way, Duration eat, Duration play) throws InterruptedException {
        try {
            return Evening.live(way, NAME, eat, play);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new BrokenRunException(way.words + " failed: " + e, e);
        }
    }

    /** In a child JVM whose engine is made of public API alone: a blocking call holds up its loop. */
    private static Evening onBaton(Duration eat, Duration play) throws InterruptedException {
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .withoutSpare()
                .jvmOptions("-Dprocession.engine=baton")
                .build()) {
            return pool.submit(() -> {
                        Evening.live(Way.GREEN_TASKS, NAME, Duration.ZERO, Duration.ZERO);
                        return Evening.live(Way.GREEN_TASKS, NAME, eat, play);
                    })
                    .get();
        } catch (ExecutionException e) {
            throw new BrokenRunException("the child JVM on the engine baton failed: " + e.getCause(), e);
        }
    }

    private static String engine() {
        return EngineRung.ladder().stream()
                .filter(EngineRung::isInUse)
                .map(EngineRung::name)
                .findFirst()
                .orElse("none");
    }

    private static Outcome outcome(List<Case> all) {
        List<String> wrong = all.stream()
                .filter(each -> !each.inTime() || !each.inOrder())
                .map(each -> each.words)
                .toList();
        Figures figures = Figures.none()
                .with("serialMillis", all.get(0).evening.took().toMillis(), "ms by plain calls, one after the other")
                .with(
                        "unpatchedMillis",
                        all.get(1).evening.took().toMillis(),
                        "ms by green tasks whose sleep holds up the loop, as without gevent's patch")
                .with("greenMillis", all.get(2).evening.took().toMillis(), "ms by green tasks as they are here")
                .with("engine", engine(), "the engine of coroutines in this JVM")
                .withUnprinted("ways", all.stream().map(Case::asMap).toList());
        Outcome outcome = Outcome.of(Verdict.of(wrong.isEmpty()), reason(all, wrong), figures);
        for (Case each : all) {
            outcome = outcome.with(each.words + ", sleeping by Thread.sleep", each.evening.lanes());
        }
        return outcome.with(
                "All three",
                new Table(
                        List.of("way", "should take", "at least ms", "took ms", "who spoke"),
                        all.stream().map(Case::row).toList()));
    }

    private static String reason(List<Case> all, List<String> wrong) {
        if (wrong.isEmpty()) {
            return "green tasks slept side by side, "
                    + all.get(2).evening.took().toMillis()
                    + " ms instead of " + all.get(0).evening.took().toMillis()
                    + " ms; where the sleep holds up the loop they gain nothing";
        } else if (engine().equals("baton")) {
            return "this JVM has only the engine baton, on which a blocking call holds up the loop; see doctor --engine";
        }
        return "not as claimed: " + String.join("; ", wrong) + "; is the machine busy?";
    }
}
