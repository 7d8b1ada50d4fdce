package dev.procession.lab.experiment;

/** What a run of an experiment came to. */
public enum Verdict {
    /** What the experiment claims was seen. */
    SHOWN("SHOWN", 0),
    /** The run went well, but what the experiment claims was not seen. */
    NOT_SHOWN("NOT SHOWN", 1),
    /** The run itself failed: a child died that should not have, a wait ran out, a folder could not be written. */
    BROKEN("BROKEN", 2);

    private final String words;
    private final int exitCode;

    Verdict(String words, int exitCode) {
        this.words = words;
        this.exitCode = exitCode;
    }

    /** The verdict as it is printed. */
    public String words() {
        return words;
    }

    /** The exit code of {@code lab run}. */
    public int exitCode() {
        return exitCode;
    }

    /** Shown if the claim holds. */
    public static Verdict of(boolean claimHolds) {
        return claimHolds ? SHOWN : NOT_SHOWN;
    }
}
