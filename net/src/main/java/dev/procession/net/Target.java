package dev.procession.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Where a client connects to. */
sealed interface Target {
    /**
     * Connects, once.
     *
     * @param timeout how long all addresses together may take
     * @throws IOException if nobody answers; the message says who was to
     */
    SocketChannel connect(Duration timeout) throws IOException;

    /** A port of a host, at the first of its addresses that answers. */
    record Tcp(String host, int port) implements Target {
        @Override
        public SocketChannel connect(Duration timeout) throws IOException {
            long endNanos = System.nanoTime() + timeout.toNanos();
            ConnectException refused = new ConnectException(
                    "no connection with host=" + host + ", port=" + port + ". Is the server running?");
            for (InetAddress address : addresses()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                try {
                    return Target.open(new InetSocketAddress(address, port), Math.max(1, millis));
                } catch (SocketTimeoutException e) {
                    refused = new ConnectException("no answer in time from host=" + host + ", port=" + port
                            + ", connectTimeout=" + timeout.toMillis() + " ms");
                    refused.addSuppressed(e);
                } catch (IOException e) {
                    refused.addSuppressed(e);
                }
            }
            throw refused;
        }

        private InetAddress[] addresses() throws IOException {
            try {
                return InetAddress.getAllByName(host);
            } catch (UnknownHostException e) {
                throw new IOException("no such host: host=" + host, e);
            }
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** A socket in the file system. */
    record Unix(Path path) implements Target {
        @Override
        public SocketChannel connect(Duration timeout) throws IOException {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw new IOException(
                        "no connection with path=" + path + ". Is the server running? " + e.getMessage(), e);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    private static SocketChannel open(SocketAddress address, long millis) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, Math.toIntExact(Math.min(millis, Integer.MAX_VALUE)));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
