package dev.procession.process;

import org.jspecify.annotations.Nullable;

/**
 * A child ended otherwise than well. The message tells which child and how; the {@linkplain #getCause cause}, where there
 * is one, is the exception its action threw, with the stack of the child.
 */
public final class ChildFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** The exit code, as {@link ChildProcess#exitCode} tells it. */
    private final int exitCode;

    ChildFailedException(String message, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * How the child ended.
     *
     * @return its exit code; minus the signal's number if a signal ended it
     */
    public int exitCode() {
        return exitCode;
    }
}
