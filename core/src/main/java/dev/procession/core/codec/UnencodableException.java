package dev.procession.core.codec;

/** A value cannot travel to another JVM: it, or something it refers to, is not serializable. */
public final class UnencodableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * @param message what cannot travel, and the path of fields that leads to it
     * @param cause what the serializer said
     */
    public UnencodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
