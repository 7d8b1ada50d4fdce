package dev.procession.process;

import org.jspecify.annotations.Nullable;

/**
 * The manager that holds an object is gone: it was closed, was killed, or never was where it is looked for. A call that
 * was under way when it went may have been carried out or not.
 */
public final class ManagerUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * For the classes of this module.
     *
     * @param message which manager, and why
     * @param cause what the system said, if it did
     */
    public ManagerUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
