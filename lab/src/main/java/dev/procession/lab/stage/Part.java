package dev.procession.lab.stage;

import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What an actor told in one part of its life. Immutable.
 *
 * @param actor who
 * @param entries what it told, in order
 * @param untilNanos when the part ended
 */
public record Part(Actor actor, List<Entry> entries, long untilNanos) {
    /** Copies the list. */
    public Part {
        entries = List.copyOf(entries);
    }

    /** Whether it told something of that look. */
    public boolean has(Look look) {
        return entries.stream().anyMatch(entry -> entry.is(look));
    }

    /** All of one look, in order. */
    public List<Entry> entries(Look look) {
        return entries.stream().filter(entry -> entry.is(look)).toList();
    }

    /**
     * The lane of this part in a picture. A look whose sign is a blank is not drawn, nor counted as time.
     *
     * @param looks the looks it may have
     * @param label what stands before the lane
     * @param ending what stands behind it
     * @param sinceNanos what was before is left out
     */
    public Lanes.Lane lane(Class<? extends Look> looks, Label label, String ending, long sinceNanos) {
        return lane(entries, untilNanos, sinceNanos, looks, label, ending);
    }

    static Lanes.Lane lane(
            List<Entry> entries,
            long untilNanos,
            long sinceNanos,
            Class<? extends Look> looks,
            Label label,
            String ending) {
        Map<String, Tint> tints =
                Arrays.stream(looks.getEnumConstants()).collect(Collectors.toMap(Look::name, Look::tint));
        List<Lanes.Span> spans = new ArrayList<>();
        List<Lanes.Mark> marks = new ArrayList<>();
        long until = untilNanos;
        for (Entry entry : entries.reversed()) {
            Tint tint = Objects.requireNonNull(tints.get(entry.word()), entry.word());
            if (entry.kind() == Entry.Kind.ENTERS) {
                spans.addFirst(new Lanes.Span(Math.max(entry.nanos(), sinceNanos), until, tint));
                until = entry.nanos();
            } else if (entry.nanos() >= sinceNanos && !tint.isBlank()) {
                marks.addFirst(new Lanes.Mark(entry.nanos(), tint));
            }
        }
        spans.removeIf(
                span -> span.untilNanos() <= span.fromNanos() || span.tint().isBlank());
        return new Lanes.Lane(label, spans, marks, ending);
    }
}
