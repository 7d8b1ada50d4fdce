package dev.procession.lab.experiment;

import java.util.List;

/**
 * Experiments that belong together, as {@code lab list} shows them. Immutable.
 *
 * @param title what they are about
 * @param experiments in the order of the course
 */
public record Chapter(String title, List<Experiment> experiments) {
    /** Copies the list. */
    public Chapter {
        experiments = List.copyOf(experiments);
    }
}
