package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each outcome came up, one bar a value; the values beyond a limit are in the ink of a fault.
 *
 * <pre>{@code
 *  sold   5  ######                 2 runs
 *  sold   9  ###                    1 run
 * }</pre>
 */
public final class Histogram implements Picture {
    private static final int MOST_CELLS = 40;

    private final String what;
    private final SortedMap<Integer, Integer> runsByValue;
    private final int limit;

    private Histogram(String what, SortedMap<Integer, Integer> runsByValue, int limit) {
        this.what = what;
        this.runsByValue = runsByValue;
        this.limit = limit;
    }

    /**
     * The histogram of these values.
     *
     * @param what what is counted, before each value
     * @param values one a run
     * @param limit the greatest value that is right
     */
    public static Histogram of(String what, List<Integer> values, int limit) {
        SortedMap<Integer, Integer> runs = new TreeMap<>();
        values.forEach(value -> runs.merge(value, 1, Integer::sum));
        return new Histogram(what, runs, limit);
    }

    @Override
    public List<String> draw(Paper paper) {
        int most =
                runsByValue.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        int valueCells = runsByValue.isEmpty()
                ? 1
                : String.valueOf(runsByValue.lastKey()).length();
        int cells = Math.min(MOST_CELLS, paper.columns() - what.length() - valueCells - 16);
        List<String> lines = new ArrayList<>();
        runsByValue.forEach((value, runs) -> {
            String bar = paper.pick("█", "#").repeat(Math.max(1, runs * cells / most));
            lines.add(" " + what + " " + DisplayWidth.padLeft(String.valueOf(value), valueCells) + "  "
                    + paper.ink(value > limit ? Ink.RED : Ink.GREEN, bar)
                    + " ".repeat(Math.max(0, cells - bar.length()))
                    + "  " + (runs == 1 ? "1 run" : runs + " runs"));
        });
        return lines;
    }
}
