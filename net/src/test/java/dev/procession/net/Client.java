package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A client by the JDK's blocking sockets: what it knows of the protocol is bytes. Waits patiently, and not for ever. */
final class Client implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 5;

    private final Socket socket;

    Client(StreamServer server) throws IOException {
        this(InetAddress.getLoopbackAddress(), server.port());
    }

    Client(InetAddress address, int port) throws IOException {
        socket = new Socket(address, port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends while another thread of the test reads. */
    Thread sending(byte[] bytes) {
        return Thread.ofVirtual().start(() -> {
            try {
                send(bytes);
                sendEnd();
            } catch (IOException e) {
                close();
            }
        });
    }

    void sendEnd() throws IOException {
        socket.shutdownOutput();
    }

    byte[] receive(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        assertThat(bytes.length).as("bytes before the end of the stream").isEqualTo(length);
        return bytes;
    }

    String receiveText(String expected) throws IOException {
        return new String(receive(expected.getBytes(StandardCharsets.UTF_8).length), StandardCharsets.UTF_8);
    }

    String receiveLine() throws IOException {
        var line = new ByteArrayOutputStream();
        int next = socket.getInputStream().read();
        while (next != '\n') {
            assertThat(next)
                    .as("a line, not the end of the stream behind: " + line)
                    .isNotNegative();
            line.write(next);
            next = socket.getInputStream().read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    String ask(String line) throws IOException {
        send(line + "\n");
        return receiveLine();
    }

    /** All that comes until the server ends the stream. A reset fails the test. */
    byte[] receiveAll() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    void assertEnded() throws IOException {
        assertThat(receiveAll()).isEmpty();
    }

    /** The same for a peer that may be reset, since the server did not read all. */
    void assertGone() {
        try {
            receiveAll();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        } catch (IOException reset) {
            // as good as an end
        }
    }

    /** Leaves without a word: the server gets a reset. */
    void reset() throws IOException {
        socket.setSoLinger(/* on= */ true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until something is so. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos)
                    .as("nanoseconds past the deadline of: " + what)
                    .isNegative();
            Thread.sleep(POLL_MILLIS);
        }
    }
}
