package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A server of byte streams: one handler, and one of five {@linkplain ServerStrategy strategies} to carry its connections.
 *
 * <pre>{@code
 * try (var server = StreamServer.builder().port(8081).strategy(ServerStrategy.GREEN).maxConnections(10_000)
 *         .handler(c -> c.lines().forEach(line -> c.writeLine(line.toUpperCase(Locale.ROOT)))).start()) {
 *     server.join();
 * }
 * }</pre>
 *
 * <p><b>Limits.</b> Without being told otherwise a server takes any number of connections and lets them wait for ever; a line or frame
 * is at most 1 MiB long. {@link Builder} sets the limits; what a connection is closed for is counted in {@link #statistics}.
 *
 * <p><b>Bytes are not lost at the end.</b> When a handler returns, the peer gets all that was written, then the end of the stream. It is
 * then given two seconds to say that it sends no more, since to close while it sends would make the system take back what it
 * has not read.
 *
 * <p><b>No descriptor left.</b> When the system can give no more, the server keeps on trying, ever more seldom up to once a second, with
 * one warning.
 *
 * <p><b>Reports</b> go to the {@link System.Logger} {@code dev.procession.net}: what a handler threw, once for each. What peers do
 * wrong is counted only.
 *
 * <p>For use by any thread, but not by handlers, which would wait for themselves.
 */
public final class StreamServer implements AutoCloseable {
    private static final AtomicLong SERVERS = new AtomicLong();

    private final Engine engine;
    private final SocketAddress address;
    private final Duration drainGrace;
    private final CountDownLatch ended = new CountDownLatch(1);

    private StreamServer(Engine engine, SocketAddress address, Duration drainGrace) {
        this.engine = engine;
        this.address = address;
        this.drainGrace = drainGrace;
    }

    /**
     * Starts to describe a server.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where it listens.
     *
     * @return an {@link InetSocketAddress}, or a {@link java.net.UnixDomainSocketAddress}
     */
    public SocketAddress address() {
        return address;
    }

    /**
     * The port on which it listens.
     *
     * @return its number
     * @throws IllegalStateException if it listens on a path
     */
    public int port() {
        if (address instanceof InetSocketAddress inet) {
            return inet.getPort();
        }
        throw new IllegalStateException("the server listens on no port: address=" + address);
    }

    /**
     * What it has done so far; also when it has ended.
     *
     * @return numbers at about this moment
     */
    public ServerStatistics statistics() {
        return engine.statistics();
    }

    /**
     * Its connections.
     *
     * @return those there are now, the oldest first
     */
    public List<ConnectionInfo> connections() {
        return engine.connections();
    }

    /**
     * Waits until the server has ended: by {@link #close}, {@link #drain}, or a signal. As long as somebody waits here, the first
     * SIGTERM or Ctrl-C drains the server for as long as its {@linkplain Builder#drainGrace grace}; the second ends this JVM at once.
     *
     * @throws InterruptedException if interrupted; the server goes on
     */
    public void join() throws InterruptedException {
        try (Termination _ = Termination.firstDoes(this::close)) {
            ended.await();
        }
    }

    /**
     * Ends the server without cutting what it is about: it refuses new clients, handlers that wait for the next line or frame come to the
     * end of their stream, and those that are at work are waited for. Whoever has not ended when the time is over is closed,
     * and interrupted.
     *
     * @param grace how long connections may go on
     * @return whether all ended by themselves
     * @throws InterruptedException if interrupted; the server ends at once then
     */
    public boolean drain(Duration grace) throws InterruptedException {
        try {
            return engine.drain(grace);
        } finally {
            ended.countDown();
        }
    }

    /** Ends the server at once: all connections are closed, and their handlers interrupted. Does nothing the second time. */
    public void closeNow() {
        try {
            engine.close();
        } finally {
            ended.countDown();
        }
    }

    /**
     * {@linkplain #drain Drains} the server for as long as its {@linkplain Builder#drainGrace grace}; at once if the current thread is
     * interrupted. Does nothing the second time.
     */
    @Override
    public void close() {
        try {
            drain(drainGrace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeNow();
        }
    }

    @Override
    public String toString() {
        return "server on " + address;
    }

    /** Describes a server. Each call returns this. */
    public static final class Builder {
        private String name = "server-" + SERVERS.incrementAndGet();
        private String host = "127.0.0.1";
        private int port;
        private @Nullable Endpoint endpoint;
        private ServerStrategy strategy = ServerStrategy.GREEN;
        private int workers = Runtime.getRuntime().availableProcessors();
        private Limits limits = Limits.DEFAULT;
        private Duration drainGrace = Duration.ofSeconds(5);
        private @Nullable Handler handler;
        private @Nullable TransportLayer layer;
        private @Nullable Tls tls;

        private Builder() {}

        /**
         * Names the server, its threads and its reports.
         *
         * @param value the name
         * @return this
         */
        public Builder name(String value) {
            name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets the address of this machine to listen at; 127.0.0.1 if this is not called.
         *
         * @param value a name or an address, {@code ::1} say; {@code 0.0.0.0} is all addresses of version 4, {@code ::} is all
         * @return this
         */
        public Builder host(String value) {
            host = Objects.requireNonNull(value, "host");
            endpoint = null;
            return this;
        }

        /**
         * Sets the port.
         *
         * @param value its number; 0 takes a free one, which {@link StreamServer#port()} tells
         * @return this
         */
        public Builder port(int value) {
            if (value < 0 || value > 0xFFFF) {
                throw new IllegalArgumentException("a port is from 0 to 65535: port=" + value);
            }
            port = value;
            endpoint = null;
            return this;
        }

        /**
         * Listens on a path of the file system in place of a port, for this user alone (mode 0600). What a dead server left there
         * is replaced; the path is removed at the end.
         *
         * @param path at most about 100 bytes
         * @return this
         */
        public Builder unix(Path path) {
            endpoint = new Endpoint.Unix(path);
            return this;
        }

        /**
         * Listens on the socket that whoever started this process left at descriptor 0, as inetd and systemd do.
         *
         * @return this
         */
        public Builder inherited() {
            endpoint = new Endpoint.Inherited();
            return this;
        }

        /**
         * Sets what carries connections; {@link ServerStrategy#GREEN} if this is not called.
         *
         * @param value the strategy
         * @return this
         */
        public Builder strategy(ServerStrategy value) {
            strategy = Objects.requireNonNull(value, "strategy");
            return this;
        }

        /**
         * Sets how many worker processes there are, for the strategies that have any; one for each processor if this is not called.
         *
         * @param count at least one
         * @return this
         */
        public Builder workers(int count) {
            workers = ensurePositive(count, "workers");
            return this;
        }

        /**
         * Bounds the connections there are at once. A client is taken in when there is room for it; what becomes of the others
         * {@link #whenFull} says.
         *
         * @param count at least one
         * @return this
         */
        public Builder maxConnections(int count) {
            limits = limits.withMaxConnections(ensurePositive(count, "maxConnections"));
            return this;
        }

        /**
         * Bounds the connections there are at once from one address; those beyond are closed at once.
         *
         * <p>Each worker process of {@link ServerStrategy#PROCESS} counts for itself; {@link ServerStrategy#PROCESS_PER_CONNECTION}
         * cannot.
         *
         * @param count at least one
         * @return this
         */
        public Builder maxConnectionsPerAddress(int count) {
            limits = limits.withPerAddress(ensurePositive(count, "maxConnectionsPerAddress"));
            return this;
        }

        /**
         * Says what becomes of clients while there are as many connections as there may be; they wait if this is not called.
         *
         * <p>{@link ServerStrategy#PROCESS_PER_CONNECTION} can only let them wait.
         *
         * @param policy what to do
         * @return this
         */
        public Builder whenFull(FullPolicy policy) {
            limits = limits.withWhenFull(Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * Closes a connection on which nothing came or went for so long, while the handler waits for the peer.
         *
         * @param time zero for no limit
         * @return this
         */
        public Builder idleTimeout(Duration time) {
            limits = limits.withIdle(ensureNotNegative(time, "idleTimeout"));
            return this;
        }

        /**
         * Closes a connection whose peer has begun a line or frame and not ended it for so long, while the handler waits for it:
         * however often bytes of it come.
         *
         * @param time zero for no limit
         * @return this
         */
        public Builder frameTimeout(Duration time) {
            limits = limits.withFrameTime(ensureNotNegative(time, "frameTimeout"));
            return this;
        }

        /**
         * Bounds lines and frames whose reader does not say how long they may be.
         *
         * @param bytes at least one; 1 MiB if this is not called
         * @return this
         */
        public Builder frameMaxBytes(int bytes) {
            limits = limits.withFrameMaxBytes(ensurePositive(bytes, "frameMaxBytes"));
            return this;
        }

        /**
         * Closes a connection of which the peer took no byte for so long, while the handler waits to write. The system takes bytes for
         * the peer as long as it has room, and room again only when the peer has taken a good part.
         *
         * @param time zero for no limit
         * @return this
         */
        public Builder writeTimeout(Duration time) {
            limits = limits.withWriteProgress(ensureNotNegative(time, "writeTimeout"));
            return this;
        }

        /**
         * Closes a connection that was not made secure for so long.
         *
         * @param time zero for no limit; 10 s if this is not called
         * @return this
         */
        public Builder handshakeTimeout(Duration time) {
            limits = limits.withHandshake(ensureNotNegative(time, "handshakeTimeout"));
            return this;
        }

        /**
         * Sets how long {@link StreamServer#close} lets connections go on that are in the middle of something.
         *
         * @param time 5 s if this is not called
         * @return this
         */
        public Builder drainGrace(Duration time) {
            drainGrace = ensureNotNegative(time, "drainGrace");
            return this;
        }

        /**
         * Sets what to do with each connection.
         *
         * @param value called once for each, in a thread or task of its own
         * @return this
         */
        public Builder handler(Handler value) {
            handler = Objects.requireNonNull(value, "handler");
            return this;
        }

        /** Puts something on top of the plain transport; {@link #tls} would come in its place. */
        Builder layer(TransportLayer value) {
            layer = value;
            return this;
        }

        /**
         * Speaks TLS 1.3. Its handshake is part of each connection, so one that stalls holds up no other.
         *
         * @param value the certificate to show, and whose clients to trust if they must show theirs
         * @return this
         */
        public Builder tls(Tls value) {
            tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        /**
         * Begins to listen and to serve.
         *
         * @return the server, which accepts clients already
         * @throws UncheckedIOException if it cannot listen there, a file of TLS is no good, or a worker process ended before it served;
         *     the message names the port, path, file or process
         * @throws UnsupportedOperationException if there can be no worker processes here, and the strategy needs some
         * @throws dev.procession.core.codec.UnencodableException if the strategy needs worker processes and the handler cannot travel
         * @throws IllegalArgumentException if the TLS has no certificate to show
         * @throws IllegalStateException if no handler was set
         */
        public StreamServer start() {
            if (handler == null) {
                throw new IllegalStateException("a server needs a handler: call handler(...) before start()");
            }
            Endpoint where = endpoint == null ? new Endpoint.Tcp(new InetSocketAddress(host, port)) : endpoint;
            try {
                Plan plan = new Plan(name, strategy, workers, limits, drainGrace, handler, layer());
                return switch (strategy) {
                    case THREAD, GREEN, LOOP -> startHere(plan, where);
                    case PROCESS, PROCESS_PER_CONNECTION -> startWorkers(plan, where);
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        private @Nullable TransportLayer layer() throws IOException {
            if (tls == null) {
                return layer;
            }
            tls.loadForServer();
            return tls.serverLayer();
        }

        private static StreamServer startHere(Plan plan, Endpoint where) throws IOException {
            Listener listener = where.open();
            try {
                Engine engine = new LocalEngine(plan, listener);
                engine.start();
                return new StreamServer(engine, listener.address(), plan.drainGrace());
            } catch (IOException | RuntimeException e) {
                listener.close();
                throw e;
            }
        }

        private static StreamServer startWorkers(Plan plan, Endpoint where) throws IOException {
            if (plan.strategy() == ServerStrategy.PROCESS_PER_CONNECTION
                    && (plan.limits().whenFull() == FullPolicy.REJECT
                            || plan.limits().perAddress() != Limits.DEFAULT.perAddress())) {
                throw new UnsupportedOperationException(
                        "PROCESS_PER_CONNECTION lets clients wait for a process and turns none away: leave out"
                                + " whenFull(REJECT) and maxConnectionsPerAddress, or choose PROCESS");
            }
            SharedListener listener = where.share();
            try {
                Engine engine = new ProcessEngine(plan, listener);
                engine.start();
                return new StreamServer(engine, listener.socket().address(), plan.drainGrace());
            } catch (IOException | RuntimeException e) {
                listener.close();
                throw e;
            }
        }

        private static int ensurePositive(int value, String what) {
            if (value <= 0) {
                throw new IllegalArgumentException("must be at least one: " + what + "=" + value);
            }
            return value;
        }

        private static Duration ensureNotNegative(Duration time, String what) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("must not be negative: " + what + "=" + time);
            }
            return time;
        }
    }
}
