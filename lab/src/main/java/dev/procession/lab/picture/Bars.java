package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * One bar for each of a few values, from zero, to scale.
 *
 * <pre>{@code
 *  quantum 1  ####              1
 *  quantum 5  ################  5
 * }</pre>
 *
 * @param what stands before each label
 * @param bars the bars
 * @param ink their ink
 */
public record Bars(String what, List<Bar> bars, Ink ink) implements Picture {
    private static final int MOST_CELLS = 60;

    /** Copies the list. */
    public Bars {
        bars = List.copyOf(bars);
    }

    /**
     * One bar.
     *
     * @param label what stands before it
     * @param value how long it is; not negative
     * @param text what stands behind it
     */
    public record Bar(String label, double value, String text) {}

    @Override
    public List<String> draw(Paper paper) {
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        int labelCells =
                bars.stream().mapToInt(bar -> DisplayWidth.of(bar.label)).max().orElse(0);
        int textCells =
                bars.stream().mapToInt(bar -> DisplayWidth.of(bar.text)).max().orElse(0);
        int room = paper.columns() - what.length() - labelCells - textCells - 6;
        int cells = Math.max(1, Math.min(MOST_CELLS, room));
        List<String> lines = new ArrayList<>();
        for (Bar bar : bars) {
            int length = most == 0 ? 0 : (int) Math.round(cells * bar.value / most);
            lines.add(" " + what + " " + DisplayWidth.padLeft(bar.label, labelCells) + "  "
                    + paper.ink(ink, paper.pick("█", "#").repeat(length)) + " ".repeat(cells - length) + "  "
                    + DisplayWidth.padLeft(bar.text, textCells));
        }
        return lines;
    }
}
