package dev.procession.lab.stage;

import dev.procession.shm.SharedLock;
import java.io.Serializable;

/**
 * Holds children back until all have started, so that they rush together; a JVM takes longer to start than most rushes
 * last.
 *
 * <p>Closed at first. It is a lock that the parent holds; children go through it one by one, in some order.
 */
public final class Turnstile implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    private final SharedLock lock;

    private Turnstile(SharedLock lock) {
        this.lock = lock;
    }

    /** A closed turnstile. */
    @SuppressWarnings("LockNotBeforeTry") // It stays locked until it is opened.
    public static Turnstile closed() {
        Turnstile turnstile = new Turnstile(SharedLock.create());
        turnstile.lock.lock();
        return turnstile;
    }

    /** Lets everybody through from now on. To be called once. */
    public void open() {
        lock.unlock();
    }

    /** Waits until it is open, then does something on the way through, where nobody else is. */
    public void pass(Runnable onTheWay) {
        lock.lock();
        try {
            onTheWay.run();
        } finally {
            lock.unlock();
        }
    }

    /** Takes it away. */
    @Override
    public void close() {
        lock.close();
    }
}
