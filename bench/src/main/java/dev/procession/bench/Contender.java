package dev.procession.bench;

import java.util.Optional;

/** Somebody who can do a row's work: ours, or a peer. */
public interface Contender {
    /** The name in the table, the same in every row it takes part in. */
    String name();

    /** Why it cannot run here and the line that installs it, or empty if it can. */
    default Optional<String> absence() {
        return Optional.empty();
    }

    /**
     * Does the work once.
     *
     * @param effort how much
     * @return the figure, in the row's unit
     * @throws Exception if the work failed; the row is then reported as failed, never left out
     */
    double measure(Effort effort) throws Exception;

    /** A contender that is a piece of Java in this project. */
    static Contender of(String name, Work work) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double measure(Effort effort) throws Exception {
                return work.measure(effort);
            }
        };
    }

    /** The measuring part of a contender, as a lambda. */
    @FunctionalInterface
    interface Work {
        double measure(Effort effort) throws Exception;
    }
}
