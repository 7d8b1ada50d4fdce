package dev.procession.green;

/**
 * A greenlet cannot be switched to, or from, as asked: it belongs to another thread, or something on its stack holds it where
 * it is. Nothing has happened then. Python calls it {@code greenlet.error}.
 */
public class GreenletException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what was asked, and why it cannot be
     */
    public GreenletException(String message) {
        super(message);
    }

    GreenletException(String message, Throwable cause) {
        super(message, cause);
    }
}
