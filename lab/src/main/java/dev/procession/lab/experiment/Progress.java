package dev.procession.lab.experiment;

/** How far a long run is; drawn on a terminal only. Used by the experiment's own thread. */
public interface Progress extends AutoCloseable {
    /** One of the steps is done. */
    void step();

    /** Wipes it. */
    @Override
    void close();
}
