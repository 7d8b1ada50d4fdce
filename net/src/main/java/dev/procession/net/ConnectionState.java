package dev.procession.net;

/** What a connection is about. */
public enum ConnectionState {
    /** It is being made secure, and the handler has not been called. */
    HANDSHAKE,
    /** The handler waits for bytes from the peer. */
    READING,
    /** The handler does something else. */
    HANDLING,
    /** The handler waits for the peer to take bytes. */
    WRITING,
    /** The handler has ended; the peer is given time to read the rest. */
    CLOSING
}
