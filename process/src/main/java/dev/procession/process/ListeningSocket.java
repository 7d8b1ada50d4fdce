package dev.procession.process;

import dev.procession.shm.os.ListeningDescriptor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;

/**
 * A socket that listens in this JVM for others to accept from: any number of children may be given the same one. It is
 * how a pre-forking server shares its port.
 *
 * <pre>{@code
 * try (ListeningSocket listener = ListeningSocket.bind(new InetSocketAddress(8081), 128)) {
 *     ChildProcess.builder().stdin(listener).start(() -> {
 *         var server = (ServerSocketChannel) System.inheritedChannel();
 *         ...
 *     });
 * }
 * }</pre>
 *
 * <p>All of them have <i>one</i> queue of connections, which is the system's: what a child has not accepted when it dies
 * waits for the others. (With {@code SO_REUSEPORT} each has its own, and takes it to the grave.)
 *
 * <p>Two things to know in the child. Whether it is non-blocking is a property of the socket and so is shared by all of
 * them: accept either always with a selector or never. And closing the inherited channel sends the child's standard output and
 * error to nowhere, as the JDK does for services of inetd.
 *
 * <p>The socket is this JVM's until {@link #close}; it passes to no process but those it is given to. A child's own lives
 * as long as the child. Thread-safe.
 *
 * <p>Source: CPython passes a listening {@code socket.socket} to a {@code multiprocessing.Process}; inetd(8).
 */
public final class ListeningSocket implements AutoCloseable {
    private final ListeningDescriptor descriptor;
    private boolean closed;

    private ListeningSocket(ListeningDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Begins to listen. From then on clients can connect, and wait until a child accepts.
     *
     * @param address an {@link InetSocketAddress}, port 0 for any that is free, or a {@link UnixDomainSocketAddress} whose
     *     file does not exist; the file gets mode 0600 and is the caller's to delete
     * @param backlog how many connections may wait, at least 1; the system may bound it further
     * @return the socket
     * @throws BindException if the address is in use, or not for this process; the message names it
     * @throws IOException if the system refuses otherwise
     * @throws IllegalArgumentException if the backlog is less than 1
     * @throws UnsupportedOperationException if children cannot be given a socket here: not on Linux, or where the JDK makes
     *     the children ({@code -Dprocession.spawn=portable})
     */
    public static ListeningSocket bind(SocketAddress address, int backlog) throws IOException {
        Objects.requireNonNull(address, "address");
        if (backlog < 1) {
            throw new IllegalArgumentException("at least one connection must be able to wait: backlog=" + backlog);
        }
        ChildStart.ensureSocketsCanBeGiven();
        return new ListeningSocket(ListeningDescriptor.open(address, backlog));
    }

    /**
     * Where it listens.
     *
     * @return the address, with the port that the system chose where that was left to it; of a closed one too
     */
    public SocketAddress address() {
        return descriptor.address();
    }

    /**
     * Ends the listening, for all children that have the socket as well: whoever waits to be accepted is refused, and so
     * is whoever comes. Connections that were accepted go on. A second call does nothing.
     *
     * @throws IllegalStateException if closed
     */
    public synchronized void refuse() {
        ensureOpen();
        descriptor.refuse();
    }

    /** Makes a process while nobody closes the socket. */
    synchronized <T> T give(Giving<T> giving) throws IOException {
        ensureOpen();
        return giving.give(descriptor.descriptor());
    }

    /** What needs the descriptor. */
    interface Giving<T> {
        T give(int descriptor) throws IOException;
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("closed: listener=" + address());
        }
    }

    /** Gives this JVM's part back. Children that have the socket still accept from it. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        descriptor.close();
    }

    @Override
    public String toString() {
        return "ListeningSocket[address=" + address() + "]";
    }
}
