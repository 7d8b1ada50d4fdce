package dev.procession.core.codec;

/** Bytes from another JVM could not be turned back into a value. */
public final class UndecodableException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what could not be built, and why
     * @param cause what the deserializer said
     */
    public UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
