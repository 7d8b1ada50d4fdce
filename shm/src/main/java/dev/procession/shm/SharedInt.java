package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A number that threads of several JVMs share: Python's {@code multiprocessing.Value}, with the methods of {@link
 * java.util.concurrent.atomic.AtomicInteger}.
 *
 * <p>Each method is one atomic step. The access mode stands in its name, and where it does not it is volatile; modes have
 * the meaning they have for a {@link java.lang.invoke.VarHandle}, between processes as between threads. A process that dies
 * has made its step or not. For several steps that belong together there is the value's own {@link #lock()}.
 *
 * <p>Travels, and is {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedInt extends Number implements AutoCloseable, Guarded {
    private static final long serialVersionUID = 1;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient SharedReentrantLock lock;

    SharedInt(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        this.lock = new SharedReentrantLock(entry, Kind.INT, this);
    }

    /**
     * Makes a number in the memory of this JVM's family.
     *
     * @param value its first value
     * @return the number
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedInt create(int value) {
        return Spaces.family().create(Kind.INT, 0, entry -> entry.payload().setInt(VALUE_AT, value), SharedInt::new);
    }

    /**
     * Reads the value.
     *
     * @return the value
     */
    public int get() {
        return cells.getIntVolatile(VALUE_AT);
    }

    /**
     * Reads the value, without ordering; for use under the {@link #lock()}.
     *
     * @return the value
     */
    public int getPlain() {
        return cells.getInt(VALUE_AT);
    }

    /**
     * Reads the value with acquire mode.
     *
     * @return the value
     */
    public int getAcquire() {
        return cells.getIntAcquire(VALUE_AT);
    }

    /**
     * Stores a value.
     *
     * @param value the value
     */
    public void set(int value) {
        cells.setIntVolatile(VALUE_AT, value);
    }

    /**
     * Stores a value, without ordering; for use under the {@link #lock()}.
     *
     * @param value the value
     */
    public void setPlain(int value) {
        cells.setInt(VALUE_AT, value);
    }

    /**
     * Stores a value with release mode.
     *
     * @param value the value
     */
    public void setRelease(int value) {
        cells.setIntRelease(VALUE_AT, value);
    }

    /**
     * Stores a value if the value is what is expected.
     *
     * @param expected the value it is to replace
     * @param value the value
     * @return whether it was stored
     */
    public boolean compareAndSet(int expected, int value) {
        return cells.casInt(VALUE_AT, expected, value);
    }

    /**
     * Stores a value.
     *
     * @param value the value
     * @return the value before
     */
    public int getAndSet(int value) {
        return cells.getAndSetInt(VALUE_AT, value);
    }

    /**
     * Adds to the value.
     *
     * @param delta how much
     * @return the value before
     */
    public int getAndAdd(int delta) {
        return cells.getAndAddInt(VALUE_AT, delta);
    }

    /**
     * Adds to the value.
     *
     * @param delta how much
     * @return the value after
     */
    public int addAndGet(int delta) {
        return cells.getAndAddInt(VALUE_AT, delta) + delta;
    }

    /**
     * Adds one.
     *
     * @return the value after
     */
    public int incrementAndGet() {
        return addAndGet(1);
    }

    /**
     * Takes one away.
     *
     * @return the value after
     */
    public int decrementAndGet() {
        return addAndGet(-1);
    }

    /**
     * Replaces the value by what a function makes of it.
     *
     * @param function may be applied more than once, so it must have no effects
     * @return the value before
     */
    public int getAndUpdate(IntUnaryOperator function) {
        for (; ; ) {
            int before = get();
            if (compareAndSet(before, function.applyAsInt(before))) {
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
    public int updateAndGet(IntUnaryOperator function) {
        for (; ; ) {
            int before = get();
            int after = function.applyAsInt(before);
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
    public int accumulateAndGet(int other, IntBinaryOperator function) {
        return updateAndGet(before -> function.applyAsInt(before, other));
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
        return get();
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
        return Integer.toString(get());
    }

    Object writeReplace() {
        return Handle.to(Kind.INT, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedInt is read as its handle");
    }
}
