package dev.procession.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One message there and back, timed by the caller: how, and over a socket of the system as a peer. */
final class PingPong {
    static final String UNIX_SOCKET = "Unix-domain socket";

    /** What each side does before it sends: enough for the other to have gone to sleep. */
    private static final long WORK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final int MESSAGE_BYTES = 100;

    private PingPong() {}

    /** A message sent and its answer received. */
    @FunctionalInterface
    interface Trip {
        void make() throws Exception;
    }

    /** The median trip in the window, in microseconds. */
    static double medianMicros(Window window, Trip trip) throws Exception {
        return window.medianNanos(() -> {
                    long start = System.nanoTime();
                    trip.make();
                    return System.nanoTime() - start;
                })
                / 1e3;
    }

    /** Keeps this CPU busy for as long as the other side needs to fall asleep. */
    static void work() {
        long until = System.nanoTime() + WORK_NANOS;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    /** A median of trips in which either side worked before it sent, without that work. */
    static double withoutWork(double micros) {
        return micros - 2 * WORK_NANOS / 1e3;
    }

    /** Two processes that are asleep when their message comes, over a socket. */
    static Contender parkedUnixSocket() {
        return Contender.of(
                UNIX_SOCKET,
                effort -> SharedFolder.use(folder -> {
                    String path = folder.resolve("socket").toString();
                    return withoutWork(
                            Crew.play(effort, List.of(caller(path), echo(path))).getFirst());
                }));
    }

    private static Crew.Part echo(String path) {
        return gate -> {
            try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
                Window _ = gate.await();
                try (SocketChannel caller = server.accept()) {
                    var message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
                    while (receive(caller, message)) {
                        work();
                        send(caller, message);
                    }
                }
                return 0;
            }
        };
    }

    private static Crew.Part caller(String path) {
        return gate -> {
            Window window = gate.await();
            try (SocketChannel echo = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                var message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
                return medianMicros(window, () -> {
                    work();
                    send(echo, message);
                    if (!receive(echo, message)) {
                        throw new IOException("the echo hung up");
                    }
                });
            }
        };
    }

    private static void send(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    private static boolean receive(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                return false;
            }
        }
        return true;
    }
}
