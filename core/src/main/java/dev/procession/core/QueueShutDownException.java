package dev.procession.core;

/**
 * The queue was shut down: it takes no more elements, and a taking call throws this once the last one is gone. Python
 * calls it {@code queue.ShutDown}.
 */
public final class QueueShutDownException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what was refused, of which queue
     */
    public QueueShutDownException(String message) {
        super(message);
    }
}
