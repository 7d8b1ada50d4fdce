package dev.procession.net;

import java.io.IOException;

/** Lets one reader, one writer or one acceptor of a channel wait until the channel is ready. */
interface Waits {
    /**
     * Waits until the channel is ready for an operation. May return early; the caller tries and comes again. Whoever waits gives
     * others that are ready a turn, also if the channel is ready at once.
     *
     * @param operation of {@link java.nio.channels.SelectionKey}; 0 to wait for {@link #wake} alone
     * @throws IOException if the channel was closed, or the thread interrupted
     */
    void await(int operation) throws IOException;

    /** From any thread: ends the wait of the reader or acceptor that is under way, or its next one. */
    void wake();

    /** Called after the channel was closed: ends all waits, and lets go of the channel. Does nothing the second time. */
    void close();
}
