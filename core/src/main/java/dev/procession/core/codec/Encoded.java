package dev.procession.core.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A value on its way: its bytes, measured, and not yet where they go.
 *
 * <pre>
 *   +------+---------------------------+
 *   | kind |  body                     |     size() = 1 + body
 *   +------+---------------------------+
 * </pre>
 *
 * <p>The first byte says what follows. {@link #RAW} is the same for all codecs: the body is the {@code byte[]} that was
 * sent, and this object holds that very array, so that a channel copies it once on each side. Every other kind is the
 * codec's own.
 *
 * <p>Not changed after it was made; the array it holds is the caller's.
 */
public final class Encoded {
    /** The first byte of a value that is a {@code byte[]}. */
    public static final byte RAW = 1;

    private final byte[] bytes;
    private final int length;
    private final boolean raw;

    private Encoded(byte[] bytes, int length, boolean raw) {
        this.bytes = bytes;
        this.length = length;
        this.raw = raw;
    }

    /**
     * A {@code byte[]} as a value. It is not copied.
     *
     * @param body the array
     * @return the value
     */
    public static Encoded raw(byte[] body) {
        return new Encoded(body, body.length, true);
    }

    /**
     * A value in a codec's own form: kind and body in one array, from its start. It is not copied.
     *
     * @param bytes holds the kind, then the body; it may be longer
     * @param size how many of them are the value, in bytes
     * @return the value
     */
    public static Encoded framed(byte[] bytes, int size) {
        return new Encoded(bytes, size, false);
    }

    /**
     * The value that {@link #toByteArray} had made bytes of.
     *
     * @param bytes all bytes of the value
     * @return the value
     */
    public static Encoded of(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == RAW
                ? raw(Arrays.copyOfRange(bytes, 1, bytes.length))
                : framed(bytes, bytes.length);
    }

    /**
     * The value that {@link #copyTo} had put into memory, taken out with one copy.
     *
     * @param source the memory
     * @param offsetBytes where the value starts
     * @param sizeBytes its size
     * @return the value
     */
    public static Encoded copyFrom(MemorySegment source, long offsetBytes, int sizeBytes) {
        boolean raw = sizeBytes > 0 && source.get(ValueLayout.JAVA_BYTE, offsetBytes) == RAW;
        int skipped = raw ? 1 : 0;
        byte[] copy = new byte[sizeBytes - skipped];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offsetBytes + skipped, copy, 0, copy.length);
        return new Encoded(copy, copy.length, raw);
    }

    /**
     * How much room the value takes.
     *
     * @return the number of bytes that {@link #copyTo} writes
     */
    public int size() {
        return raw ? length + 1 : length;
    }

    /**
     * Puts the value into memory.
     *
     * @param target the memory, which takes {@link #size} bytes
     * @param offsetBytes where the value starts in it
     */
    public void copyTo(MemorySegment target, long offsetBytes) {
        long body = offsetBytes;
        if (raw) {
            target.set(ValueLayout.JAVA_BYTE, offsetBytes, RAW);
            body++;
        }
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, body, length);
    }

    /**
     * All bytes of the value.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        if (!raw) {
            return Arrays.copyOf(bytes, length);
        }
        byte[] all = new byte[length + 1];
        all[0] = RAW;
        System.arraycopy(bytes, 0, all, 1, length);
        return all;
    }

    /**
     * Whether the value is a {@code byte[]}.
     *
     * @return true if {@link #array} is the value itself
     */
    public boolean isRaw() {
        return raw;
    }

    /**
     * The array this value is held in: the value itself if {@linkplain #isRaw raw}, else kind and body. Only the first
     * {@link #arraySize} bytes count.
     *
     * @return the array, not a copy
     */
    public byte[] array() {
        return bytes;
    }

    /**
     * How many bytes of {@link #array} count. A channel that has a place of its own for {@link #isRaw} keeps these and
     * nothing else.
     *
     * @return the number of bytes
     */
    public int arraySize() {
        return length;
    }
}
