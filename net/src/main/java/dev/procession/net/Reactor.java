package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for all channels, and wakes the threads that wait for each.
 *
 * <p>An operation is looked for once: when it comes true it is taken out, or the thread would find it over and over until the reader
 * has read. What is looked for is changed by whoever waits; this takes effect when the reactor waits next, so it is woken only if it
 * does so already.
 */
final class Reactor implements AutoCloseable {
    private final Selector selector;
    private final Thread thread;

    /** Whether the thread waits, or is about to: what is changed after that needs a wake-up to be seen. */
    private volatile boolean selecting;

    private volatile boolean closed;

    Reactor(String name) throws IOException {
        selector = Selector.open();
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Begins to look after a channel that does not block. */
    Waits waits(SocketChannel channel) throws IOException {
        var waits = new ParkedWaits(channel);
        waits.key = channel.register(selector, 0, waits);
        return waits;
    }

    private void run() {
        try {
            while (!closed) {
                selecting = true;
                selector.select(this::ready);
                selecting = false;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector of " + thread.getName() + " failed: " + e.getMessage(), e);
        } finally {
            shutDown();
        }
    }

    private void ready(SelectionKey key) {
        selecting = false; // whoever is woken from here on changes what the next wait looks for
        ParkedWaits waits = (ParkedWaits) key.attachment();
        try {
            int operations = key.readyOps();
            key.interestOpsAnd(~operations);
            waits.ready(operations);
        } catch (CancelledKeyException e) {
            waits.wake();
        }
    }

    private void shutDown() {
        closed = true;
        for (SelectionKey key : selector.keys()) {
            ((ParkedWaits) key.attachment()).end();
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void changed() {
        if (selecting) {
            selector.wakeup();
        }
    }

    /** Ends the waits of all channels that are left, and the thread. Returns when it has ended. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The waits of one channel: whoever waits is parked. */
    private final class ParkedWaits implements Waits {
        private final SocketChannel channel;
        private @Nullable SelectionKey key;
        private volatile @Nullable Thread reader;
        private volatile @Nullable Thread writer;
        private volatile boolean woken;
        private volatile boolean over;

        ParkedWaits(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void await(int operation) throws IOException {
            Thread self = Thread.currentThread();
            boolean reads = operation == SelectionKey.OP_READ;
            set(reads, self);
            try {
                if (!(reads && woken) && !over && !closed) {
                    lookFor(operation);
                    while ((reads ? reader : writer) == self && !self.isInterrupted()) {
                        LockSupport.park(this);
                    }
                }
            } finally {
                set(reads, null);
                if (reads) {
                    woken = false;
                }
            }
            if (self.isInterrupted()) {
                channel.close();
                close();
                throw new ClosedByInterruptException();
            }
            if (over || closed) {
                throw new AsynchronousCloseException();
            }
        }

        private void set(boolean reads, @Nullable Thread thread) {
            if (reads) {
                reader = thread;
            } else {
                writer = thread;
            }
        }

        private void lookFor(int operation) throws AsynchronousCloseException {
            try {
                if (key != null) {
                    key.interestOpsOr(operation);
                }
            } catch (CancelledKeyException e) {
                AsynchronousCloseException closing = new AsynchronousCloseException();
                closing.initCause(e);
                throw closing;
            }
            changed();
        }

        /** By the reactor's thread. */
        void ready(int operations) {
            if ((operations & SelectionKey.OP_READ) != 0) {
                wakeReader();
            }
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                wakeWriter();
            }
        }

        private void wakeReader() {
            Thread waiting = reader;
            if (waiting != null) {
                reader = null;
                LockSupport.unpark(waiting);
            }
        }

        private void wakeWriter() {
            Thread waiting = writer;
            if (waiting != null) {
                writer = null;
                LockSupport.unpark(waiting);
            }
        }

        @Override
        public void wake() {
            woken = true;
            wakeReader();
            wakeWriter();
        }

        void end() {
            over = true;
            wake();
        }

        @Override
        public void close() {
            end();
            selector.wakeup(); // the selector gives up the channel's descriptor
        }
    }
}
