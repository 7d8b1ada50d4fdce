package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Stamp;

/**
 * Which thread of the owning member holds a lock, beside the lock word, which only says which member.
 *
 * <pre>
 *   63                      35 34                                 0
 *  +--------------------------+------------------------------------+
 *  |  stamp of the member     |  id of the thread                  |   0 = none
 *  +--------------------------+------------------------------------+
 * </pre>
 *
 * <p>Stored after the word was acquired and cleared before it is released. A member that dies leaves its thread behind;
 * nobody takes it for its own, since it bears a stamp that no living member has. So only the thread itself can ever find
 * itself there, and plain loads and stores are enough.
 */
final class OwningThread {
    private static final int THREAD_BITS = Long.SIZE - Stamp.BITS;
    private static final long THREAD_MASK = (1L << THREAD_BITS) - 1;

    private final RobustOwnership lock;
    private final Cells cells;
    private final long at;
    private final long member;

    OwningThread(Entry entry, long at, RobustOwnership lock) {
        this.lock = lock;
        this.cells = entry.payload();
        this.at = at;
        this.member = (long) entry.space().stamp() << THREAD_BITS;
    }

    private long self() {
        return member | (Thread.currentThread().threadId() & THREAD_MASK);
    }

    boolean isCurrent() {
        return cells.getLong(at) == self();
    }

    void setCurrent() {
        cells.setLong(at, self());
    }

    void clear() {
        cells.setLong(at, 0);
    }

    /**
     * Ensures that the calling thread holds the lock.
     *
     * @throws IllegalMonitorStateException if it does not
     */
    void ensureCurrent() {
        if (!isCurrent()) {
            throw new IllegalMonitorStateException(
                    "this thread does not hold " + lock.describe() + ": thread=" + Thread.currentThread());
        }
    }

    /**
     * Ensures that the calling thread may wait for the lock.
     *
     * @throws IllegalMonitorStateException if it holds the lock itself, and so would wait for ever
     */
    void ensureNotCurrent() {
        if (isCurrent()) {
            throw new IllegalMonitorStateException(
                    "this thread holds " + lock.describe() + " already: thread=" + Thread.currentThread());
        }
    }
}
