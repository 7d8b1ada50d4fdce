package dev.procession.net;

import dev.procession.process.ListeningSocket;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A listening socket that worker processes accept from, and what is to be tidied up with it.
 *
 * @param socket the socket
 * @param afterwards removes its file, if it has one
 */
record SharedListener(ListeningSocket socket, Listener.Afterwards afterwards) {
    /** Clients that were not accepted are refused, as are those that come. */
    void refuse() {
        socket.refuse();
    }

    /** Listens no more. Does nothing the second time. */
    void close() {
        socket.close();
        try {
            afterwards.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
