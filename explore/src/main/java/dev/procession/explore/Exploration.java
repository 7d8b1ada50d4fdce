package dev.procession.explore;

import dev.procession.core.spi.Interleaving.Act;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an {@linkplain Explorer exploration} found.
 *
 * @param coverage what the schedules that were run are, of all there are
 * @param schedules how many were run to their end
 * @param failing how many of them failed
 * @param grain what counted as a step; two accesses that belong to one step were never taken apart
 * @param shortest the shortest that failed
 */
public record Exploration(
        Coverage coverage, long schedules, long failing, Set<Act> grain, Optional<FailingSchedule> shortest) {
    /** What the schedules that were run are, of all there are. */
    public enum Coverage {
        /** All of them. */
        EVERY_SCHEDULE,
        /** One of each kind: any other ends as one of these does. */
        EVERY_KIND,
        /** Some, drawn at random. */
        SAMPLE,
        /** The first ones; the limit of schedules was reached. */
        CUT_OFF,
        /** The one that was asked for. */
        REPLAY
    }

    /** Makes the grain its own. */
    public Exploration {
        grain = Set.copyOf(grain);
    }

    /**
     * Whether this proves, at its grain, that the program cannot fail.
     *
     * @return true if no schedule failed, and every schedule or every kind was run
     */
    public boolean provesCorrect() {
        return failing == 0 && (coverage == Coverage.EVERY_SCHEDULE || coverage == Coverage.EVERY_KIND);
    }

    /**
     * What was found, in words, such as {@code at this grain (start, read, write): all 20 schedules, 12 fail} and the
     * shortest that failed.
     *
     * @return one line, or several if something failed
     */
    @Override
    public String toString() {
        String steps = grain.stream()
                .sorted()
                .map(act -> act.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String which = switch (coverage) {
            case EVERY_SCHEDULE -> "all " + schedules + " schedules";
            case EVERY_KIND -> "all " + schedules + " kinds of schedules";
            case SAMPLE -> schedules + " random schedules, not all there are";
            case CUT_OFF -> "the first " + schedules + " schedules, not all there are";
            case REPLAY -> "the schedule of the token";
        };
        return "at this grain (" + steps + "): " + which + ", " + (failing == 0 ? "none fails" : failing + " fail")
                + shortest.map(schedule -> "; the shortest:\n" + schedule).orElse("");
    }
}
