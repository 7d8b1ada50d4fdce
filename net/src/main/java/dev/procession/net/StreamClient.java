package dev.procession.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of a server of byte streams.
 *
 * <pre>{@code
 * try (var client = StreamClient.builder().port(8081).connect()) {
 *     String answer = client.callLine("hello");
 * }
 * }</pre>
 *
 * <p><b>Calls</b> send a line or a frame and wait for one; from any thread, one after the other. A call on a connection that was broken
 * before makes another connection first. A call under way while it breaks fails and is not repeated: the server may have done it.
 *
 * <p><b>Anything else</b> goes by the {@link #connection}, not at the same time as calls.
 *
 * <p>What waits blocks the calling thread or task alone; {@link #close}, from any thread, ends it. An interrupt closes the connection.
 */
public final class StreamClient implements AutoCloseable {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Builder how;
    private final Target target;

    /** Held by calls; {@link #close} does without. */
    private final ReentrantLock calls = new ReentrantLock();

    private volatile Connection connection;
    private volatile boolean closed;

    private StreamClient(Builder how, Target target) {
        this.how = how;
        this.target = target;
        connection = connectPatiently();
    }

    /**
     * Starts to describe a client.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The connection that is used now.
     *
     * @return the connection; another one after a {@link #reconnect}
     */
    public Connection connection() {
        return connection;
    }

    /**
     * Sends a line and waits for one.
     *
     * @param line without its end
     * @return the answer, without its end
     * @throws UncheckedIOException if the connection breaks or ends before the answer, or no other can be made
     */
    public String callLine(String line) {
        return call(open -> {
            open.writeLine(line);
            return open.readLine();
        });
    }

    /**
     * Sends a frame behind its length and waits for one, as {@link Connection#lengthPrefixed} reads them.
     *
     * @param frame what to send
     * @return the answer
     * @throws UncheckedIOException if the connection breaks or ends before the answer, or no other can be made
     */
    public byte[] callFrame(byte[] frame) {
        return call(open -> {
            open.writeLengthPrefixed(frame);
            return open.readLengthPrefixed();
        });
    }

    private <T> T call(Function<Connection, @Nullable T> exchange) {
        calls.lock();
        try {
            if (connection.isOver()) {
                reconnect();
            }
            Connection open = connection;
            T answer = exchange.apply(open);
            if (answer == null) {
                throw new UncheckedIOException(new IncompleteReadException(
                        "the server ended the connection before it answered: server=" + target));
            }
            return answer;
        } finally {
            calls.unlock();
        }
    }

    /**
     * Closes the connection and makes another, trying for as long as {@link Builder#retryFor} says.
     *
     * @throws UncheckedIOException if none can be made
     * @throws IllegalStateException if this client is closed
     */
    public void reconnect() {
        calls.lock();
        try {
            connection.close();
            Connection next = connectPatiently();
            connection = next;
            if (closed) {
                next.close();
            }
        } finally {
            calls.unlock();
        }
    }

    private Connection connectPatiently() {
        long startNanos = System.nanoTime();
        BackOff backOff = new BackOff(SHORTEST_PAUSE, LONGEST_PAUSE, how.connectTimeout.plus(LONGEST_PAUSE));
        while (true) {
            if (closed) {
                throw new IllegalStateException("the client is closed: server=" + target);
            }
            try {
                return open();
            } catch (IOException e) {
                if (System.nanoTime() - startNanos >= how.retryFor.toNanos()) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
                pause(backOff.failed(Duration.ZERO));
            }
        }
    }

    private Connection open() throws IOException {
        SocketChannel channel = target.connect(how.connectTimeout);
        Connection opened = new Connection(
                new BlockingTransport(channel), Limits.DEFAULT.withFrameMaxBytes(how.frameMaxBytes), target.toString());
        TransportLayer layer = how.tls == null ? how.layer : how.tls.clientLayer(how.host, Math.max(0, how.port));
        if (layer != null) {
            try {
                opened.secure(layer);
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        }
        return opened;
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted between two attempts to connect"));
        }
    }

    /** Closes the connection; calls that are under way fail. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        connection.close();
    }

    @Override
    public String toString() {
        return "client of " + target;
    }

    /** Describes a client. Each call returns this. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port = -1;
        private @Nullable Path path;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration retryFor = Duration.ZERO;
        private int frameMaxBytes = Limits.FRAME_MAX_BYTES;
        private @Nullable TransportLayer layer;
        private @Nullable Tls tls;

        private Builder() {}

        /**
         * Sets the server's host; 127.0.0.1 if this is not called.
         *
         * @param value a name or an address
         * @return this
         */
        public Builder host(String value) {
            host = Objects.requireNonNull(value, "host");
            return this;
        }

        /**
         * Sets the server's port.
         *
         * @param value from 1 to 65535
         * @return this
         */
        public Builder port(int value) {
            if (value <= 0 || value > 0xFFFF) {
                throw new IllegalArgumentException("a port to connect to is from 1 to 65535: port=" + value);
            }
            port = value;
            return this;
        }

        /**
         * Connects to a path of the file system in place of a port.
         *
         * @param value where the server listens
         * @return this
         */
        public Builder unix(Path value) {
            path = Objects.requireNonNull(value, "path");
            return this;
        }

        /**
         * Bounds one attempt to connect.
         *
         * @param time 10 s if this is not called; more than zero
         * @return this
         */
        public Builder connectTimeout(Duration time) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("must be more than zero: connectTimeout=" + time);
            }
            connectTimeout = time;
            return this;
        }

        /**
         * Tries again, ever more seldom up to every two seconds, when a connection cannot be made.
         *
         * @param time after this no other attempt is made; zero, as it is if this is not called, is for one attempt
         * @return this
         */
        public Builder retryFor(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("must not be negative: retryFor=" + time);
            }
            retryFor = time;
            return this;
        }

        /**
         * Bounds lines and frames of the server.
         *
         * @param bytes at least one; 1 MiB if this is not called
         * @return this
         */
        public Builder frameMaxBytes(int bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("must be at least one: frameMaxBytes=" + bytes);
            }
            frameMaxBytes = bytes;
            return this;
        }

        /**
         * Speaks TLS 1.3, and trusts a server that shows a certificate for its host.
         *
         * @param value whom to trust, and what to show if the server asks
         * @return this
         */
        public Builder tls(Tls value) {
            tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        /** Puts something on top of the plain transport; {@link #tls} would come in its place. */
        Builder layer(TransportLayer value) {
            layer = value;
            return this;
        }

        /**
         * Connects.
         *
         * @return a client that is connected
         * @throws UncheckedIOException if nobody answers
         * @throws IllegalStateException if neither port nor path was set
         */
        public StreamClient connect() {
            if (path != null) {
                return new StreamClient(this, new Target.Unix(path));
            }
            if (port < 0) {
                throw new IllegalStateException("a client needs to know where: call port(...) or unix(...)");
            }
            return new StreamClient(this, new Target.Tcp(host, port));
        }
    }
}
