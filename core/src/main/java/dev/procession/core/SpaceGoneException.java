package dev.procession.core;

/**
 * What a handle refers to is no longer there: the space has ended with its root process, or the primitive was closed.
 *
 * <p>Waiting or trying again does not help; the message says what was looked for and why it is gone.
 */
public class SpaceGoneException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message what was looked for, and why it is gone
     */
    public SpaceGoneException(String message) {
        super(message);
    }

    /**
     * Creates one.
     *
     * @param message what was looked for, and why it is gone
     * @param cause how that was noticed
     */
    public SpaceGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
