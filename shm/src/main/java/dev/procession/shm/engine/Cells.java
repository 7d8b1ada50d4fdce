package dev.procession.shm.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The one door to shared memory: every load and store of shared state is a method of this class.
 *
 * <p>That gives all structures three things. The access mode stands in the name of each call, and means what it means
 * for a {@link VarHandle}; modes hold across processes as they do across threads, since all map the same memory. A
 * structure that was closed answers with an exception that names it. And each store can be the one before which a
 * process {@linkplain CrashPoints dies}.
 *
 * <p>Offsets are in bytes from the beginning of the memory; each belongs to a {@code ...Layout} class. Plain stores are
 * for what a later release store publishes.
 */
public final class Cells {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final Object owner;

    /**
     * Cells over some memory.
     *
     * @param memory the memory, aligned as its widest cell needs
     * @param owner what lives there; its {@code toString} names it when it is used after it was closed
     */
    public Cells(MemorySegment memory, Object owner) {
        this.memory = memory;
        this.owner = owner;
    }

    private IllegalStateException closed(IllegalStateException cause) {
        return memory.scope().isAlive() ? cause : new IllegalStateException(owner + " is closed", cause);
    }

    /** Plain load. */
    public int getInt(long offset) {
        try {
            return (int) INT.get(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Load with acquire: what was stored before the matching release is seen after it. */
    public int getIntAcquire(long offset) {
        try {
            return (int) INT.getAcquire(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile load. */
    public int getIntVolatile(long offset) {
        try {
            return (int) INT.getVolatile(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain store. */
    public void setInt(long offset, int value) {
        try {
            CrashPoints.beforeStore();
            INT.set(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Store with release: what was stored before is seen by whoever acquires this. */
    public void setIntRelease(long offset, int value) {
        try {
            CrashPoints.beforeStore();
            INT.setRelease(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile store. */
    public void setIntVolatile(long offset, int value) {
        try {
            CrashPoints.beforeStore();
            INT.setVolatile(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile compare-and-set. */
    public boolean casInt(long offset, int expected, int value) {
        try {
            CrashPoints.beforeStore();
            return INT.compareAndSet(memory, offset, expected, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile add; the result is the value before. */
    public int getAndAddInt(long offset, int delta) {
        try {
            CrashPoints.beforeStore();
            return (int) INT.getAndAdd(memory, offset, delta);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile swap; the result is the value before. */
    public int getAndSetInt(long offset, int value) {
        try {
            CrashPoints.beforeStore();
            return (int) INT.getAndSet(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile bitwise or; the result is the value before. */
    public int getAndOrInt(long offset, int bits) {
        try {
            CrashPoints.beforeStore();
            return (int) INT.getAndBitwiseOr(memory, offset, bits);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile bitwise and; the result is the value before. */
    public int getAndAndInt(long offset, int bits) {
        try {
            CrashPoints.beforeStore();
            return (int) INT.getAndBitwiseAnd(memory, offset, bits);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain load. */
    public long getLong(long offset) {
        try {
            return (long) LONG.get(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Load with acquire: what was stored before the matching release is seen after it. */
    public long getLongAcquire(long offset) {
        try {
            return (long) LONG.getAcquire(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile load. */
    public long getLongVolatile(long offset) {
        try {
            return (long) LONG.getVolatile(memory, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain store. */
    public void setLong(long offset, long value) {
        try {
            CrashPoints.beforeStore();
            LONG.set(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Store with release: what was stored before is seen by whoever acquires this. */
    public void setLongRelease(long offset, long value) {
        try {
            CrashPoints.beforeStore();
            LONG.setRelease(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile store. */
    public void setLongVolatile(long offset, long value) {
        try {
            CrashPoints.beforeStore();
            LONG.setVolatile(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile compare-and-set. */
    public boolean casLong(long offset, long expected, long value) {
        try {
            CrashPoints.beforeStore();
            return LONG.compareAndSet(memory, offset, expected, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile add; the result is the value before. */
    public long getAndAddLong(long offset, long delta) {
        try {
            CrashPoints.beforeStore();
            return (long) LONG.getAndAdd(memory, offset, delta);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile swap; the result is the value before. */
    public long getAndSetLong(long offset, long value) {
        try {
            CrashPoints.beforeStore();
            return (long) LONG.getAndSet(memory, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile bitwise or; the result is the value before. */
    public long getAndOrLong(long offset, long bits) {
        try {
            CrashPoints.beforeStore();
            return (long) LONG.getAndBitwiseOr(memory, offset, bits);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Volatile bitwise and; the result is the value before. */
    public long getAndAndLong(long offset, long bits) {
        try {
            CrashPoints.beforeStore();
            return (long) LONG.getAndBitwiseAnd(memory, offset, bits);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain copy from an array: one store to the explorer, torn or absent to a survivor unless something published it. */
    public void copyIn(long offset, byte[] source, int from, int length) {
        try {
            CrashPoints.beforeStore();
            MemorySegment.copy(source, from, memory, ValueLayout.JAVA_BYTE, offset, length);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain copy to an array. */
    public void copyOut(long offset, byte[] target, int from, int length) {
        try {
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, target, from, length);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain load. */
    public byte getByte(long offset) {
        try {
            return memory.get(ValueLayout.JAVA_BYTE, offset);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain store. */
    public void setByte(long offset, byte value) {
        try {
            CrashPoints.beforeStore();
            memory.set(ValueLayout.JAVA_BYTE, offset, value);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain copy within this memory, between places that do not overlap: one store to the explorer. */
    public void copyWithin(long from, long to, long lengthBytes) {
        try {
            CrashPoints.beforeStore();
            MemorySegment.copy(memory, from, memory, to, lengthBytes);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain comparison with other memory, as long as that is. */
    public boolean holds(long offset, MemorySegment expected) {
        try {
            long lengthBytes = expected.byteSize();
            return MemorySegment.mismatch(expected, 0, lengthBytes, memory, offset, offset + lengthBytes) < 0;
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Plain stores of zeros. */
    public void zero(long offset, long lengthBytes) {
        try {
            CrashPoints.beforeStore();
            memory.asSlice(offset, lengthBytes).fill((byte) 0);
        } catch (IllegalStateException closed) {
            throw closed(closed);
        }
    }

    /** Wakes threads, of any member, that wait for a 32-bit cell; the cell has been changed before. */
    public void wake(long offset, int count) {
        Waiter.wake(this, offset, count);
    }

    /** How much memory there is. */
    public long sizeBytes() {
        return memory.byteSize();
    }

    /** Where a cell is mapped in this process, for waiting on it; says nothing about whether it still is. */
    public long address(long offset) {
        return memory.address() + offset;
    }

    /** The memory itself, for reading in place and for structures that store through it what a cell then publishes. */
    public MemorySegment memory() {
        return memory;
    }

    /** What lives in this memory. */
    public Object owner() {
        return owner;
    }
}
