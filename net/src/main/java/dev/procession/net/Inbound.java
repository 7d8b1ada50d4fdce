package dev.procession.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that came in and were not taken yet. Used by one reader at a time.
 *
 * <p>The buffer is as large as what had to be in it at once: it starts small, so that a connection that waits costs little, doubles
 * while reads fill it, and is halved when they do not.
 */
final class Inbound {
    private static final int SMALLEST = 512;
    private static final int LARGEST_READ = 64 << 10;

    private final Connection connection;
    private byte[] buffer = new byte[SMALLEST];
    private ByteBuffer view = ByteBuffer.wrap(buffer);
    private int start;
    private int end;
    private boolean ended;
    private boolean lastReadFilled;

    Inbound(Connection connection) {
        this.connection = connection;
    }

    /** What is here already, or comes next, is the beginning of another line or frame. */
    void beginFrame() {
        connection.vitals().beginFrame();
    }

    int size() {
        return end - start;
    }

    byte at(int index) {
        return buffer[start + index];
    }

    /** Where a byte is, counted from the first that was not taken; -1 if it is not among the bytes from there on. */
    int indexOf(byte wanted, int from) {
        byte[] bytes = buffer;
        for (int i = start + from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i - start;
            }
        }
        return -1;
    }

    int indexOf(byte[] wanted, int from) {
        int first = indexOf(wanted[0], from);
        while (first >= 0 && first + wanted.length <= size()) {
            if (Arrays.equals(buffer, start + first, start + first + wanted.length, wanted, 0, wanted.length)) {
                return first;
            }
            first = indexOf(wanted[0], first + 1);
        }
        return -1;
    }

    /** Takes bytes out. */
    byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(buffer, start, start + length);
        skip(length);
        return taken;
    }

    /** Takes bytes out as text. */
    String takeText(int length) {
        String text = new String(buffer, start, length, java.nio.charset.StandardCharsets.UTF_8);
        skip(length);
        return text;
    }

    /** A window on what is there, until the next call. */
    ByteBuffer window() {
        return ByteBuffer.wrap(buffer, start, size());
    }

    void skip(int length) {
        start += length;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }

    /** Whether the stream has ended behind what is here. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Reads more; waits until there is some.
     *
     * @param inFrame whether what is here is the beginning of something that the peer is to complete
     * @return false at the end of the stream, also if the server wants nothing more from this peer
     */
    boolean fill(Boundary inFrame) throws IOException {
        if (ended) {
            return false;
        }
        makeRoom();
        view.limit(buffer.length).position(end);
        int read = connection.read(view, inFrame);
        if (read == Connection.NOTHING_MORE_WANTED) {
            return false;
        }
        if (read < 0) {
            ended = true;
            return false;
        }
        end += read;
        lastReadFilled = end == buffer.length;
        if (read < buffer.length >> 3 && size() == read && buffer.length > SMALLEST) {
            resize(Math.max(buffer.length >> 1, SMALLEST));
        }
        return true;
    }

    /** Where the stream stands when a reader waits. */
    enum Boundary {
        /** Nothing of the next line or frame is here. */
        BETWEEN_FRAMES,
        /** The peer owes the rest of a line or frame. */
        WITHIN_FRAME
    }

    private void makeRoom() {
        int room = buffer.length - end;
        if ((room == 0 && size() == buffer.length) || (lastReadFilled && buffer.length < LARGEST_READ)) {
            resize(buffer.length << 1);
        } else if (room < buffer.length >> 1 && start >= size()) {
            System.arraycopy(buffer, start, buffer, 0, size());
            end -= start;
            start = 0;
        } else if (room == 0) {
            resize(buffer.length);
        }
    }

    private void resize(int length) {
        byte[] resized = new byte[length];
        System.arraycopy(buffer, start, resized, 0, size());
        end -= start;
        start = 0;
        buffer = resized;
        view = ByteBuffer.wrap(buffer);
    }

    /** What is left when the reader has gone; null if nothing is. */
    byte @Nullable [] rest() {
        return size() == 0 ? null : take(size());
    }
}
