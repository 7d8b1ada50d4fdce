package dev.procession.core;

/**
 * A lease had ended before it was acted on: its time ran out, it was acknowledged or given back already, or its queue
 * was closed. The item may be in the hands of somebody else, who will do the work (again).
 */
public final class LeaseLostException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param message which lease, and how it ended if that is known
     */
    public LeaseLostException(String message) {
        super(message);
    }
}
