package dev.procession.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A connection under TLS: the JDK's {@link SSLEngine} between the bytes of the user and those of the network, whatever
 * strategy moves these.
 *
 * <pre>{@code
 *   read  <--  plain  <-- unwrap <-- received <--  inner.read
 *   write -->            wrap    --> toSend   -->  inner.write
 * }</pre>
 *
 * <p>One thread may read while another writes. Fields of the reading side belong to who holds {@link #reading}, those of
 * the writing side to who holds {@link #writing}; reading may take the other as well, to answer what the protocol itself
 * asks (a change of keys, an alert), never the reverse. The engine has a lock of its own.
 *
 * <p><b>The end.</b> A peer that is done says so ({@code close_notify}): end of stream. Where the connection ends without
 * it, somebody may have cut it, and {@link #read} throws. The two directions end one by one, as in TCP.
 */
final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport inner;
    private final SSLEngine engine;

    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();

    /** What came and is not decrypted yet; between calls ready to be read from, as is {@link #plain}. */
    private ByteBuffer received;

    private ByteBuffer plain;

    /** Empty between calls. */
    private ByteBuffer toSend;

    private TlsTransport(Transport inner, SSLEngine engine) {
        this.inner = inner;
        this.engine = engine;
        this.received = empty(engine.getSession().getPacketBufferSize());
        this.plain = empty(engine.getSession().getApplicationBufferSize());
        this.toSend = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    }

    /**
     * Puts TLS on a connection and agrees with the peer on keys. Blocks for as long as the peer takes; closing the connection
     * ends that.
     *
     * @param inner the connection; closed with the new one
     * @param engine which side of it this is, and with what certificates
     * @throws SSLException if the two cannot agree, or the peer speaks something else
     * @throws IOException if the connection fails
     */
    static TlsTransport over(Transport inner, SSLEngine engine) throws IOException {
        var transport = new TlsTransport(inner, engine);
        transport.handshake();
        return transport;
    }

    private static ByteBuffer empty(int bytes) {
        return ByteBuffer.allocate(bytes).limit(0);
    }

    private void handshake() throws IOException {
        reading.lock();
        try {
            engine.beginHandshake();
            while (advance()) {
                // One message after the other.
            }
        } catch (SSLException e) {
            sayWhy(e);
            throw e;
        } finally {
            reading.unlock();
        }
    }

    /** Does what the handshake asks for next; false if it asks for nothing more. */
    private boolean advance() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> flushHandshake();
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                if (unwrap(Waiting.FOR_MORE) == Unwrapped.END) {
                    throw new SSLException("the peer closed in the middle of the handshake");
                }
            }
            case FINISHED, NOT_HANDSHAKING -> {
                return false;
            }
        }
        return true;
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return read(target, Waiting.FOR_MORE);
    }

    @Override
    public int tryRead(ByteBuffer target) throws IOException {
        return read(target, Waiting.NOT_AT_ALL);
    }

    private int read(ByteBuffer target, Waiting waiting) throws IOException {
        reading.lock();
        try {
            while (!plain.hasRemaining()) {
                if (engine.isInboundDone()) {
                    return -1;
                }
                switch (unwrap(waiting)) {
                    case RECORD -> answer();
                    case NOTHING -> {
                        return 0;
                    }
                    case END -> {
                        return -1;
                    }
                }
            }
            int count = Math.min(plain.remaining(), target.remaining());
            target.put(target.position(), plain, plain.position(), count);
            target.position(target.position() + count);
            plain.position(plain.position() + count);
            return count;
        } catch (SSLException e) {
            sayWhy(e);
            throw e;
        } finally {
            reading.unlock();
        }
    }

    /** After the handshake too the protocol has its own messages: new keys, tickets to come back with. */
    private void answer() throws IOException {
        for (HandshakeStatus asks = engine.getHandshakeStatus(); ; asks = engine.getHandshakeStatus()) {
            switch (asks) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (engine.isInboundDone()) {
                        return; // an answer to the peer's end, which is ours to give when we end
                    }
                    flushHandshake();
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** Whether to wait for bytes that are missing. */
    private enum Waiting {
        FOR_MORE,
        NOT_AT_ALL
    }

    /** What there was. */
    private enum Unwrapped {
        /** A whole record, of the user's bytes or of the protocol's own. */
        RECORD,
        /** None that is whole, and nothing came; or the wait for it was ended. */
        NOTHING,
        /** The peer has said that it is done. */
        END
    }

    /** Decrypts one record, receiving what is missing of it. */
    private Unwrapped unwrap(Waiting waiting) throws IOException {
        while (true) {
            plain.clear();
            SSLEngineResult result;
            try {
                result = engine.unwrap(received, plain);
            } finally {
                plain.flip();
            }
            switch (result.getStatus()) {
                case OK -> {
                    return Unwrapped.RECORD;
                }
                case CLOSED -> {
                    return Unwrapped.END;
                }
                case BUFFER_OVERFLOW -> plain = empty(engine.getSession().getApplicationBufferSize());
                case BUFFER_UNDERFLOW -> {
                    if (receive(waiting) == 0) {
                        return Unwrapped.NOTHING;
                    }
                }
            }
        }
    }

    private int receive(Waiting waiting) throws IOException {
        int packet = engine.getSession().getPacketBufferSize();
        if (received.capacity() < packet) {
            received = ByteBuffer.allocate(packet).put(received).flip();
        }
        received.compact();
        int count;
        try {
            count = waiting == Waiting.FOR_MORE ? inner.read(received) : inner.tryRead(received);
        } finally {
            received.flip();
        }
        if (count < 0) {
            throw new SSLException(
                    "the connection ended and the peer had not said that it was done (no close_notify): what"
                            + " came may be cut short");
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        writing.lock();
        try {
            int before = source.remaining();
            while (source.hasRemaining() && source.remaining() == before) {
                wrap(source);
            }
            return before - source.remaining();
        } finally {
            writing.unlock();
        }
    }

    private void flushHandshake() throws IOException {
        writing.lock();
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                wrap(NOTHING);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Encrypts one record and sends it. */
    private void wrap(ByteBuffer from) throws IOException {
        toSend.clear();
        SSLEngineResult result = engine.wrap(from, toSend);
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW ->
                toSend = ByteBuffer.allocate(
                        Math.max(2 * toSend.capacity(), engine.getSession().getPacketBufferSize()));
            case CLOSED -> {
                sendAll();
                if (from.hasRemaining()) {
                    throw new ClosedChannelException();
                }
            }
            case OK, BUFFER_UNDERFLOW -> sendAll();
        }
    }

    private void sendAll() throws IOException {
        toSend.flip();
        while (toSend.hasRemaining()) {
            int _ = inner.write(toSend);
        }
    }

    /** Tells the peer that nothing more comes; it may go on sending. */
    @Override
    public void shutdownOutput() throws IOException {
        writing.lock();
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone()) {
                wrap(NOTHING);
            }
        } finally {
            writing.unlock();
        }
        inner.shutdownOutput();
    }

    @Override
    public void nudge() {
        inner.nudge();
    }

    /** Without a word to the peer, which takes what came as cut short unless {@link #shutdownOutput} was called. */
    @Override
    public void close() {
        inner.close();
    }

    /** As far as it goes: the peer may be gone, or may never have spoken TLS. */
    private void sayWhy(SSLException reason) {
        writing.lock();
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone()) {
                wrap(NOTHING);
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        } finally {
            writing.unlock();
        }
    }
}
