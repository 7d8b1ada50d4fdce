package dev.procession.green;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks of a loop wait until a channel can be read or written without waiting. The loop itself waits in a
 * {@link java.nio.channels.Selector}: no other thread is involved. Python's {@code loop.add_reader}, trio's {@code wait_readable}.
 *
 * <p>At most one task waits to read or accept, and one to write or connect. A wait may end early: whoever waited tries, and waits
 * again. It counts as work outside the loop, so a loop all of whose tasks wait for channels is not stuck.
 *
 * <p>The channel does not block and stays the caller's; close it first, then this.
 */
public final class Readiness implements AutoCloseable {
    private static final int READING = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int WRITING = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    private final EventLoop loop;
    private final SelectionKey key;

    // Touched on the loop alone.
    private @Nullable Task<?> reader;
    private @Nullable Task<?> writer;

    /**
     * What the selector looks for. An operation stays in it after a wait: as a rule the same is waited for again, and to change it
     * costs a system call. It goes when it comes true and nobody waits.
     */
    private int armed;

    private volatile boolean closed;

    private Readiness(EventLoop loop, SelectableChannel channel) throws IOException {
        this.loop = loop;
        key = loop.selector().register(channel, this);
    }

    /**
     * Begins to look after a channel; on the loop.
     *
     * @param channel a channel that does not block
     * @return its readiness
     * @throws IllegalStateException if the current thread is not on a loop
     * @throws IOException if the channel is closed, or the system has no descriptors left
     */
    public static Readiness of(SelectableChannel channel) throws IOException {
        return new Readiness(EventLoop.current("wait for a channel"), channel);
    }

    /**
     * Waits until the channel is ready, or {@link #wake} or {@link #close} is called.
     *
     * @param operation one of those of {@link SelectionKey}
     * @throws AsynchronousCloseException if this was closed
     * @throws TaskCancelledException if the task is cancelled
     * @throws IllegalStateException if the current thread is no task of the loop, or another task waits for the same
     */
    public void await(int operation) throws AsynchronousCloseException {
        Task<?> self = Task.current();
        if (self.loop != loop) {
            throw new IllegalStateException("the channel is looked after by another loop: " + loop);
        }
        self.checkpoint();
        boolean reads = (operation & READING) != 0;
        if ((reads ? reader : writer) != null) {
            throw new IllegalStateException("another task waits for the same: operation=" + operation);
        }
        arm(operation);
        if (reads) {
            reader = self;
        } else {
            writer = self;
        }
        loop.outsideWorkStarts();
        try {
            while ((reads ? reader : writer) == self) {
                self.suspend(this);
            }
        } finally {
            loop.outsideWorkEnded();
            if (reads && reader == self) {
                reader = null;
            } else if (!reads && writer == self) {
                writer = null;
            }
        }
        ensureOpen();
    }

    private void arm(int operation) throws AsynchronousCloseException {
        ensureOpen();
        if ((armed & operation) == 0) {
            try {
                key.interestOpsOr(operation);
            } catch (CancelledKeyException e) { // somebody closed the channel
                AsynchronousCloseException closing = new AsynchronousCloseException();
                closing.initCause(e);
                throw closing;
            }
            armed |= operation;
        }
    }

    private void ensureOpen() throws AsynchronousCloseException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
    }

    /** On the loop: the selector found it ready. */
    void fire(SelectionKey found) {
        try {
            int ready = found.readyOps();
            int unwanted = (reader == null ? ready & READING : 0) | (writer == null ? ready & WRITING : 0);
            if (unwanted != 0) {
                found.interestOpsAnd(~unwanted);
                armed &= ~unwanted;
            }
            if ((ready & READING) != 0) {
                wakeReader();
            }
            if ((ready & WRITING) != 0) {
                wakeWriter();
            }
        } catch (CancelledKeyException closedMeanwhile) {
            wakeBoth();
        }
    }

    private void wakeReader() {
        Task<?> task = reader;
        reader = null;
        if (task != null) {
            task.fiber().resume();
        }
    }

    private void wakeWriter() {
        Task<?> task = writer;
        writer = null;
        if (task != null) {
            task.fiber().resume();
        }
    }

    private void wakeBoth() {
        wakeReader();
        wakeWriter();
    }

    /** Ends waits that are under way; from any thread. */
    public void wake() {
        if (loop.isOnLoop()) {
            wakeBoth();
        } else {
            loop.callSoonThreadsafe(this::wakeBoth);
        }
    }

    /** Ends waits that are under way by an exception, and lets go of the channel; from any thread. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        key.cancel();
        wake();
    }

    @Override
    public String toString() {
        return "readiness of " + key.channel();
    }
}
