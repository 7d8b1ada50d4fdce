package dev.procession.lab.stage;

import dev.procession.lab.picture.Look;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a child's diary. Immutable.
 *
 * @param nanos when, on {@link System#nanoTime()}'s clock, which on Linux is one for all processes of a time namespace
 * @param kind whether it began something or marks an instant
 * @param word the name of a {@link Look}
 * @param text what belongs to it, or the empty string
 */
public record Entry(long nanos, Kind kind, String word, String text) {
    /** What an entry tells. */
    public enum Kind {
        /** From now on the child does this, until its next entry of this kind. */
        ENTERS,
        /** This happened now. */
        MARKS
    }

    /** Letters that no program prints by chance begin the line; the text is in hexadecimal, whatever its characters. */
    private static final Pattern LINE =
            Pattern.compile("\u001eprocession-lab (\\d+|-\\d+) (ENTERS|MARKS) (\\S+) ((?:[0-9a-f]{2})*)");

    /** Whether the entry is of that look. */
    public boolean is(Look look) {
        return word.equals(look.name());
    }

    /** Built by hand: a JVM's first string concatenation would take longer than what it tells of. */
    static String line(long nanos, Kind kind, Look look, String text) {
        StringBuilder line = new StringBuilder("\u001eprocession-lab ");
        line.append(nanos)
                .append(' ')
                .append(kind.name())
                .append(' ')
                .append(look.name())
                .append(' ');
        return text.isEmpty()
                ? line.toString()
                : line.append(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)))
                        .toString();
    }

    /** The entry that a line of a child's standard output is, if it is one. */
    static Optional<Entry> read(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new Entry(
                        Long.parseLong(matcher.group(1)),
                        Kind.valueOf(matcher.group(2)),
                        matcher.group(3),
                        new String(HexFormat.of().parseHex(matcher.group(4)), StandardCharsets.UTF_8)))
                : Optional.empty();
    }
}
