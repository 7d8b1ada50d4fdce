package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who did what when: one lane per process, time from left to right.
 *
 * <pre>{@code
 *            0 ms                                 412 ms
 *  Buyer-0   :::::::::====######X                 bought
 *  Buyer-1   :::::::::====      ----######X       bought
 *            : starts  = checks  - waits  # buys  X sold
 * }</pre>
 *
 * <p>Each cell stands for an equal slice of time and shows the state that took the most of it, so a state much shorter
 * than a slice can go unseen; a mark (an instant) is always seen.
 */
public final class Lanes implements Picture {
    private static final int LEAST_CELLS = 16;
    private static final int GAP = 2;

    private final List<Lane> lanes;
    private final long fromNanos;
    private final long untilNanos;

    /**
     * A process in the picture.
     *
     * @param label what stands before it
     * @param spans its states, in order of time
     * @param marks its instants
     * @param ending what stands behind it
     */
    public record Lane(String label, List<Span> spans, List<Mark> marks, String ending) {
        /** Copies the lists. */
        public Lane {
            spans = List.copyOf(spans);
            marks = List.copyOf(marks);
        }
    }

    /** A state that lasted from one moment until another, on {@link System#nanoTime()}'s clock. */
    public record Span(long fromNanos, long untilNanos, Tint tint) {}

    /** An instant worth a sign. */
    public record Mark(long nanos, Tint tint) {}

    private Lanes(List<Lane> lanes, long fromNanos, long untilNanos) {
        this.lanes = List.copyOf(lanes);
        this.fromNanos = fromNanos;
        this.untilNanos = untilNanos;
    }

    /** The picture of these lanes, from the first moment that stands in them until the last. */
    public static Lanes of(List<Lane> lanes) {
        long from = Long.MAX_VALUE;
        long until = Long.MIN_VALUE;
        for (Lane lane : lanes) {
            for (Span span : lane.spans) {
                from = Math.min(from, span.fromNanos);
                until = Math.max(until, span.untilNanos);
            }
            for (Mark mark : lane.marks) {
                from = Math.min(from, mark.nanos);
                until = Math.max(until, mark.nanos);
            }
        }
        return from > until ? new Lanes(lanes, 0, 0) : new Lanes(lanes, from, until);
    }

    @Override
    public List<String> draw(Paper paper) {
        int labelCells = widest(lanes.stream().map(Lane::label).toList(), paper);
        int endingCells = widest(lanes.stream().map(Lane::ending).toList(), paper);
        int cells = Math.max(LEAST_CELLS, paper.columns() - 1 - labelCells - GAP - GAP - endingCells);
        String margin = " ".repeat(1 + labelCells + GAP);
        List<String> lines = new ArrayList<>();
        lines.add(margin + paper.ink(Ink.DIM, axis(cells)));
        for (Lane lane : lanes) {
            lines.add((" " + DisplayWidth.padRight(paper.legible(lane.label), labelCells) + " ".repeat(GAP)
                            + strip(lane, cells, paper) + " ".repeat(GAP) + paper.legible(lane.ending))
                    .stripTrailing());
        }
        lines.addAll(legend(paper, margin));
        return lines;
    }

    private static int widest(List<String> texts, Paper paper) {
        return texts.stream()
                .mapToInt(text -> DisplayWidth.of(paper.legible(text)))
                .max()
                .orElse(0);
    }

    private String axis(int cells) {
        String until = Millis.text(untilNanos - fromNanos);
        return "0 ms" + DisplayWidth.padLeft(until, cells - "0 ms".length());
    }

    /** The cells of one lane, with neighbours of one ink inked together. */
    private String strip(Lane lane, int cells, Paper paper) {
        @Nullable Tint[] tints = new Tint[cells];
        for (int cell = 0; cell < cells; cell++) {
            tints[cell] = tintOfSlice(lane.spans, startOf(cell, cells), startOf(cell + 1, cells));
        }
        for (Mark mark : lane.marks) {
            tints[cellOf(mark.nanos, cells)] = mark.tint;
        }
        StringBuilder strip = new StringBuilder();
        for (int cell = 0; cell < cells; ) {
            Tint tint = tints[cell];
            int end = cell;
            while (end < cells && Objects.equals(tints[end], tint)) {
                end++;
            }
            String run = String.valueOf(tint == null ? ' ' : tint.sign(paper)).repeat(end - cell);
            strip.append(tint == null ? run : paper.ink(tint.ink(), run));
            cell = end;
        }
        return strip.toString();
    }

    private long startOf(int cell, int cells) {
        return fromNanos + (long) ((double) (untilNanos - fromNanos) * cell / cells);
    }

    private int cellOf(long nanos, int cells) {
        long total = Math.max(1, untilNanos - fromNanos);
        return (int) Math.min(cells - 1, (double) (nanos - fromNanos) * cells / total);
    }

    /** The state that took the most of the slice, or null if doing nothing did. */
    private static @Nullable Tint tintOfSlice(List<Span> spans, long from, long until) {
        Tint most = null;
        long mostNanos = 0;
        for (Span span : spans) {
            long nanos = Math.min(span.untilNanos, until) - Math.max(span.fromNanos, from);
            if (nanos > mostNanos) {
                mostNanos = nanos;
                most = span.tint;
            }
        }
        return most;
    }

    private List<String> legend(Paper paper, String margin) {
        Set<Tint> seen = new LinkedHashSet<>();
        lanes.forEach(lane -> lane.spans.forEach(span -> seen.add(span.tint)));
        lanes.forEach(lane -> lane.marks.forEach(mark -> seen.add(mark.tint)));
        if (seen.isEmpty()) {
            return List.of();
        }
        return List.of(margin + seen.stream().map(tint -> tint.legend(paper)).collect(Collectors.joining("  ")));
    }
}
