package dev.procession.core;

/**
 * A space has no room for what was to be made in it; nothing was made, and everything that was there before still works.
 *
 * <p>The message says how much was asked for, where, and what to do about it.
 */
public class SpaceFullException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message how much was asked for, where, and what to do
     */
    public SpaceFullException(String message) {
        super(message);
    }

    /**
     * Creates one.
     *
     * @param message how much was asked for, where, and what to do
     * @param cause the operating system's answer
     */
    public SpaceFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
