package dev.procession.shm.map;

import dev.procession.core.codec.Encoded;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A key as the table knows it: its bytes, and a hash of them that is the same in every JVM. Immutable. */
public final class Key {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // odd, without a pattern: 2^64 over the golden ratio

    private final byte[] bytes;
    private final int size;
    private final long hash;
    private final MemorySegment memory;

    private Key(byte[] bytes, int size) {
        this.memory = MemorySegment.ofArray(bytes).asSlice(0, size);
        this.bytes = bytes;
        this.size = size;
        this.hash = hash(bytes, size);
    }

    /**
     * The key of some bytes.
     *
     * @param encoded the bytes; not changed afterwards
     * @return the key
     */
    public static Key of(Encoded encoded) {
        byte[] bytes = encoded.isRaw() ? encoded.toByteArray() : encoded.array();
        return new Key(bytes, encoded.size());
    }

    static Key of(byte[] bytes) {
        return new Key(bytes, bytes.length);
    }

    /** Eight bytes at a time; each step spreads them over the whole word. */
    private static long hash(byte[] bytes, int size) {
        long hash = size * MULTIPLIER;
        int at = 0;
        for (; at + Long.BYTES <= size; at += Long.BYTES) {
            hash = mixed(hash, (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (int i = size - 1; i >= at; i--) {
            rest = (rest << 8) | (bytes[i] & 0xFF);
        }
        hash = mixed(hash, rest);
        return hash ^ (hash >>> 32);
    }

    private static long mixed(long hash, long bits) {
        long mixed = (hash ^ bits) * MULTIPLIER;
        return Long.rotateLeft(mixed ^ (mixed >>> 29), 31) * MULTIPLIER;
    }

    /**
     * Which stripe the key belongs to; independent of the tag.
     *
     * @return the stripe's number, from 0
     */
    public int stripe() {
        return (int) (hash >>> 58);
    }

    int tag() {
        return (int) hash;
    }

    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The bytes as memory, to be compared with. */
    MemorySegment memory() {
        return memory;
    }

    /**
     * The bytes as a value, to be opened.
     *
     * @return the bytes
     */
    public Encoded encoded() {
        return Encoded.of(Arrays.copyOf(bytes, size));
    }
}
