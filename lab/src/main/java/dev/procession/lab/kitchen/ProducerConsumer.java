package dev.procession.lab.kitchen;

import static dev.procession.lab.kitchen.Kitchen.ParentPuts.AFTER_JOIN;
import static dev.procession.lab.kitchen.Kitchen.ParentPuts.AT_ONCE;
import static dev.procession.lab.kitchen.Kitchen.ParentPuts.NEVER;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A cook and an eater in processes of their own, and four places for the end mark, two of which are wrong. */
public final class ProducerConsumer implements Experiment {
    private static final String LESSON =
            "without an end mark the eater hangs, with the parent's too early the cook does; put by the cook, or after the"
                    + " join, it ends both, and what was put was eaten";

    @Override
    public String id() {
        return "producer-consumer";
    }

    @Override
    public String title() {
        return "a cook, an eater, a queue: who ends it, when?";
    }

    @Override
    public String section() {
        return "3.13.4";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(
                KitchenKnobs.CAPACITY,
                KitchenKnobs.DISHES,
                KitchenKnobs.COOK_DELAY,
                KitchenKnobs.EAT_DELAY,
                KitchenKnobs.HANG_AFTER);
    }

    /** The places for the end mark. */
    private enum Variant {
        NONE("none", 0, NEVER),
        BY_COOK("the cook's last", 1, NEVER),
        TOO_EARLY("the parent's, at once", 0, AT_ONCE),
        AFTER_COOK("the parent's, after join", 0, AFTER_JOIN);

        final String words;
        final int marksByCook;
        final Kitchen.ParentPuts parentPuts;

        Variant(String words, int marksByCook, Kitchen.ParentPuts parentPuts) {
            this.words = words;
            this.marksByCook = marksByCook;
            this.parentPuts = parentPuts;
        }

        /** Whether the shift came out as it must. */
        boolean isAsClaimed(Worked worked) {
            return switch (this) {
                case NONE -> worked.hungEaters() == 1 && worked.hungCooks() == 0 && worked.allEatenOnce();
                case BY_COOK, AFTER_COOK -> worked.endedWell() && worked.left().isEmpty();
                // The eater leaves at once; a cook with more dishes than fit is stuck, one with fewer leaves them.
                case TOO_EARLY ->
                    worked.hungEaters() == 0
                            && worked.eaten().isEmpty()
                            && (worked.hungCooks() == 1)
                                    == (worked.shift().dishes() > worked.shift().capacity());
            };
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Shift> shifts = Stream.of(Variant.values())
                .map(variant -> KitchenKnobs.shift(knobs, variant.marksByCook, 1, Duration.ZERO))
                .toList();
        try (Progress progress = bench.progress("shifts", shifts.size());
                Kitchen kitchen = new Kitchen(Staff.SMALL, shifts, knobs.get(KitchenKnobs.HANG_AFTER))) {
            Day day = new Day(knobs.get(KitchenKnobs.CAPACITY), kitchen.pids());
            for (Variant variant : Variant.values()) {
                day.add(variant.words, kitchen.work(variant.parentPuts, 1));
                progress.step();
            }
            return outcome(day);
        } finally {
            shifts.forEach(shift -> shift.counter().close());
        }
    }

    private static Outcome outcome(Day day) {
        List<String> wrong = Stream.of(Variant.values())
                .filter(variant -> !variant.isAsClaimed(day.shift(variant.words)))
                .map(variant -> variant.words)
                .toList();
        boolean shown = wrong.isEmpty() && day.counterHeld();
        Outcome outcome = Outcome.of(Verdict.of(shown), shown ? LESSON : day.complaint(wrong), day.figures());
        for (Variant variant : Variant.values()) {
            outcome = outcome.with(
                    "End mark: " + variant.words, day.shift(variant.words).picture(Staff.SMALL));
        }
        return outcome.with("All four", day.table());
    }
}
