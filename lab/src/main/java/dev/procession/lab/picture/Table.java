package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under heads, columns aligned; a column whose every cell is a number is aligned to the right.
 *
 * @param heads the words on top, or an empty list for a table without
 * @param rows each as long as the heads
 */
public record Table(List<String> heads, List<List<String>> rows) implements Picture {
    private static final int GAP = 2;

    /** Copies the lists. */
    public Table {
        heads = List.copyOf(heads);
        rows = rows.stream().map(List::copyOf).toList();
    }

    @Override
    public List<String> draw(Paper paper) {
        int columns = heads.isEmpty() ? (rows.isEmpty() ? 0 : rows.getFirst().size()) : heads.size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int here = column;
            List<String> cells =
                    rows.stream().map(row -> paper.legible(row.get(here))).toList();
            String head = heads.isEmpty() ? "" : heads.get(column);
            widths[column] = Math.max(
                    DisplayWidth.of(head),
                    cells.stream().mapToInt(DisplayWidth::of).max().orElse(0));
            numeric[column] = cells.stream().allMatch(cell -> cell.matches("-?[0-9][0-9., ]*"));
        }
        List<String> lines = new ArrayList<>();
        if (!heads.isEmpty()) {
            lines.add(paper.ink(Ink.DIM, line(heads, widths, numeric)));
        }
        for (List<String> row : rows) {
            lines.add(line(row.stream().map(paper::legible).toList(), widths, numeric));
        }
        return lines;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder(" ");
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(
                    numeric[column]
                            ? DisplayWidth.padLeft(cell, widths[column])
                            : DisplayWidth.padRight(cell, widths[column]));
            line.append(" ".repeat(GAP));
        }
        return line.toString().stripTrailing();
    }
}
