package dev.procession.core.codec;

import org.jspecify.annotations.Nullable;

/** A value cannot travel to another JVM: it, or something it refers to, is not serializable. */
public final class UnencodableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what cannot travel, and the path of fields that leads to it
     * @param cause what the serializer said, if it said something
     */
    public UnencodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
