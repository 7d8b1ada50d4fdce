package dev.procession.lab.room;

import dev.procession.lab.picture.Lanes.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who was inside when, as the visitors tell it. Immutable.
 *
 * @param stays one for each visitor
 * @param openedNanos when the event was set; visitors cannot have passed before
 */
record Visit(List<Stay> stays, long openedNanos) {
    /** Copies the list. */
    Visit {
        stays = List.copyOf(stays);
    }

    /**
     * One visitor's time, on {@link System#nanoTime()}'s clock.
     *
     * @param passedNanos when it passed the event
     * @param inNanos when it had its permit
     * @param outNanos when it was about to give it back
     */
    record Stay(long passedNanos, long inNanos, long outNanos) {}

    /** How many were inside, at each moment somebody went in or out. */
    List<Sample> inside() {
        List<Sample> steps = new ArrayList<>();
        for (Stay stay : stays) {
            steps.add(new Sample(stay.inNanos, 1));
            steps.add(new Sample(stay.outNanos, -1));
        }
        // Who leaves at the very nanosecond another enters has left.
        steps.sort(Comparator.comparingLong(Sample::nanos).thenComparingInt(Sample::depth));
        List<Sample> levels = new ArrayList<>();
        int inside = 0;
        for (Sample step : steps) {
            inside += step.depth();
            levels.add(new Sample(step.nanos(), inside));
        }
        return levels;
    }

    /** Most that were inside at once. */
    int mostInside() {
        return inside().stream().mapToInt(Sample::depth).max().orElse(0);
    }

    /** Those who passed before the event was set. */
    long early() {
        return stays.stream().filter(stay -> stay.passedNanos < openedNanos).count();
    }
}
