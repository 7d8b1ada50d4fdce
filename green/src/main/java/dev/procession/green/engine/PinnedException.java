package dev.procession.green.engine;

/** A coroutine cannot be suspended where it is. The message names the frame that holds it. */
public final class PinnedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PinnedException(String message) {
        super(message);
    }
}
