package dev.procession.green;

import java.util.concurrent.CancellationException;

/**
 * The current task was cancelled, or the scope it is in. Thrown by every call of this module that waits; blocking calls of
 * the JDK throw {@link InterruptedException} for the same. Let it pass.
 *
 * <p>A task that waits for another, and that other was cancelled, gets a plain {@link CancellationException} instead, so the
 * two can be told apart.
 */
public final class TaskCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    private final transient boolean byScope;

    private TaskCancelledException(String message, boolean byScope) {
        super(message);
        this.byScope = byScope;
    }

    /** One task was asked to end. */
    static TaskCancelledException ofTask(String message) {
        return new TaskCancelledException(message, false);
    }

    /** A scope was cancelled; it ends there. */
    static TaskCancelledException ofScope(String message) {
        return new TaskCancelledException(message, true);
    }

    boolean isByScope() {
        return byScope;
    }
}
