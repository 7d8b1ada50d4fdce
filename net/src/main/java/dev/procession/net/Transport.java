package dev.procession.net;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The stream of bytes under a connection. What blocks, blocks the calling thread or task alone. One reader and one writer at a
 * time; {@link #nudge} and {@link #close} from anywhere.
 */
interface Transport extends Closeable {
    /**
     * Reads what there is, and waits until there is something.
     *
     * @param target with room
     * @return the number of bytes; 0 if the wait was ended by {@link #nudge}; -1 at the end of the stream
     * @throws IOException if the connection is broken, or closed meanwhile
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Reads what there is.
     *
     * @param target with room
     * @return the number of bytes; 0 if there are none now; -1 at the end of the stream
     * @throws IOException if the connection is broken or closed
     */
    int tryRead(ByteBuffer target) throws IOException;

    /**
     * Writes some bytes, and waits until at least one could be written.
     *
     * @param source with bytes
     * @return the number of bytes
     * @throws IOException if the connection is broken, or closed meanwhile
     */
    int write(ByteBuffer source) throws IOException;

    /** Says to the peer that nothing more comes, behind what was written. */
    void shutdownOutput() throws IOException;

    /**
     * Ends a wait of {@link #read} that is under way. A transport that cannot do that otherwise ends the input for good; callers
     * make sure that this loses nothing.
     */
    void nudge();

    /** Closes it at once. Waits that are under way end by an exception. Does nothing the second time. */
    @Override
    void close();
}
