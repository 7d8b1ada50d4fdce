package dev.procession.green;

import dev.procession.green.engine.Ladder;
import dev.procession.green.engine.Rung;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways to carry coroutines, as this JVM has tried it. The first that works is in use, or the one that
 * {@code -Dprocession.engine} names.
 *
 * @param name what the user writes into {@code -Dprocession.engine}
 * @param description how it carries coroutines
 * @param overlapsBlockingCalls whether a blocking call of the JDK suspends the task alone; if not, it holds up the loop
 * @param fault why it does not work in this JVM; null if it does
 * @param isInUse whether coroutines of this JVM are carried so
 */
public record EngineRung(
        String name,
        String description,
        boolean overlapsBlockingCalls,
        @Nullable String fault,
        boolean isInUse) {

    /**
     * Tries all ways that were not tried before.
     *
     * @return all, the best first; none is in use if {@code -Dprocession.engine} names one that does not work
     * @throws IllegalArgumentException if it names none of them
     */
    public static List<EngineRung> ladder() {
        Optional<Rung> inUse = Ladder.inUse();
        return Ladder.steps().stream().map(step -> of(step, inUse)).toList();
    }

    private static EngineRung of(Ladder.Step step, Optional<Rung> inUse) {
        Rung rung = step.rung();
        return new EngineRung(
                rung.option(),
                rung.description(),
                rung.overlapsBlockingCalls(),
                step.fault(),
                inUse.filter(rung::equals).isPresent());
    }
}
