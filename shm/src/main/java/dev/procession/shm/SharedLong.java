package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A number that threads of several JVMs share: Python's {@code multiprocessing.Value}, with the methods of {@link
 * java.util.concurrent.atomic.AtomicLong}.
 *
 * <p>Each method is one atomic step. The access mode stands in its name, and where it does not it is volatile; modes have
 * the meaning they have for a {@link java.lang.invoke.VarHandle}, between processes as between threads. A process that dies
 * has made its step or not. For several steps that belong together there is the value's own {@link #lock()}.
 *
 * <p>Travels, and is {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedLong extends Number implements AutoCloseable, Guarded {
    private static final long serialVersionUID = 1;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient SharedReentrantLock lock;

    SharedLong(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        this.lock = new SharedReentrantLock(entry, Kind.LONG, this);
    }

    /**
     * Makes a number in the memory of this JVM's family.
     *
     * @param value its first value
     * @return the number
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedLong create(long value) {
        return Spaces.family().create(Kind.LONG, 0, entry -> entry.payload().setLong(VALUE_AT, value), SharedLong::new);
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public long get() {
        return cells.getLongVolatile(VALUE_AT);
    }

    /**
     * Reads the value, without ordering; for use under the {@link #lock()}.
     *
     * @return the value
     */
    public long getPlain() {
        return cells.getLong(VALUE_AT);
    }

    /**
     * Reads the value with acquire mode.
     *
     * @return the value
     */
    public long getAcquire() {
        return cells.getLongAcquire(VALUE_AT);
    }

    /**
     * Stores a value.
     *
     * @param value the value
     */
    public void set(long value) {
        cells.setLongVolatile(VALUE_AT, value);
    }

    /**
     * Stores a value, without ordering; for use under the {@link #lock()}.
     *
     * @param value the value
     */
    public void setPlain(long value) {
        cells.setLong(VALUE_AT, value);
    }

    /**
     * Stores a value with release mode.
     *
     * @param value the value
     */
    public void setRelease(long value) {
        cells.setLongRelease(VALUE_AT, value);
    }

    /**
     * Stores a value if the value is what is expected.
     *
     * @param expected the value it is to replace
     * @param value the value
     * @return whether it was stored
     */
    public boolean compareAndSet(long expected, long value) {
        return cells.casLong(VALUE_AT, expected, value);
    }

    /**
     * Stores a value.
     *
     * @param value the value
     * @return the value before
     */
    public long getAndSet(long value) {
        return cells.getAndSetLong(VALUE_AT, value);
    }

    /**
     * Adds to the value.
     *
     * @param delta how much
     * @return the value before
     */
    public long getAndAdd(long delta) {
        return cells.getAndAddLong(VALUE_AT, delta);
    }

    /**
     * Adds to the value.
     *
     * @param delta how much
     * @return the value after
     */
    public long addAndGet(long delta) {
        return cells.getAndAddLong(VALUE_AT, delta) + delta;
    }

    /**
     * Adds one.
     *
     * @return the value after
     */
    public long incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Takes one away.
     *
     * @return the value after
     */
    public long decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Replaces the value by what a function makes of it.
     *
     * @param function may be applied more than once, so it must have no effects
     * @return the value before
     */
    public long getAndUpdate(LongUnaryOperator function) {
        for (; ; ) {
            long before = get();
            if (compareAndSet(before, function.applyAsLong(before))) {
                return before;
            }
        }
    }

    /**
     * Replaces the value by what a function makes of it.
     *
     * @param function may be applied more than once, so it must have no effects
     * @return the value after
     */
    public long updateAndGet(LongUnaryOperator function) {
        for (; ; ) {
            long before = get();
            long after = function.applyAsLong(before);
            if (compareAndSet(before, after)) {
                return after;
            }
        }
    }

    /**
     * Combines the value with another.
     *
     * @param other the second argument of the function
     * @param function may be applied more than once, so it must have no effects
     * @return the value after
     */
    public long accumulateAndGet(long other, LongBinaryOperator function) {
        return updateAndGet(before -> function.applyAsLong(before, other));
    }

    /**
     * The value's own lock, for steps that belong together: Python's {@code get_lock()}. It travels by itself as well, and
     * ends with the value; nothing but its users' agreement keeps others from the value meanwhile.
     *
     * @return the lock, always the same
     */
    @Override
    public SharedReentrantLock lock() {
        return lock;
    }

    @Override
    public int intValue() {
        return (int) get();
    }

    @Override
    public long longValue() {
        return get();
    }

    @Override
    public float floatValue() {
        return get();
    }

    @Override
    public double doubleValue() {
        return get();
    }

    /** Ends the number, for every process. Those who use it later get an IllegalStateException. */
    @Override
    public void close() {
        SharedCondition.closeAllOf(entry);
        entry.close();
    }

    /** The value in digits. */
    @Override
    public String toString() {
        return Long.toString(get());
    }

    Object writeReplace() {
        return Handle.to(Kind.LONG, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedLong is read as its handle");
    }
}
