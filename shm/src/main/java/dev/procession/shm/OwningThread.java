package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;

/**
 * Which thread of the owning member holds a lock, beside the lock word, which only says which member. See {@link Holder}
 * for the word.
 *
 * <p>Stored after the word was acquired and cleared before it is released. A member that dies leaves its thread behind;
 * nobody takes it for its own, since it bears a stamp that no living member has. So only the thread itself can ever find
 * itself there, and plain loads and stores are enough. Those who look for deadlocks read it too, and see it if the thread
 * blocks afterwards, since it says so by a volatile store.
 */
final class OwningThread {
    private final RobustOwnership lock;
    private final Cells cells;
    private final long at;
    private final int member;

    OwningThread(Entry entry, long at, RobustOwnership lock) {
        this.lock = lock;
        this.cells = entry.payload();
        this.at = at;
        this.member = entry.space().stamp();
    }

    private long self() {
        return Holder.word(member, Thread.currentThread().threadId());
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
