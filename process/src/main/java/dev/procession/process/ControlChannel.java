package dev.procession.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The line between a parent and one child: frames over a pair of pipes, or a Unix-domain socket.
 *
 * <pre>{@code
 *  child                                            parent
 *    | HELLO    magic, wire version, token, pid ----->|   anything else: closed, logged
 *    |<---- WELCOME    name, path, parent, ...        |
 *    |<---- TASK       the encoded action             |
 *    |  ... runs ...                                  |
 *    | CLASS_WANTED  a class's name ----------------->|   only if the task's classes are not on a class path;
 *    |<---- CLASS      its bytes, or none             |   any number of times
 *    | FAILED   what the action threw --------------->|   only if it threw
 *    |  end of file: the child's end, or the parent's |
 *
 *  0               4       5
 *  +---------------+-------+------------------+
 *  | length of the | kind  |  payload         |
 *  | payload       | byte  |                  |
 *  +---------------+-------+------------------+
 * }</pre>
 *
 * <p>One thread reads at a time; any thread writes. A channel whose peer died reads as end of file; a half frame is
 * the end of file too, since a frame is either whole or never happened.
 */
final class ControlChannel implements Closeable {
    /** Raised whenever a frame's meaning changes. */
    static final short WIRE_VERSION = 2;

    static final int MAGIC = 0x50524F43;

    private static final int HEADER_BYTES = 5;
    /** What a frame means. */
    enum Kind {
        HELLO('H'),
        WELCOME('W'),
        TASK('T'),
        CLASS_WANTED('C'),
        CLASS('B'),
        FAILED('F');

        private final byte code;

        Kind(char code) {
            this.code = (byte) code;
        }

        static Kind of(byte code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new ProtocolException("not a frame of ours: kind=" + code);
        }
    }

    /** A frame that came whole. */
    static final class Frame {
        private final Kind kind;
        private final byte[] payload;

        private Frame(Kind kind, byte[] payload) {
            this.kind = kind;
            this.payload = payload;
        }

        Kind kind() {
            return kind;
        }

        byte[] payload() {
            return payload;
        }

        DataInputStream open() {
            return new DataInputStream(new ByteArrayInputStream(payload));
        }
    }

    /** Writes the fields of a payload. */
    interface Fields {
        void write(DataOutputStream out) throws IOException;
    }

    private final InputStream in;
    private final OutputStream out;

    ControlChannel(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    static ControlChannel over(SocketChannel socket) {
        return new ControlChannel(Channels.newInputStream(socket), Channels.newOutputStream(socket));
    }

    static byte[] payloadOf(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        try {
            fields.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Sends one frame; blocks while the peer does not read. An interrupt is kept for later: a socket would be closed by
     * it, and with it goes the child.
     */
    synchronized void send(Kind kind, byte[] payload) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
            header.putInt(payload.length).put(kind.code);
            out.write(header.array());
            out.write(payload);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits for a frame.
     *
     * @return the frame, or null at end of file
     * @throws ProtocolException if the frame is not one of ours, or is longer than allowed
     * @throws IOException if the line broke
     */
    @Nullable
    Frame receive(int maxPayloadBytes) throws IOException {
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES) {
            return null;
        }
        int length = ByteBuffer.wrap(header).getInt();
        Kind kind = Kind.of(header[HEADER_BYTES - 1]);
        if (length < 0 || length > maxPayloadBytes) {
            throw new ProtocolException(
                    "not a frame of ours: kind=" + kind + ", lengthBytes=" + length + ", maxBytes=" + maxPayloadBytes);
        }
        byte[] payload = new byte[length];
        return in.readNBytes(payload, 0, length) == length ? new Frame(kind, payload) : null;
    }

    /** Waits for a frame of one kind; anything else is an error. */
    Frame expect(Kind kind, int maxPayloadBytes) throws IOException {
        Frame frame = receive(maxPayloadBytes);
        if (frame == null) {
            throw new EOFException("end of file instead of a frame: expected=" + kind);
        }
        if (frame.kind() != kind) {
            throw new ProtocolException("out of order: expected=" + kind + ", got=" + frame.kind());
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        try (in;
                out) {
            // Both are closed, whatever the first says.
        }
    }
}
