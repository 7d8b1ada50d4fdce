package dev.procession.core;

import java.io.Serializable;
import java.util.Objects;

/**
 * How far a task has come.
 *
 * @param done how many of its steps are done
 * @param total how many there are; zero or less if that is not known
 * @param text what it is at
 */
public record Progress(long done, long total, String text) implements Serializable {
    /** Refuses null. */
    public Progress {
        Objects.requireNonNull(text, "text");
    }
}
