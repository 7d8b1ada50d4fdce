package dev.procession.lab.measure;

import java.util.List;

/**
 * Values that were measured, in ascending order. Immutable.
 *
 * @param values at least one
 */
public record Sample(List<Double> values) {
    /** Two-sided, 95 in 100. */
    private static final double Z = 1.96;

    /** Sorts a copy. */
    public Sample {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured: values=[]");
        }
        values = values.stream().sorted().toList();
    }

    /** The value in the middle, or the mean of the two there. */
    public double median() {
        int size = values.size();
        return size % 2 == 1 ? values.get(size / 2) : (values.get(size / 2 - 1) + values.get(size / 2)) / 2;
    }

    /**
     * The lower end of the interval that holds the true median 19 times in 20, whatever the distribution.
     *
     * <p>Source: W. J. Conover, <i>Practical Nonparametric Statistics</i>: the ranks n/2 -+ 1.96 sqrt(n)/2.
     */
    public double low() {
        double rank = Math.floor(values.size() / 2.0 - halfWidth());
        return values.get((int) Math.max(0, rank - 1));
    }

    /** Its upper end. */
    public double high() {
        double rank = Math.ceil(values.size() / 2.0 + halfWidth() + 1);
        return values.get((int) Math.min(values.size() - 1.0, rank - 1));
    }

    private double halfWidth() {
        return Z * Math.sqrt(values.size()) / 2;
    }
}
