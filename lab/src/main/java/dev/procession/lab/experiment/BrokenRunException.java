package dev.procession.lab.experiment;

import org.jspecify.annotations.Nullable;

/** The run cannot go on: a child failed, a wait ran out. The verdict is {@link Verdict#BROKEN}. */
public final class BrokenRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Breaks the run off.
     *
     * @param reason one line that says who, what, after how long
     * @param cause what a child threw, with its stack in that child, or null
     */
    public BrokenRunException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** The reason, which is never null. */
    public String reason() {
        String message = getMessage();
        return message == null ? "no reason given" : message;
    }
}
