package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream of bytes, with lines, frames and text in it.
 *
 * <p><b>Reading.</b> As a stream ({@link #lines()}, {@link #lengthPrefixed}, {@link #delimited}, {@link #chunks}, {@link #text}), which
 * ends when the peer sends no more, or when the server is draining and nothing has been begun; or call by call ({@link #readLine},
 * {@link #readExactly}, {@link #readUntil}, {@link #read}). One reader at a time. Bytes that came together are taken one by one.
 *
 * <p><b>Writing.</b> From any thread or task; calls do not mix their bytes. A write waits until the peer has taken enough: nothing
 * piles up. While the reader still has bytes to take without waiting, up to 16 KiB are held back so that answers leave together;
 * they leave at the latest when the reader waits, and with {@link #flush}.
 *
 * <p><b>Waiting</b> blocks the calling thread or task alone. It ends by the peer, by a limit of the server, which makes it throw, and by
 * {@link #close}. Limits of time count only while the handler waits for the peer. An interrupt closes the connection of a platform
 * thread, as it does in the JDK.
 *
 * <p><b>Failures</b> are {@link UncheckedIOException}s, so that lambdas may read and write: their cause is a
 * {@link ConnectionCutException}, {@link FrameTooLongException}, {@link IncompleteReadException} or what the system says.
 *
 * <p>Text is UTF-8; what is none is replaced by U+FFFD. A character is never broken by the way its bytes arrive.
 */
public final class Connection implements AutoCloseable {
    private static final int FORGOTTEN_AT_ONCE = 8 << 10;

    /** In place of a number of bytes: the server is draining, and nothing was begun. */
    static final int NOTHING_MORE_WANTED = -2;

    private volatile Transport transport;
    private final Limits limits;
    private final String remoteAddress;
    private final Inbound in;
    private final Framing framing;
    private final Outbound out;
    private final Vitals vitals = new Vitals();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>(2);
    private volatile boolean draining;
    private volatile boolean closed;
    private volatile @Nullable CutReason cut;

    /** What the transport threw first. */
    private volatile @Nullable IOException failure;

    Connection(Transport transport, Limits limits, String remoteAddress) {
        this.transport = transport;
        this.limits = limits;
        this.remoteAddress = remoteAddress;
        in = new Inbound(this);
        framing = new Framing(in);
        out = new Outbound(this);
    }

    /**
     * The lines that come, without their ends ({@code \n} or {@code \r\n}), as long as the server allows. A last one without an end
     * counts.
     *
     * @return the lines, to be consumed once
     */
    public Stream<String> lines() {
        return lines(limits.frameMaxBytes());
    }

    /**
     * The lines that come, without their ends.
     *
     * @param maxBytes how long one may be, in bytes; a longer one ends the connection
     * @return the lines, to be consumed once
     */
    public Stream<String> lines(int maxBytes) {
        ensurePositive(maxBytes);
        return stream(() -> framing.line(maxBytes));
    }

    /**
     * Frames that come behind their length, four bytes with the big end first.
     *
     * @param maxBytes how long one may be, without the four; one announced as longer ends the connection
     * @return the frames, to be consumed once
     */
    public Stream<byte[]> lengthPrefixed(int maxBytes) {
        ensurePositive(maxBytes);
        return stream(() -> framing.lengthPrefixed(maxBytes));
    }

    /**
     * Frames that end with a delimiter, without it. A last one without it counts if it is not empty.
     *
     * @param delimiter one byte or more
     * @param maxBytes how long one may be, in bytes; a longer one ends the connection
     * @return the frames, to be consumed once
     */
    public Stream<byte[]> delimited(byte[] delimiter, int maxBytes) {
        ensurePositive(maxBytes);
        byte[] end = ensureDelimiter(delimiter);
        return stream(() -> framing.delimited(end, maxBytes));
    }

    /**
     * The bytes as they come, in pieces that mean nothing.
     *
     * @return pieces of at least one byte and at most 64 KiB, to be consumed once
     */
    public Stream<byte[]> chunks() {
        return stream(() -> framing.some(64 << 10));
    }

    /**
     * The characters as they come, in pieces that mean nothing; line ends are kept.
     *
     * @return pieces of whole characters, to be consumed once
     */
    public Stream<String> text() {
        return stream(framing::text);
    }

    /**
     * Reads a line.
     *
     * @return the line without its end; null at the end of the stream
     */
    public @Nullable String readLine() {
        return call(() -> framing.line(limits.frameMaxBytes()));
    }

    /**
     * Reads a frame that comes behind its length, four bytes with the big end first.
     *
     * @return the frame; null at the end of the stream
     */
    public byte @Nullable [] readLengthPrefixed() {
        return call(() -> framing.lengthPrefixed(limits.frameMaxBytes()));
    }

    /**
     * Reads so many bytes.
     *
     * @param length how many
     * @return that many
     * @throws UncheckedIOException with an {@link IncompleteReadException} if the stream ends before
     */
    public byte[] readExactly(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("a number of bytes is not negative: length=" + length);
        }
        return Objects.requireNonNull(call(() -> framing.exactly(length)));
    }

    /**
     * Reads up to a delimiter.
     *
     * @param delimiter one byte or more
     * @return what came before it, and the delimiter
     * @throws UncheckedIOException with an {@link IncompleteReadException} if the stream ends before
     */
    public byte[] readUntil(byte[] delimiter) {
        byte[] end = ensureDelimiter(delimiter);
        return Objects.requireNonNull(call(() -> framing.until(end, limits.frameMaxBytes())));
    }

    /**
     * Reads what there is; waits if there is nothing.
     *
     * @param maxBytes the most that is returned
     * @return at least one byte; null at the end of the stream
     */
    public byte @Nullable [] read(int maxBytes) {
        ensurePositive(maxBytes);
        return call(() -> framing.some(maxBytes));
    }

    /**
     * Writes bytes.
     *
     * @param bytes what to write; the caller may change it after the return
     */
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    /**
     * Writes bytes.
     *
     * @param bytes where they are; the caller may change it after the return
     * @param offset of the first
     * @param length how many
     */
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        run(() -> out.write(bytes, offset, length, in.size() > 0 ? Outbound.Leave.SOON : Outbound.Leave.NOW));
    }

    /**
     * Writes text.
     *
     * @param text what to write
     */
    public void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes text and a line feed.
     *
     * @param line what to write
     */
    public void writeLine(String line) {
        write(line.concat("\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a frame behind its length, as {@link #lengthPrefixed} reads it.
     *
     * @param frame what to write
     */
    public void writeLengthPrefixed(byte[] frame) {
        write(ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
    }

    /** Sends what was held back. Returns when the system has it all. */
    public void flush() {
        run(out::flush);
    }

    /** Sends what was held back, and tells the peer that nothing more comes; reading goes on. */
    public void shutdownOutput() {
        run(() -> out.shutdown(transport));
    }

    /** Closes the connection at once; waits that are under way end by an exception. What was held back is lost. */
    @Override
    public void close() {
        closed = true;
        transport.close();
    }

    /**
     * Who is at the other end.
     *
     * @return an address as text, {@code 127.0.0.1:41234} say
     */
    public String remoteAddress() {
        return remoteAddress;
    }

    /**
     * Tells whether the server has been asked to end. Handlers that run on without reading should end then.
     *
     * @return whether it is
     */
    public boolean isDraining() {
        return draining;
    }

    /**
     * A place for what the handler wants to remember of this connection.
     *
     * @return a map for any thread
     */
    public Map<String, Object> attributes() {
        return attributes;
    }

    Vitals vitals() {
        return vitals;
    }

    Limits limits() {
        return limits;
    }

    /** Why the server closed it; null if it did not. */
    @Nullable
    CutReason cutReason() {
        return cut;
    }

    /** What broke it; null if nothing did. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Whether nothing can be exchanged any more: it broke, was closed, or has come to its end. */
    boolean isOver() {
        return failure != null || closed || in.hasEnded();
    }

    /** Before anything is read or written: puts a layer on top of the transport. Waits for the peer. */
    void secure(TransportLayer layer) throws IOException {
        transport = layer.over(transport);
    }

    /**
     * After the handler: sends what was held back, says that nothing more comes, and waits until the peer says the same. To close
     * at once while bytes of the peer are on their way would make the system take back what the peer has not read yet.
     */
    void finish() throws IOException {
        try {
            out.flush();
            vitals.enter(Vitals.Phase.CLOSING);
            out.shutdown(transport);
            ByteBuffer forgotten = ByteBuffer.allocate(FORGOTTEN_AT_ONCE);
            while (!in.hasEnded() && transport.read(forgotten) >= 0) {
                forgotten.clear();
            }
        } catch (IOException e) {
            if (vitals.phase != Vitals.Phase.CLOSING) {
                failure = e;
                throw e;
            }
            // the peer has gone, or its time is over
        }
    }

    /** From any thread: keeps why it will be closed, for whoever waits then; false if that was done before. The caller closes it. */
    boolean condemn(CutReason why) {
        synchronized (attributes) {
            boolean first = cut == null;
            cut = first ? why : cut;
            return first;
        }
    }

    /** From any thread: no further request is wanted; a reader between two of them comes to the end. */
    void drain() {
        draining = true;
        if (vitals.readWaitNanos != 0 && vitals.frameNanos == 0) {
            transport.nudge();
        }
    }

    /** The reader's: what there is, or the end. */
    int read(ByteBuffer target, Inbound.Boundary boundary) throws IOException {
        int read = out.holdsBack() || draining ? transport.tryRead(target) : 0;
        if (read == 0) {
            out.flush();
            read = await(target, boundary);
        }
        if (read > 0) {
            vitals.read(read);
        }
        return read;
    }

    private int await(ByteBuffer target, Inbound.Boundary boundary) throws IOException {
        boolean within = boundary == Inbound.Boundary.WITHIN_FRAME;
        if (within && vitals.frameNanos == 0) {
            vitals.frameNanos = System.nanoTime();
        } else if (!within) {
            vitals.frameNanos = 0;
        }
        vitals.readWaitNanos = System.nanoTime();
        try {
            int read = 0;
            while (read == 0 && (within || !draining)) {
                read = transport.read(target);
            }
            if (read == 0) {
                read = transport.tryRead(target); // a request that was on its way is still answered
            }
            return read == 0 ? NOTHING_MORE_WANTED : read;
        } finally {
            vitals.readWaitNanos = 0;
        }
    }

    /** The writer's: hands some bytes on. */
    void write(ByteBuffer source) throws IOException {
        vitals.writeWaitNanos = System.nanoTime();
        try {
            vitals.wrote(transport.write(source));
        } finally {
            vitals.writeWaitNanos = 0;
        }
    }

    private interface Reading<T> {
        @Nullable
        T next() throws IOException;
    }

    private interface Writing {
        void run() throws IOException;
    }

    private <T> @Nullable T call(Reading<T> reading) {
        try {
            return reading.next();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void run(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(IOException cause) {
        CutReason why = cut;
        if (why == null) {
            if (failure == null) {
                failure = cause;
            }
            return new UncheckedIOException(cause);
        }
        var told = new ConnectionCutException(why.text);
        told.addSuppressed(cause);
        return new UncheckedIOException(told);
    }

    private <T> Stream<T> stream(Reading<T> reading) {
        return StreamSupport.stream(
                new Spliterators.AbstractSpliterator<T>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super T> action) {
                        T next = call(reading);
                        if (next == null) {
                            return false;
                        }
                        action.accept(next);
                        return true;
                    }
                },
                /* parallel= */ false);
    }

    private static void ensurePositive(int maxBytes) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("a limit is at least one byte: maxBytes=" + maxBytes);
        }
    }

    private static byte[] ensureDelimiter(byte[] delimiter) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("a delimiter has at least one byte");
        }
        return delimiter.clone();
    }

    @Override
    public String toString() {
        return "connection with " + remoteAddress + ", " + vitals.state();
    }
}
