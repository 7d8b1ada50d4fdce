package dev.procession.shm;

import java.io.Serializable;

/** A shared counter for tests, in the spare bytes of a lock nobody locks. */
final class SharedLongProbe implements Serializable, AutoCloseable {
    private static final long AT = 128;
    private final SharedLock home = SharedLock.create();

    long get() {
        return home.cells().getLongVolatile(AT);
    }

    void increment() {
        home.cells().getAndAddLong(AT, 1);
    }

    @Override
    public void close() {
        home.close();
    }
}
