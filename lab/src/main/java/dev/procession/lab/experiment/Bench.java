package dev.procession.lab.experiment;

import java.nio.file.Path;

/** What an experiment works on: a folder of its own and a way to tell how far it is. */
public interface Bench {
    /** A folder that is this run's alone; it is empty at the start and gone after the run. */
    Path folder();

    /**
     * Starts to tell how far the run is.
     *
     * @param what what is being done, in a word or two
     * @param steps how many steps it takes
     */
    Progress progress(String what, int steps);
}
