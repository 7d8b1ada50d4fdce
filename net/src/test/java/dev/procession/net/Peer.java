package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client by the JDK's own sockets, which has patience for a slow machine and no more. */
final class Peer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader replies;
    private long pid;

    Peer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void say(String line) {
        try {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String hear() {
        try {
            String line = replies.readLine();
            assertThat(line).as("a line, not the end of the connection").isNotNull();
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks which process serves it, and remembers. */
    long askPid() {
        say("pid");
        pid = Long.parseLong(hear());
        return pid;
    }

    /** What it heard when it asked last. */
    long pid() {
        return pid;
    }

    /** Waits for the end of the connection, by a reset or otherwise. */
    void assertCutOff() {
        try {
            assertThat(replies.readLine()).isNull();
        } catch (SocketException reset) {
            // Its process was killed with bytes unread.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
