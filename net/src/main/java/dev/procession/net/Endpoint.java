package dev.procession.net;

import dev.procession.process.ListeningSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where a server listens. */
sealed interface Endpoint {
    /** Clients that the system lets wait to be accepted. */
    int BACKLOG = 4096;

    /**
     * Begins to listen.
     *
     * @return the listening socket
     * @throws IOException if it cannot be had; the message says which
     */
    Listener open() throws IOException;

    /**
     * Begins to listen for worker processes.
     *
     * @return the listening socket, which they can be given
     * @throws IOException if it cannot be had; the message says which
     * @throws UnsupportedOperationException if worker processes cannot be given such a socket
     */
    SharedListener share() throws IOException;

    /** A port of this machine, or of one of its addresses. */
    record Tcp(InetSocketAddress address) implements Endpoint {
        @Override
        public Listener open() throws IOException {
            ensureResolved();
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(address, BACKLOG);
                return new Listener(channel, () -> {});
            } catch (SocketException e) {
                channel.close();
                throw named(e);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public SharedListener share() throws IOException {
            ensureResolved();
            try {
                return new SharedListener(ListeningSocket.bind(address, BACKLOG), () -> {});
            } catch (SocketException e) {
                throw named(e);
            }
        }

        private void ensureResolved() throws IOException {
            if (address.isUnresolved()) {
                throw new IOException("no such host: host=" + address.getHostString() + ", port=" + address.getPort());
            }
        }

        private SocketException named(SocketException cause) {
            String hint = String.valueOf(cause.getMessage()).contains("already in use")
                    ? ". Is another server running there? Stop it, or choose another port (0 takes a free one)."
                    : "";
            var named = new BindException("cannot listen on port=" + address.getPort() + ", host="
                    + address.getHostString() + ": " + cause.getMessage() + hint);
            named.initCause(cause);
            return named;
        }
    }

    /** A socket in the file system, for this user alone. */
    record Unix(Path path) implements Endpoint {
        @Override
        public Listener open() throws IOException {
            removeStale();
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                return new Listener(channel, removal());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public SharedListener share() throws IOException {
            removeStale();
            return new SharedListener(ListeningSocket.bind(UnixDomainSocketAddress.of(path), BACKLOG), removal());
        }

        /** Removes this socket and no other. */
        private Listener.Afterwards removal() throws IOException {
            Object identity = identity();
            return () -> {
                if (identity.equals(identity())) {
                    Files.deleteIfExists(path);
                }
            };
        }

        /** Tells this socket from one that another server put into its place. */
        private Object identity() throws IOException {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)
                    : "";
        }

        /** Removes what a dead server left, and nothing else. */
        private void removeStale() throws IOException {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            if (!isSocket()) {
                throw new IOException("cannot listen on path=" + path
                        + ": there is a file that is no socket. Remove it, or choose another path.");
            }
            try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                probe.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException nobodyListens) {
                Files.deleteIfExists(path);
                return;
            }
            throw new BindException("cannot listen on path=" + path
                    + ": another server is running there. Stop it, or choose another path.");
        }

        private boolean isSocket() throws IOException {
            int format = 0170000;
            int socket = 0140000;
            return ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & format) == socket;
        }
    }

    /** The listening socket that whoever started this process left at descriptor 0. It stays that process's. */
    record Inherited() implements Endpoint {
        @Override
        public Listener open() throws IOException {
            Channel inherited = System.inheritedChannel();
            if (inherited instanceof ServerSocketChannel channel) {
                return Listener.borrowed(channel);
            }
            throw new IOException("descriptor 0 is no listening socket: found="
                    + (inherited == null ? "nothing that is a socket" : inherited));
        }

        @Override
        public SharedListener share() {
            throw new UnsupportedOperationException(
                    "worker processes cannot be given a socket that this process inherited:"
                            + " choose another strategy, or a port or path to listen on");
        }
    }

    /** Where such a socket is reached from this machine. */
    static SocketAddress reachable(SocketAddress bound) {
        return bound instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), inet.getPort())
                : bound;
    }
}
