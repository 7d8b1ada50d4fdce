package dev.procession.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A virtual thread for each connection, which waits at a {@link Reactor}.
 *
 * <p>The JDK lets a virtual thread that waits in a socket go on as soon as there is something, ahead of those that wait for a carrier
 * already. Beside four peers that flooded the server, twenty others then got nothing for seconds. What the reactor wakes goes
 * to the end of the line.
 */
final class GreenCarrier implements Carrier {
    private final String name;
    private final Reactor reactor;

    GreenCarrier(String name) throws IOException {
        this.name = name;
        reactor = new Reactor(name + "-reactor");
    }

    @Override
    public void startAcceptor(Runnable body) {
        Thread.ofPlatform().name(name + "-acceptor").daemon().start(body);
    }

    @Override
    public Waits acceptorWaits(ServerSocketChannel channel) throws IOException {
        return new SelectorWaits(Selector.open(), channel, SelectionKey.OP_ACCEPT);
    }

    @Override
    public void prepare() {
        // the selector is there
    }

    @Override
    public Transport transport(SocketChannel channel) throws IOException {
        return new ChannelTransport(channel, reactor.waits(channel));
    }

    @Override
    public void start(long connection, Runnable body) {
        Thread.ofVirtual().name(name + "-connection-" + connection).start(body);
    }

    @Override
    public void close() {
        reactor.close();
    }
}
