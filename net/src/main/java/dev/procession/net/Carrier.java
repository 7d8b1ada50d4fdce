package dev.procession.net;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What carries connections within this JVM: the part of a strategy that knows about threads. */
interface Carrier {
    /**
     * Runs what accepts connections.
     *
     * @param body calls {@link #acceptorWaits}, {@link #transport} and {@link #start}
     */
    void startAcceptor(Runnable body);

    /** How the acceptor waits for a channel that does not block. */
    Waits acceptorWaits(ServerSocketChannel channel) throws IOException;

    /**
     * Called by the acceptor before it accepts: gets all that a connection needs besides its own descriptor. A client that is not
     * accepted waits; one that is accepted and cannot be served is lost.
     *
     * @throws IOException if the system has no descriptor left
     */
    void prepare() throws IOException;

    /** Looks after a connection's bytes. The channel is the transport's from here on, also if this fails. */
    Transport transport(SocketChannel channel) throws IOException;

    /** Runs a connection from its beginning to its end. */
    void start(long connection, Runnable body);

    /** Gives back threads and selectors. Called when nothing runs on it any more, or what does cannot be ended. */
    void close();
}
