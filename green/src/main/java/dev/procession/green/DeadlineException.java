package dev.procession.green;

/** The time of a {@link Deadline} is over. */
public final class DeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Deadline deadline;

    DeadlineException(Deadline deadline) {
        super("the time is over: " + deadline);
        this.deadline = deadline;
    }

    /**
     * Whose time is over.
     *
     * @return the deadline
     */
    public Deadline deadline() {
        return deadline;
    }
}
