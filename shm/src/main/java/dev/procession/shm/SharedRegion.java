package dev.procession.shm;

import dev.procession.shm.engine.Entry;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Bytes that several JVMs share: Python's {@code multiprocessing.Array} and {@code shared_memory.SharedMemory}.
 *
 * <p>What they mean is up to its users, by way of {@link MemorySegment}:
 *
 * {@snippet :
 * try (SharedRegion squares = SharedRegion.create(100 * Integer.BYTES)) {
 *     squares.segment().setAtIndex(ValueLayout.JAVA_INT, 7, 49);
 *     int[] all = squares.segment().toArray(ValueLayout.JAVA_INT);
 * }
 * }
 *
 * <p>A new region holds zeros, whatever had its memory before, and begins at a page boundary. Memory for it is set aside
 * when it is made, so using it cannot fail. Plain access to it is ordered between processes only by something else, such
 * as the region's own {@link #lock()} or a {@link java.lang.invoke.VarHandle}. If a process dies, what it has stored stays.
 *
 * <p>Travels, and is {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedRegion implements AutoCloseable, Serializable, Guarded {
    private static final long serialVersionUID = 1;

    private final transient Entry entry;
    private final transient SharedReentrantLock lock;
    private final transient MemorySegment segment;

    SharedRegion(Entry entry) {
        this.entry = entry;
        this.lock = new SharedReentrantLock(entry, Kind.REGION, this);
        this.segment = entry.heap().memory().asSlice(0, entry.payload().getLong(VALUE_AT));
    }

    /**
     * Makes a region of zeros in the memory of this JVM's family.
     *
     * @param bytes how large it is, at least 1
     * @return the region
     * @throws IllegalArgumentException if {@code bytes} is less than 1
     * @throws dev.procession.core.SpaceFullException if there is no room for it; nothing is made then
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedRegion create(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least one byte: bytes=" + bytes);
        }
        return Spaces.family()
                .create(Kind.REGION, bytes, entry -> entry.payload().setLong(VALUE_AT, bytes), SharedRegion::new);
    }

    /**
     * Makes a region that holds some bytes.
     *
     * @param values what it holds; at least one
     * @return the region
     */
    public static SharedRegion of(byte... values) {
        return holding(MemorySegment.ofArray(values));
    }

    /**
     * Makes a region that holds some numbers, {@link ValueLayout#JAVA_INT}.
     *
     * @param values what it holds; at least one
     * @return the region
     */
    public static SharedRegion of(int... values) {
        return holding(MemorySegment.ofArray(values));
    }

    /**
     * Makes a region that holds some numbers, {@link ValueLayout#JAVA_LONG}.
     *
     * @param values what it holds; at least one
     * @return the region
     */
    public static SharedRegion of(long... values) {
        return holding(MemorySegment.ofArray(values));
    }

    /**
     * Makes a region that holds some numbers, {@link ValueLayout#JAVA_DOUBLE}.
     *
     * @param values what it holds; at least one
     * @return the region
     */
    public static SharedRegion of(double... values) {
        return holding(MemorySegment.ofArray(values));
    }

    private static SharedRegion holding(MemorySegment values) {
        SharedRegion region = create(values.byteSize());
        region.segment.copyFrom(values);
        return region;
    }

    /**
     * The bytes. Access out of bounds throws {@link IndexOutOfBoundsException}; access after the region was closed, by
     * whatever process, throws {@link IllegalStateException} once this one has noticed.
     *
     * @return the region as this process has it mapped
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * How large the region is.
     *
     * @return its size in bytes
     */
    public long sizeBytes() {
        return segment.byteSize();
    }

    /**
     * The region's own lock: Python's {@code get_lock()}. It travels by itself as well, and ends with the region; nothing
     * but its users' agreement keeps others from the bytes meanwhile.
     *
     * @return the lock, always the same
     */
    @Override
    public SharedReentrantLock lock() {
        return lock;
    }

    /** Ends the region, for every process. Those who use it later get an IllegalStateException. */
    @Override
    public void close() {
        SharedCondition.closeAllOf(entry);
        entry.close();
    }

    /** Such as {@code SharedRegion 3f2a91bc/17[sizeBytes=4096]}. */
    @Override
    public String toString() {
        return entry + "[sizeBytes=" + segment.byteSize() + "]";
    }

    Object writeReplace() {
        return Handle.to(Kind.REGION, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedRegion is read as its handle");
    }
}
