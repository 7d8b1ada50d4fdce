package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A client's socket: it blocks the thread that reads or writes. The JDK lets a virtual thread, or a task of a loop, wait without its
 * carrier.
 */
final class BlockingTransport implements Transport {
    private final SocketChannel channel;

    BlockingTransport(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    /** It cannot be asked without waiting: so nothing is known to be here. */
    @Override
    public int tryRead(ByteBuffer target) {
        return 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Ends the input, which loses what the peer still sends: only servers nudge, and they have other transports. */
    @Override
    public void nudge() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
