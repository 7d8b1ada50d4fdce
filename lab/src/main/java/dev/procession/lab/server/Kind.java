package dev.procession.lab.server;

import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.net.ServerStrategy;
import dev.procession.net.StreamServer;
import java.io.UncheckedIOException;
import java.net.InetAddress;

/** The ways to serve that are compared. */
enum Kind {
    /** One client after the other: the course's first server. */
    SERIAL(ServerStrategy.THREAD),
    PROCESS(ServerStrategy.PROCESS_PER_CONNECTION),
    /** A few processes that are there before the clients are. */
    POOL(ServerStrategy.PROCESS),
    THREAD(ServerStrategy.THREAD),
    GREEN(ServerStrategy.GREEN),
    LOOP(ServerStrategy.LOOP);

    private final ServerStrategy strategy;

    Kind(ServerStrategy strategy) {
        this.strategy = strategy;
    }

    /** Starts a server on any free port of this machine that has room for so many at once. */
    StreamServer start(int clients) {
        return start(strategy, this == SERIAL ? 1 : clients);
    }

    static StreamServer start(ServerStrategy strategy, int connections) {
        StreamServer.Builder builder = StreamServer.builder()
                .host(InetAddress.getLoopbackAddress().getHostAddress())
                .port(0)
                .strategy(strategy)
                .maxConnections(connections)
                .handler(UpperCase::serve);
        if (strategy == ServerStrategy.PROCESS_PER_CONNECTION) {
            builder.workers(
                    connections); // all there before the first client is, so that none waits for the start of a JVM
        }
        try {
            return builder.start();
        } catch (UncheckedIOException e) {
            throw new BrokenRunException("cannot start a server: " + e.getMessage(), e);
        }
    }
}
