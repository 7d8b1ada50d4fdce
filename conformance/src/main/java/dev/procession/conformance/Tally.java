package dev.procession.conformance;

import java.io.Serializable;

/** Counts what tasks do, wherever these run. */
public interface Tally extends Serializable {
    /** Counts one. */
    void add();

    /**
     * How many were counted, by whatever process.
     *
     * @return their number
     */
    int count();
}
