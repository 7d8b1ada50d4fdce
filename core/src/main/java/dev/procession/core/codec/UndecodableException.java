package dev.procession.core.codec;

import org.jspecify.annotations.Nullable;

/** Bytes from another JVM could not be turned back into a value. */
public final class UndecodableException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what could not be built, and why
     * @param cause what the deserializer said, if it said something
     */
    public UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
