package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.process.ManagerUnreachableException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a manager, used by all threads of this JVM, each with at most one call at a time.
 *
 * <p><b>Nobody but the callers reads.</b> Of those that wait for an answer one leads: it alone waits for the socket, and
 * gives each answer that comes to its caller. When the leader has its own it wakes another to lead. So a call costs no
 * hand-over between threads when there is one caller, and no thread exists when there is none.
 *
 * <pre>{@code
 *   caller A   send, lead: select, read ... [A's answer] -> wake B, return
 *   caller B   send, park ............................... lead: select, read ... [B's answer] -> return
 *   caller C   send, park ... [C's answer, read by A] -> return
 * }</pre>
 *
 * <p>What ends a wait: the answer; the end of the connection, which the leader sees and tells all. An interrupt does not end
 * it but is sent on to the manager, whose answer then says what came of it: either the call was cut short and did nothing, or
 * it was done and this is its result, which is not lost.
 *
 * <p>The channel does not block, for the JDK closes a blocking one under a thread that is interrupted. What it does not
 * take at once waits in the backlog; the leader sends it on. There is a leader as long as anybody waits.
 */
final class Connection {
    private static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_ANSWER_BYTES = Integer.MAX_VALUE - 12;
    private static final int CHUNK_BYTES = 64 << 10;

    private final String socket;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey readiness;

    private final AtomicLong ids = new AtomicLong();
    private final ConcurrentHashMap<Long, Waiting> waiting = new ConcurrentHashMap<>();

    /** Whether somebody leads. Who leads is the only one to select and to read. */
    private final AtomicBoolean led = new AtomicBoolean();

    private final FrameReader reader = new FrameReader();

    /** Held while sending. */
    private final ReentrantLock sending = new ReentrantLock();

    private final ArrayDeque<ByteBuffer> backlog = new ArrayDeque<>();

    /** Why it is of no more use; set before anybody is told. */
    private volatile @Nullable String broken;

    // set by the greeting
    private UUID manager = new UUID(0, 0);
    private Codec codec = Building.PLAIN;

    /** A call that has not been answered. */
    private static final class Waiting {
        final Thread thread = Thread.currentThread();

        volatile @Nullable Message answer;
        volatile boolean lost;

        boolean isOver() {
            return answer != null || lost;
        }
    }

    /**
     * What came of a call.
     *
     * @param message value or failure
     * @param interrupted whether the caller was interrupted, before or meanwhile; its flag is cleared
     */
    record Answer(Message message, boolean interrupted) {}

    private Connection(String socket, SocketChannel channel) throws IOException {
        this.socket = socket;
        this.channel = channel;
        this.selector = Selector.open();
        channel.configureBlocking(false);
        this.readiness = channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * Connects. An interrupt is kept for later.
     *
     * @throws ManagerUnreachableException if nobody answers there, or refuses
     */
    static Connection open(String socket, Key key) {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return connect(socket, key);
                } catch (ClosedByInterruptException _) {
                    interrupted = true;
                }
            }
        } catch (IOException e) {
            throw new ManagerUnreachableException(
                    "cannot reach a manager: socket=" + socket + ", reason=" + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Connection connect(String socket, Key key) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Connection connection = null;
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            connection = new Connection(socket, channel);
            connection.greet(key);
            return connection;
        } catch (IOException | RuntimeException | Error e) {
            if (connection != null) {
                connection.close("the greeting failed");
            }
            channel.close();
            throw e;
        }
    }

    private void greet(Key key) throws IOException {
        long deadline = System.nanoTime() + GREETING_NANOS;
        Message.Nonce ours = Message.Nonce.random();
        send(new Message.Hello(Message.WIRE_VERSION, ours));
        Message first = expect(deadline);
        if (!(first instanceof Message.Challenge challenge)) {
            throw refusal(first);
        }
        if (challenge.version() != Message.WIRE_VERSION) {
            throw new ProtocolException(
                    "another version: wireVersion=" + challenge.version() + ", expected=" + Message.WIRE_VERSION);
        }
        byte[] theirs = challenge.nonce().bytes();
        if (!key.isProof(challenge.proof().bytes(), Key.Side.MANAGER, ours.bytes(), theirs)) {
            throw new ProtocolException("who serves there has another key");
        }
        send(new Message.Proof(
                Message.Nonce.of(key.prove(Key.Side.CLIENT, ours.bytes(), theirs)),
                ProcessHandle.current().pid()));
        Message last = expect(deadline);
        if (!(last instanceof Message.Welcome welcome)) {
            throw refusal(last);
        }
        manager = challenge.manager();
        codec = Building.under(welcome.filter());
    }

    private static ProtocolException refusal(Message message) {
        return new ProtocolException(message instanceof Message.Refused refused ? refused.reason() : "out of order");
    }

    private Message expect(long deadline) throws IOException {
        while (true) {
            Message next = reader.next(Message.MAX_GREETING_BYTES);
            if (next != null) {
                return next;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException(
                        "it did not greet back within " + TimeUnit.NANOSECONDS.toSeconds(GREETING_NANOS) + " s");
            }
            selector.select(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            selector.selectedKeys().clear();
            if (reader.fill(channel) < 0) {
                throw new EOFException("it hung up");
            }
        }
    }

    UUID manager() {
        return manager;
    }

    Codec codec() {
        return codec;
    }

    boolean isBroken() {
        return broken != null;
    }

    /**
     * Makes a call and waits for its end.
     *
     * @throws ManagerUnreachableException if the connection ends first
     */
    Answer call(long object, Signature method, Encoded arguments) {
        boolean interrupted = method.interruptible() && Thread.interrupted();
        long id = ids.incrementAndGet();
        var call = new Message.Call(
                id,
                Thread.currentThread().threadId(),
                object,
                interrupted ? Message.Interrupt.PENDING : Message.Interrupt.NONE,
                method.text(),
                arguments);
        ByteBuffer frame = call.encode();
        var mine = new Waiting();
        waiting.put(id, mine);
        try {
            sendOrBreak(frame);
            interrupted |= await(id, mine, method.interruptible());
        } finally {
            waiting.remove(id);
            wakeALeader();
        }
        Message answer = mine.answer;
        if (answer == null) {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            throw new ManagerUnreachableException("the manager is gone: socket=" + socket + ", reason=" + broken, null);
        }
        return new Answer(answer, interrupted);
    }

    /** Waits, leading where nobody else does; tells whether this thread was interrupted. */
    private boolean await(long id, Waiting mine, boolean interruptible) {
        boolean interrupted = false;
        while (!mine.isOver()) {
            if (broken != null) {
                mine.lost = true; // it broke before it could know of this call
            } else if (Thread.interrupted()) {
                if (interruptible && !interrupted) {
                    sendOrBreak(new Message.Cancel(id).encode());
                }
                interrupted = true;
            } else if (led.compareAndSet(false, true)) {
                try {
                    lead(mine);
                } finally {
                    led.set(false);
                }
            } else {
                LockSupport.park(this);
            }
        }
        return interrupted;
    }

    private void lead(Waiting mine) {
        try {
            while (!mine.isOver() && !Thread.currentThread().isInterrupted()) {
                selector.select();
                selector.selectedKeys().clear();
                if (readiness.isWritable()) {
                    flush();
                }
                if (reader.fill(channel) < 0) {
                    close("it ended");
                }
                for (Message next = reader.next(MAX_ANSWER_BYTES); next != null; next = reader.next(MAX_ANSWER_BYTES)) {
                    deliver(next);
                }
            }
        } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
            close(Objects.requireNonNullElse(e.getMessage(), "closed"));
        }
    }

    private void deliver(Message message) throws ProtocolException {
        long id = switch (message) {
            case Message.Returned returned -> returned.id();
            case Message.Threw threw -> threw.id();
            default -> throw new ProtocolException("out of order");
        };
        Waiting caller = waiting.get(id);
        if (caller != null) {
            caller.answer = message;
            LockSupport.unpark(caller.thread);
        }
    }

    /** Called by who may have led, after it has stopped to. */
    private void wakeALeader() {
        for (Waiting each : waiting.values()) {
            if (!each.isOver()) {
                LockSupport.unpark(each.thread);
                return;
            }
        }
    }

    private void send(Message message) throws IOException {
        send(message.encode());
    }

    private void sendOrBreak(ByteBuffer frame) {
        try {
            send(frame);
        } catch (IOException | CancelledKeyException e) {
            close(Objects.requireNonNullElse(e.getMessage(), "closed"));
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        sending.lock();
        try {
            if (backlog.isEmpty()) {
                write(frame);
            }
            if (frame.hasRemaining()) {
                backlog.add(frame);
                readiness.interestOpsOr(SelectionKey.OP_WRITE);
                selector.wakeup();
            }
        } finally {
            sending.unlock();
        }
    }

    private void flush() throws IOException {
        sending.lock();
        try {
            for (ByteBuffer first = backlog.peek(); first != null; first = backlog.peek()) {
                write(first);
                if (first.hasRemaining()) {
                    return;
                }
                backlog.remove();
            }
            readiness.interestOpsAnd(~SelectionKey.OP_WRITE);
        } finally {
            sending.unlock();
        }
    }

    /** Writes what the channel takes, in pieces: the JDK keeps a native buffer as large as the largest for each thread. */
    private void write(ByteBuffer frame) throws IOException {
        int end = frame.limit();
        int written;
        do {
            frame.limit(Math.min(end, frame.position() + CHUNK_BYTES));
            written = channel.write(frame);
            frame.limit(end);
        } while (written > 0 && frame.hasRemaining());
    }

    /** Cuts it. Whoever waits is told; any number of times. */
    void close(String reason) {
        if (broken == null) {
            broken = reason;
        }
        try (channel;
                selector) {
            // Both are closed, whatever the first says.
        } catch (IOException _) {
            // Nothing more can be done with them.
        }
        waiting.values().forEach(each -> {
            each.lost = true;
            LockSupport.unpark(each.thread);
        });
    }
}
