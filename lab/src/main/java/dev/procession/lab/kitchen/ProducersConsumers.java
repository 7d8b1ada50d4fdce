package dev.procession.lab.kitchen;

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

/** Three cooks, two or four eaters, and how many end marks that takes. */
public final class ProducersConsumers implements Experiment {
    private static final String LESSON =
            "three end marks end two eaters and leave one mark; of four eaters they leave one hanging; a time-out or one"
                    + " mark each ends all, and what was put was eaten";

    private static final Knob<Duration> EATER_TIMEOUT = Knob.millis(
            "eater-timeout", 700, "how long an eater without end marks waits for a dish (the course: 20000)");

    @Override
    public String id() {
        return "producers-consumers";
    }

    @Override
    public String title() {
        return "many cooks and eaters: how many end marks?";
    }

    @Override
    public String section() {
        return "3.13.5";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(
                KitchenKnobs.CAPACITY,
                KitchenKnobs.DISHES,
                KitchenKnobs.COOK_DELAY,
                KitchenKnobs.EAT_DELAY,
                EATER_TIMEOUT,
                KitchenKnobs.HANG_AFTER);
    }

    /** Ways to end; the parent puts the marks when it has joined the cooks. */
    private enum Variant {
        ENOUGH("2 eaters, 3 marks", 2, 3),
        TOO_FEW("4 eaters, 3 marks", 4, 3),
        TIMEOUT("4 eaters, a time-out", 4, 0),
        ONE_EACH("4 eaters, 4 marks", 4, 4);

        final String words;
        final int eaters;
        final int marks;

        Variant(String words, int eaters, int marks) {
            this.words = words;
            this.eaters = eaters;
            this.marks = marks;
        }

        /** Whether the shift came out as it must. */
        boolean isAsClaimed(Worked worked) {
            return worked.allEatenOnce()
                    && worked.hungCooks() == 0
                    && worked.hungEaters() == (this == TOO_FEW ? 1 : 0)
                    && worked.marksLeft() == (this == ENOUGH ? 1 : 0)
                    && worked.eatersWhoGaveUp() == (this == TIMEOUT ? eaters : 0);
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Shift> shifts = Stream.of(Variant.values())
                .map(variant -> KitchenKnobs.shift(
                        knobs,
                        0,
                        variant.eaters,
                        variant == Variant.TIMEOUT ? knobs.get(EATER_TIMEOUT) : Duration.ZERO))
                .toList();
        try (Progress progress = bench.progress("shifts", shifts.size());
                Kitchen kitchen = new Kitchen(Staff.LARGE, shifts, knobs.get(KitchenKnobs.HANG_AFTER))) {
            Day day = new Day(knobs.get(KitchenKnobs.CAPACITY), kitchen.pids());
            for (Variant variant : Variant.values()) {
                day.add(variant.words, kitchen.work(Kitchen.ParentPuts.AFTER_JOIN, variant.marks));
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
        for (Variant variant : List.of(Variant.TOO_FEW, Variant.ONE_EACH)) {
            outcome = outcome.with(variant.words, day.shift(variant.words).picture(Staff.LARGE));
        }
        return outcome.with("All four", day.table());
    }
}
