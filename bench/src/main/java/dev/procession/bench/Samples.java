package dev.procession.bench;

import java.util.List;
import java.util.Locale;

/** The figures of one contender in one row, sorted. */
public record Samples(List<Double> sorted) {
    public Samples {
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        sorted = sorted.stream().sorted().toList();
    }

    double median() {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double min() {
        return sorted.getFirst();
    }

    double max() {
        return sorted.getLast();
    }

    @Override
    public String toString() {
        return "%s (%s..%s)".formatted(brief(median()), brief(min()), brief(max()));
    }

    /** Three significant digits, with k and M for the large ones. */
    static String brief(double figure) {
        if (figure >= 1e6) {
            return significant(figure / 1e6) + "M";
        }
        return figure >= 1e4 ? significant(figure / 1e3) + "k" : significant(figure);
    }

    private static String significant(double figure) {
        int decimals = figure >= 100 ? 0 : figure >= 10 ? 1 : figure >= 0.1 ? 2 : 4;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", figure);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }
}
