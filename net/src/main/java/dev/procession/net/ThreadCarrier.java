package dev.procession.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A platform thread per connection, which waits in a selector of its own. */
final class ThreadCarrier implements Carrier {
    private final String name;

    ThreadCarrier(String name) {
        this.name = name;
    }

    @Override
    public void startAcceptor(Runnable body) {
        Thread.ofPlatform().daemon().name(name + "-acceptor").start(body);
    }

    @Override
    public Waits acceptorWaits(ServerSocketChannel channel) throws IOException {
        return new SelectorWaits(channel, SelectionKey.OP_ACCEPT);
    }

    @Override
    public Transport transport(SocketChannel channel) throws IOException {
        return new ChannelTransport(channel, new SelectorWaits(channel, SelectionKey.OP_READ));
    }

    @Override
    public void start(long connection, Runnable body) {
        Thread.ofPlatform().daemon().name(name + "-connection-" + connection).start(body);
    }

    @Override
    public void close() {
        // Each thread ends by itself.
    }
}
