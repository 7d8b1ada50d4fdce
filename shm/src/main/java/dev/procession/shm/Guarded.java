package dev.procession.shm;

import java.io.Serializable;

/**
 * A value that brings a lock of its own, as Python's {@code Value} and {@code Array} do: the first 64 bytes of its payload
 * are those of a {@link SharedReentrantLock}.
 */
sealed interface Guarded extends Serializable permits SharedInt, SharedLong, SharedRegion {
    /** Where the value's own part of the payload begins, on a cache line of its own. */
    long VALUE_AT = 64;

    SharedReentrantLock lock();

    /** What travels in place of a value's lock. */
    record LockHandle(Guarded value) implements Serializable {
        private static final long serialVersionUID = 1;

        private Object readResolve() {
            return value.lock();
        }
    }
}
