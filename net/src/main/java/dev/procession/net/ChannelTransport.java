package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * The bytes of a socket that does not block. After so many bytes in one direction without a wait, the reader or writer waits once,
 * though the socket is ready: else a peer that sends, or takes, as fast as it can would have its thread to itself.
 */
final class ChannelTransport implements Transport {
    private static final int BYTES_PER_TURN = 256 << 10;

    private final SocketChannel channel;
    private final Waits waits;

    /** The reader's. */
    private int readBytesLeft = BYTES_PER_TURN;

    /** The writer's. */
    private int writeBytesLeft = BYTES_PER_TURN;

    ChannelTransport(SocketChannel channel, Waits waits) {
        this.channel = channel;
        this.waits = waits;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = tryRead(target);
        if (read == 0) {
            waits.await(SelectionKey.OP_READ);
            readBytesLeft = BYTES_PER_TURN;
            read = tryRead(target);
        }
        return read;
    }

    @Override
    public int tryRead(ByteBuffer target) throws IOException {
        if (readBytesLeft <= 0) {
            return 0;
        }
        int read = channel.read(target);
        readBytesLeft -= read;
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = writeBytesLeft <= 0 ? 0 : channel.write(source);
        while (written == 0) {
            waits.await(SelectionKey.OP_WRITE);
            writeBytesLeft = BYTES_PER_TURN;
            written = channel.write(source);
        }
        writeBytesLeft -= written;
        return written;
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void nudge() {
        waits.wake();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            waits.close();
        }
    }
}
