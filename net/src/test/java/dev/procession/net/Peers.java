package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Several clients of a server, by the process that serves each. */
final class Peers implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<Peer> all = new ArrayList<>();

    /** Connects as often as it takes until so many processes have a connection, and stays with one or two of each. */
    static Peers untilServedBy(int processes, int port) throws IOException {
        Peers peers = new Peers();
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (peers.pids().size() < processes) {
            Peer peer = peers.add(port);
            if (peers.of(peer.askPid()).size() > 2) {
                peers.all.remove(peer);
                peer.close();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            assertThat(System.nanoTime() - deadlineNanos)
                    .as("time left; served so far by %s", peers.pids())
                    .isNegative();
        }
        return peers;
    }

    Peer add(int port) throws IOException {
        Peer peer = new Peer(port);
        all.add(peer);
        return peer;
    }

    List<Peer> all() {
        return List.copyOf(all);
    }

    List<Long> pidOfEach() {
        return all.stream().map(Peer::pid).toList();
    }

    /** Without doubles, in the order in which they were met. */
    List<Long> pids() {
        return pidOfEach().stream().distinct().toList();
    }

    List<Peer> of(long pid) {
        return all.stream().filter(peer -> peer.pid() == pid).toList();
    }

    List<Peer> ofOthersThan(long pid) {
        return all.stream().filter(peer -> peer.pid() != pid).toList();
    }

    @Override
    public void close() {
        all.forEach(Peer::close);
    }
}
