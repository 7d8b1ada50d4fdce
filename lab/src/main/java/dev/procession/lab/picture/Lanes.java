package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
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

    /** What a tick is drawn as: slices of it are whole numbers too. */
    private static final long TICK = 1_000_000;

    private static final String UNICODE_LEVELS = " ▁▂▃▄▅▆▇█";
    private static final String ASCII_LEVELS = " _.-=+*%#";

    private final List<Lane> lanes;
    private final List<Level> levels;
    private final long fromNanos;
    private final long untilNanos;
    private final Clock clock;

    /** What time is counted in. */
    private enum Clock {
        NANOS,
        /** Of a model. */
        TICKS
    }

    /**
     * A process in the picture.
     *
     * @param label what stands before it
     * @param spans its states, in order of time
     * @param marks its instants
     * @param ending what stands behind it
     */
    public record Lane(Label label, List<Span> spans, List<Mark> marks, String ending) {
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

    /**
     * How full something was over time, drawn below the lanes; each cell shows the most that was seen in its slice.
     *
     * @param label what stands before it
     * @param capacity what fills a cell
     * @param samples in order of time
     */
    public record Level(String label, int capacity, List<Sample> samples) {
        /** Copies the list. */
        public Level {
            samples = List.copyOf(samples);
        }

        int most() {
            return samples.stream().mapToInt(Sample::depth).max().orElse(0);
        }
    }

    /** How full it was at one moment. */
    public record Sample(long nanos, int depth) {}

    private Lanes(List<Lane> lanes, List<Level> levels, long fromNanos, long untilNanos, Clock clock) {
        this.lanes = List.copyOf(lanes);
        this.levels = List.copyOf(levels);
        this.fromNanos = fromNanos;
        this.untilNanos = untilNanos;
        this.clock = clock;
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
        return from > until
                ? new Lanes(lanes, List.of(), 0, 0, Clock.NANOS)
                : new Lanes(lanes, List.of(), from, until, Clock.NANOS);
    }

    /** The picture of these lanes of a model, whose times are not nanoseconds but whole ticks. */
    public static Lanes ofTicks(List<Lane> lanes) {
        List<Lane> finer = new ArrayList<>();
        for (Lane lane : lanes) {
            finer.add(new Lane(
                    lane.label,
                    lane.spans.stream()
                            .map(span -> new Span(span.fromNanos * TICK, span.untilNanos * TICK, span.tint))
                            .toList(),
                    lane.marks.stream()
                            .map(mark -> new Mark(mark.nanos * TICK, mark.tint))
                            .toList(),
                    lane.ending));
        }
        Lanes inNanos = of(finer);
        return new Lanes(finer, List.of(), inNanos.fromNanos, inNanos.untilNanos, Clock.TICKS);
    }

    /** The same picture with one more level below the lanes. */
    public Lanes with(Level level) {
        List<Level> more = new ArrayList<>(levels);
        more.add(level);
        return new Lanes(lanes, more, fromNanos, untilNanos, clock);
    }

    @Override
    public List<String> draw(Paper paper) {
        List<Row> rows = new ArrayList<>();
        lanes.forEach(lane -> rows.add(new Row(lane.label.on(paper), cells -> strip(lane, cells, paper), lane.ending)));
        levels.forEach(level ->
                rows.add(new Row(level.label, cells -> strip(level, cells, paper), "at most " + level.most())));
        int labelCells = widest(rows.stream().map(Row::label).toList(), paper);
        int endingCells = widest(rows.stream().map(Row::ending).toList(), paper);
        int cells = Math.max(LEAST_CELLS, paper.columns() - 1 - labelCells - GAP - GAP - endingCells);
        String margin = " ".repeat(1 + labelCells + GAP);
        List<String> lines = new ArrayList<>();
        lines.add(margin + paper.ink(Ink.DIM, axis(cells)));
        for (Row row : rows) {
            lines.add((" " + DisplayWidth.padRight(paper.legible(row.label), labelCells) + " ".repeat(GAP)
                            + row.strip.apply(cells) + " ".repeat(GAP) + paper.legible(row.ending))
                    .stripTrailing());
        }
        lines.addAll(legend(paper, margin));
        return lines;
    }

    /** A line of the picture; the strip in the middle is drawn for a number of cells. */
    private record Row(String label, IntFunction<String> strip, String ending) {}

    private static int widest(List<String> texts, Paper paper) {
        return texts.stream()
                .mapToInt(text -> DisplayWidth.of(paper.legible(text)))
                .max()
                .orElse(0);
    }

    private String axis(int cells) {
        long span = untilNanos - fromNanos;
        String from = clock == Clock.NANOS ? "0 ms" : "0";
        String until = clock == Clock.NANOS ? Millis.text(span) : span / TICK + " ticks";
        return from + DisplayWidth.padLeft(until, cells - from.length());
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

    /** The cells of one level. A cell without a sample shows what the one before it does. */
    private String strip(Level level, int cells, Paper paper) {
        int[] deepest = new int[cells];
        Arrays.fill(deepest, -1);
        for (Sample sample : level.samples) {
            if (sample.nanos >= fromNanos && sample.nanos <= untilNanos) {
                int cell = cellOf(sample.nanos, cells);
                deepest[cell] = Math.max(deepest[cell], sample.depth);
            }
        }
        String signs = paper.pick(UNICODE_LEVELS, ASCII_LEVELS);
        StringBuilder strip = new StringBuilder();
        int depth = 0;
        for (int seen : deepest) {
            depth = seen < 0 ? depth : seen;
            int sign = (int) Math.ceil((double) depth * (signs.length() - 1) / Math.max(1, level.capacity));
            strip.append(signs.charAt(Math.min(sign, signs.length() - 1)));
        }
        return paper.ink(Ink.CYAN, strip.toString());
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
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int free = 0;
        for (Tint tint : seen) {
            int cells = GAP + 2 + DisplayWidth.of(tint.word());
            if (free < cells && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            free = line.isEmpty() ? paper.columns() - margin.length() + GAP - cells : free - cells;
            line.append(line.isEmpty() ? margin : " ".repeat(GAP)).append(tint.legend(paper));
        }
        lines.add(line.toString());
        return lines;
    }
}
