package dev.procession.lab.server;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** The client's end of a connection with a server of this machine. */
final class Conversation implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader replies;

    Conversation(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    void say(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Waits for a line of the server. */
    String next() throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new EOFException("the server ended the connection instead of an answer");
        }
        return line;
    }

    /** Waits until the connection ends, without a word from the server; tells how it ended. */
    String untilItEnds() throws IOException {
        try {
            String line = replies.readLine();
            if (line != null) {
                throw new IOException("the server said something instead of ending: " + line);
            }
            return "end of stream";
        } catch (SocketException reset) {
            return String.valueOf(reset.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
