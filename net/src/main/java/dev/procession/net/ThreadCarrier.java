package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A platform thread per connection, which waits in a selector of its own. */
final class ThreadCarrier implements Carrier {
    private final String name;

    /** For the next connection; the acceptor's. */
    private @Nullable Selector spare;

    ThreadCarrier(String name) {
        this.name = name;
    }

    @Override
    public void startAcceptor(Runnable body) {
        Thread.ofPlatform().daemon().name(name + "-acceptor").start(body);
    }

    @Override
    public Waits acceptorWaits(ServerSocketChannel channel) throws IOException {
        return new SelectorWaits(Selector.open(), channel, SelectionKey.OP_ACCEPT);
    }

    @Override
    public void prepare() throws IOException {
        if (spare == null) {
            spare = Selector.open();
        }
    }

    @Override
    public Transport transport(SocketChannel channel) throws IOException {
        Selector own = spare == null ? Selector.open() : spare;
        spare = null;
        return new ChannelTransport(channel, new SelectorWaits(own, channel, SelectionKey.OP_READ));
    }

    @Override
    public void start(long connection, Runnable body) {
        Thread.ofPlatform().daemon().name(name + "-connection-" + connection).start(body);
    }

    @Override
    public void close() {
        try {
            if (spare != null) {
                spare.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
