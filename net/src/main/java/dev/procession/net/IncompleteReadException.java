package dev.procession.net;

import java.io.EOFException;

/** The stream ended in the middle of what was to be read. Python calls it {@code IncompleteReadError}. */
public final class IncompleteReadException extends EOFException {
    private static final long serialVersionUID = 1;

    private final byte[] partial;
    private final int expected;

    IncompleteReadException(String message) {
        super(message);
        partial = new byte[0];
        expected = -1;
    }

    IncompleteReadException(byte[] partial, int expected) {
        super("the stream ended in the middle: read=" + partial.length + " bytes, expected="
                + (expected < 0 ? "more, up to a delimiter" : String.valueOf(expected)));
        this.partial = partial;
        this.expected = expected;
    }

    /**
     * What there was.
     *
     * @return the bytes before the end
     */
    public byte[] partial() {
        return partial.clone();
    }

    /**
     * How many there should have been.
     *
     * @return the number of bytes; -1 if a delimiter was looked for
     */
    public int expected() {
        return expected;
    }
}
