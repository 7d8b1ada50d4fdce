package dev.procession.net;

import java.io.IOException;

/** The peer sent, or announced, a line or frame longer than allowed. The connection cannot be read any further. */
public final class FrameTooLongException extends IOException {
    private static final long serialVersionUID = 1;

    FrameTooLongException(long length, int maxBytes) {
        super("a line or frame of the peer is too long: bytes=" + length + " or more, maxBytes=" + maxBytes);
    }
}
