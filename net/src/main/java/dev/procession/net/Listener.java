package dev.procession.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

/** A listening socket, and what is to be tidied up with it. */
final class Listener {
    /** Tidies up. */
    @FunctionalInterface
    interface Afterwards {
        void run() throws IOException;
    }

    private final ServerSocketChannel channel;
    private final SocketAddress address;
    private final Afterwards afterwards;
    private final Afterwards close;

    Listener(ServerSocketChannel channel, Afterwards afterwards) throws IOException {
        this(channel, afterwards, channel::close);
    }

    private Listener(ServerSocketChannel channel, Afterwards afterwards, Afterwards close) throws IOException {
        this.channel = channel;
        this.afterwards = afterwards;
        this.close = close;
        address = channel.getLocalAddress();
    }

    /** One that is not closed: closing the JDK's inherited channel takes descriptors 1 and 2 away as well. */
    static Listener borrowed(ServerSocketChannel channel) throws IOException {
        return new Listener(channel, () -> {}, () -> {});
    }

    ServerSocketChannel channel() {
        return channel;
    }

    SocketAddress address() {
        return address;
    }

    /** Listens no more: clients that were not accepted are refused. Does nothing the second time. */
    void close() throws IOException {
        if (channel.isOpen()) {
            afterwards.run();
        }
        close.run();
    }
}
