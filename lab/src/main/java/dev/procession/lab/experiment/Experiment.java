package dev.procession.lab.experiment;

import java.util.List;

/**
 * One example of the course, run for real.
 *
 * <p>Experiments have no state; each {@link #run} is independent of the others. Every wait inside is bounded.
 */
public interface Experiment {
    /** Its name on the command line, for example {@code ticket-lock}. */
    String id();

    /** What it shows, in one line. */
    String title();

    /** The section of the course it comes from, for example {@code 3.11}. */
    String section();

    /** What the reader may turn. */
    default List<Knob<?>> knobs() {
        return List.of();
    }

    /**
     * Runs it. Blocks until every child JVM it started is gone.
     *
     * @param knobs how the knobs are set
     * @param bench what it works on
     * @return what it came to; {@link Verdict#BROKEN} is told by an exception instead
     * @throws UsageException if the settings cannot be used; nothing was touched
     * @throws BrokenRunException if the run failed
     * @throws InterruptedException if interrupted while waiting; the children are ended first
     */
    Outcome run(Knobs knobs, Bench bench) throws InterruptedException;
}
