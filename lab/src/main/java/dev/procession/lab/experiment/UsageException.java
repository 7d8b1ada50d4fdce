package dev.procession.lab.experiment;

/** The reader asked for something that cannot be: one clear line, exit code 64, nothing touched. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses what was asked.
     *
     * @param message what, where, what was expected, what to do: one line
     */
    public UsageException(String message) {
        super(message);
    }
}
