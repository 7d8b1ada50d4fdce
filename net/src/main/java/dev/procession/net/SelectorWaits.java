package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/** Waits on platform threads, each of which rests in a selector of the channel's own: none for the writer until it has to wait. */
final class SelectorWaits implements Waits {
    private final SelectableChannel channel;
    private final Selector reading;
    private @Nullable Selector writing;
    private boolean closed;

    /** Takes over the selector, also if this fails. */
    SelectorWaits(Selector reading, SelectableChannel channel, int operation) throws IOException {
        this.channel = channel;
        this.reading = reading;
        try {
            channel.register(reading, operation);
        } catch (IOException | RuntimeException e) {
            reading.close();
            throw e;
        }
    }

    @Override
    public void await(int operation) throws IOException {
        try {
            Selector selector = operation == SelectionKey.OP_WRITE ? writing() : reading;
            if (operation != 0) {
                selector.select(_ -> {});
            } else {
                awaitWake();
            }
        } catch (ClosedSelectorException e) {
            throw closing(e);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
        }
    }

    /** An acceptor's, for a while: what it does not want now would wake it over and over. */
    private void awaitWake() throws IOException {
        SelectionKey key = channel.keyFor(reading);
        if (key == null) {
            throw closing(null);
        }
        int wanted = key.interestOps();
        key.interestOps(0);
        try {
            reading.select(_ -> {});
        } finally {
            if (key.isValid()) {
                key.interestOps(wanted);
            }
        }
    }

    private static AsynchronousCloseException closing(@Nullable RuntimeException cause) {
        AsynchronousCloseException closing = new AsynchronousCloseException();
        if (cause != null) {
            closing.initCause(cause);
        }
        return closing;
    }

    private synchronized Selector writing() throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
        if (writing == null) {
            writing = Selector.open();
            channel.register(writing, SelectionKey.OP_WRITE);
        }
        return writing;
    }

    @Override
    public void wake() {
        reading.wakeup();
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            reading.close();
            if (writing != null) {
                writing.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
