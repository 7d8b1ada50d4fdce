package dev.procession.net;

/** What becomes of a client that comes while a server has all the connections it may have. */
public enum FullPolicy {
    /** It is not accepted until another has gone: it waits in the system's queue of the listening socket. */
    WAIT,
    /** Its connection is closed at once. */
    REJECT
}
