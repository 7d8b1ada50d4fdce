package dev.procession.process.manager;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes in on a channel into messages.
 *
 * <p>Its memory grows with what has arrived, never with what a length promises. Used by one thread at a time.
 */
final class FrameReader {
    private static final int USUAL_BYTES = 16 << 10;

    /** What is asked of a channel at a time: the JDK keeps a native buffer of that size for each thread. */
    private static final int CHUNK_BYTES = 64 << 10;

    private static final int LENGTH_BYTES = 4;

    /** From its position to its limit: what has come and was not yet taken. */
    private ByteBuffer buffer = ByteBuffer.allocate(USUAL_BYTES).limit(0);

    /**
     * Takes in what there is, waiting for the first byte if the channel is a blocking one.
     *
     * @return how many bytes came; -1 at the end
     */
    int fill(ReadableByteChannel channel) throws IOException {
        makeRoom();
        int start = buffer.position();
        int end = buffer.limit();
        buffer.limit(Math.min(buffer.capacity(), end + CHUNK_BYTES)).position(end);
        int count = 0;
        try {
            count = channel.read(buffer);
            return count;
        } finally {
            buffer.position(start).limit(end + Math.max(0, count));
        }
    }

    private void makeRoom() {
        if (!buffer.hasRemaining()) {
            buffer = (buffer.capacity() > USUAL_BYTES ? ByteBuffer.allocate(USUAL_BYTES) : buffer.clear()).limit(0);
        } else if (buffer.limit() < buffer.capacity()) {
            return;
        } else if (buffer.position() > 0) {
            buffer.compact().flip();
        } else {
            long grown = Math.min(2L * buffer.capacity(), Integer.MAX_VALUE - 8L);
            buffer = ByteBuffer.allocate((int) grown).put(buffer).flip();
        }
    }

    /**
     * Takes the next message out.
     *
     * @param maxBytes how long it may be
     * @return the message; null if it has not come in whole
     * @throws ProtocolException if it is longer, or no message
     */
    @Nullable
    Message next(int maxBytes) throws ProtocolException {
        if (buffer.remaining() < LENGTH_BYTES) {
            return null;
        }
        int length = buffer.getInt(buffer.position());
        if (length <= 0 || length > maxBytes) {
            throw new ProtocolException("not a message of ours: lengthBytes=" + length + ", max=" + maxBytes);
        }
        if (buffer.remaining() - LENGTH_BYTES < length) {
            return null;
        }
        int start = buffer.position() + LENGTH_BYTES;
        Message message = Message.decode(buffer.slice(start, length));
        buffer.position(start + length);
        return message;
    }
}
