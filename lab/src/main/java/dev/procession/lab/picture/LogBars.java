package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures that differ by powers of ten: one bar each on a logarithmic axis, as long as its median, with the confidence
 * interval of the median drawn across its end.
 *
 * <pre>{@code
 *             1 us        10 us       100 us      1 ms        10 ms       100 ms
 *  virtual    ##%                                                         1.5 us  1.4 to 1.7
 *  platform   #################%%                                         38 us   36 to 45
 * }</pre>
 *
 * @param unit what is measured
 * @param bars the bars
 */
public record LogBars(Unit unit, List<Bar> bars) implements Picture {
    private static final int GAP = 2;
    private static final int LEAST_CELLS = 16;

    /** Copies the list. */
    public LogBars {
        bars = List.copyOf(bars);
    }

    /** What is measured. */
    @SuppressWarnings("ImmutableEnumChecker") // List.copyOf and List.of are immutable without the checker knowing.
    public enum Unit {
        /** Values are nanoseconds. */
        TIME(1000, List.of(1, 10, 100), "ns", "us", "ms", "s"),
        /** Values are bytes. */
        MEMORY(1024, List.of(1, 32), "B", "KiB", "MiB", "GiB");

        private final double step;
        private final List<Integer> ticks;
        private final List<String> names;

        Unit(double step, List<Integer> ticks, String... names) {
            this.step = step;
            this.ticks = List.copyOf(ticks);
            this.names = List.of(names);
        }

        /** Round values, in order, as far as there are names for them. */
        List<Double> ticks() {
            List<Double> all = new ArrayList<>();
            for (double unit = 1; all.size() < names.size() * ticks.size(); unit *= step) {
                for (int tick : ticks) {
                    all.add(unit * tick);
                }
            }
            return all;
        }

        /** The value with two or three digits that count, and its unit. */
        public String text(double value) {
            int unit = 0;
            double rest = value;
            while (rest >= step && unit < names.size() - 1) {
                rest /= step;
                unit++;
            }
            String number = rest < 10 && rest != Math.rint(rest)
                    ? String.format(Locale.ROOT, "%.1f", rest)
                    : String.valueOf(Math.round(rest));
            return number + " " + names.get(unit);
        }
    }

    /**
     * One bar.
     *
     * @param label what stands before it
     * @param median how long it is; positive
     * @param low lower end of the interval
     * @param high its upper end
     */
    public record Bar(String label, double median, double low, double high) {}

    @Override
    public List<String> draw(Paper paper) {
        int labelCells =
                bars.stream().mapToInt(bar -> DisplayWidth.of(bar.label)).max().orElse(0);
        int endingCells =
                bars.stream().mapToInt(bar -> ending(bar).length()).max().orElse(0);
        int cells = Math.max(LEAST_CELLS, paper.columns() - 1 - labelCells - GAP - GAP - endingCells);
        // A decade below the least value, so that its bar has a length too.
        double from = Math.floor(Math.log10(bars.stream()
                        .mapToDouble(bar -> Math.max(1, bar.low))
                        .min()
                        .orElse(1)))
                - 0.3;
        double until = Math.log10(bars.stream().mapToDouble(Bar::high).max().orElse(10));
        double decades = Math.max(1, until - from);
        List<String> lines = new ArrayList<>();
        lines.add((" ".repeat(1 + labelCells + GAP) + paper.ink(Ink.DIM, axis(from, decades, cells))).stripTrailing());
        for (Bar bar : bars) {
            int end = cellOf(bar.median, from, decades, cells);
            int low = cellOf(bar.low, from, decades, cells);
            int high = Math.max(cellOf(bar.high, from, decades, cells), low + 1);
            String solid = paper.pick("█", "#").repeat(Math.min(low, end));
            String interval = paper.pick("▒", "%").repeat(high - low);
            lines.add((" " + DisplayWidth.padRight(bar.label, labelCells) + " ".repeat(GAP)
                            + paper.ink(Ink.GREEN, solid)
                            + paper.ink(Ink.YELLOW, interval)
                            + " ".repeat(Math.max(0, cells - low - (high - low)) + GAP)
                            + ending(bar))
                    .stripTrailing());
        }
        lines.add(" ".repeat(1 + labelCells + GAP) + paper.ink(Ink.YELLOW, paper.pick("▒", "%"))
                + " where the median is, 19 times in 20");
        return lines;
    }

    private String ending(Bar bar) {
        return unit.text(bar.median) + " (" + unit.text(bar.low) + " to " + unit.text(bar.high) + ")";
    }

    private static int cellOf(double value, double from, double decades, int cells) {
        double at = (Math.log10(Math.max(1, value)) - from) / decades;
        return Math.clamp(Math.round(at * cells), 1, cells);
    }

    private String axis(double from, double decades, int cells) {
        StringBuilder axis = new StringBuilder();
        for (double tick : unit.ticks()) {
            double decade = Math.log10(tick);
            int at = cellOf(tick, from, decades, cells) - 1;
            if (decade >= from && decade <= from + decades && at >= axis.length() + (axis.isEmpty() ? 0 : GAP)) {
                axis.append(" ".repeat(at - axis.length())).append(unit.text(tick));
            }
        }
        return axis.toString();
    }
}
