package dev.procession.explore;

import dev.procession.core.spi.Interleaving.Act;
import java.util.Locale;

/**
 * A step of a schedule.
 *
 * @param task the name of the task that took it
 * @param act what it did
 * @param subject what it did it to, or a word of its own if it yielded
 */
public record Step(String task, Act act, String subject) {
    /** Such as {@code lock noodles}, {@code start}. */
    @Override
    public String toString() {
        String verb = act.name().toLowerCase(Locale.ROOT);
        return act == Act.YIELD && !subject.isEmpty() ? subject : (verb + " " + subject).strip();
    }
}
