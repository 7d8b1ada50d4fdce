package dev.procession.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes on their way out. Writers wait here until the peer has taken enough: at most {@link #MOST_DEFERRED} bytes are held back,
 * and only while the reader has more to read without waiting. So the answers to requests that came together leave together.
 */
final class Outbound {
    private static final int MOST_DEFERRED = 16 << 10;
    private static final int SMALLEST = 256;

    /** One call to the system copies at most so much, so that progress is seen. */
    private static final int MOST_AT_ONCE = 64 << 10;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] deferred = new byte[SMALLEST];
    private volatile int deferredBytes;

    Outbound(Connection connection) {
        this.connection = connection;
    }

    /** When bytes that were written leave. */
    enum Leave {
        /** Before the call returns. */
        NOW,
        /** At the latest before the reader waits. */
        SOON
    }

    void write(byte[] bytes, int offset, int length, Leave when) throws IOException {
        lock.lock();
        try {
            if (deferredBytes + length > MOST_DEFERRED) {
                send(deferred, 0, deferredBytes);
                deferredBytes = 0;
            }
            if (deferredBytes == 0 && (when == Leave.NOW || length > MOST_DEFERRED)) {
                send(bytes, offset, length);
                return;
            }
            append(bytes, offset, length);
            if (when == Leave.NOW) {
                send(deferred, 0, deferredBytes);
                deferredBytes = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean holdsBack() {
        return deferredBytes != 0;
    }

    void flush() throws IOException {
        if (deferredBytes == 0) {
            return;
        }
        lock.lock();
        try {
            int length = deferredBytes;
            deferredBytes = 0;
            send(deferred, 0, length);
        } finally {
            lock.unlock();
        }
    }

    void shutdown(Transport transport) throws IOException {
        lock.lock();
        try {
            flush();
            transport.shutdownOutput();
        } finally {
            lock.unlock();
        }
    }

    private void append(byte[] bytes, int offset, int length) {
        int needed = deferredBytes + length;
        if (needed > deferred.length) {
            deferred =
                    java.util.Arrays.copyOf(deferred, Math.min(MOST_DEFERRED, Math.max(needed, deferred.length << 1)));
        }
        System.arraycopy(bytes, offset, deferred, deferredBytes, length);
        deferredBytes = needed;
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
        int end = offset + length;
        while (source.position() < end) {
            source.limit(Math.min(end, source.position() + MOST_AT_ONCE));
            connection.write(source);
        }
    }
}
