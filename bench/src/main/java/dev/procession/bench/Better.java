package dev.procession.bench;

/** Which way a figure should go. */
public enum Better {
    /** A rate: more is better. */
    HIGHER,
    /** A duration or a size: less is better. */
    LOWER;

    /** How many times better {@code ours} is than {@code theirs}: above 1 we win, whichever way the figure goes. */
    double ratio(double ours, double theirs) {
        return this == HIGHER ? ours / theirs : theirs / ours;
    }
}
