package dev.procession.net;

import java.io.IOException;
import java.io.Serializable;

/** Puts one transport on top of another. */
interface TransportLayer extends Serializable {
    /**
     * Makes the upper transport, with whatever the two ends have to agree upon first. Called in the connection's own thread or
     * task, which may block; if it takes too long, the lower transport is closed meanwhile.
     *
     * @param lower bytes as they are on the wire
     * @return bytes as the handler sees them; closing it closes the lower one
     * @throws IOException if the two ends do not agree
     */
    Transport over(Transport lower) throws IOException;
}
