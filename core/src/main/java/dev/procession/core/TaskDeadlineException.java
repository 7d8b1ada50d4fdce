package dev.procession.core;

import org.jspecify.annotations.Nullable;

/**
 * A task ran longer than its {@linkplain TaskOptions#deadline() deadline}. The message says which task, how long, where;
 * the cause is what the task threw when it was asked to stop, or shows where it was stuck, as far as that is known.
 */
public final class TaskDeadlineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param message which task, its deadline, and what became of it
     * @param cause what the task threw, or where it was stuck
     */
    public TaskDeadlineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
