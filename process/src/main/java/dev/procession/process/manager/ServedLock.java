package dev.procession.process.manager;

import dev.procession.process.manager.Turn.Caller;
import dev.procession.process.manager.Turn.CutShort;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock in the manager. It belongs to a thread of a client, not to the thread that serves the call; when the client is
 * gone it is free again, and that is logged.
 *
 * <p>No signal of {@link #freed} is lost: who was signalled and does not take the lock passes it on.
 */
final class ServedLock implements Lock, Bereaved {
    private static final System.Logger LOG = System.getLogger(ServedLock.class.getPackageName());

    /** Who may release. */
    enum Kind {
        /** Anybody; its owner cannot acquire it again. Python's Lock. */
        PLAIN,
        /** Its owner alone, as often as it acquired it. Python's RLock. */
        REENTRANT
    }

    private final Kind kind;
    private final ReentrantLock books = new ReentrantLock();
    private final Condition freed = books.newCondition();
    private final List<ServedCondition> conditions = new ArrayList<>();

    // all guarded by books
    private @Nullable Caller owner;
    private int holds;
    private boolean removed;

    ServedLock(Kind kind) {
        this.kind = kind;
    }

    /** Guards this lock's state and that of its conditions. */
    ReentrantLock books() {
        return books;
    }

    private void ensureNotRemoved() {
        if (removed) {
            throw ObjectTable.removed();
        }
    }

    private boolean tryTake(Caller caller) {
        ensureNotRemoved();
        if (caller.session().isGone()) {
            throw new CutShort();
        }
        if (owner == null) {
            owner = caller;
        } else if (kind == Kind.PLAIN || !caller.equals(owner)) {
            return false;
        }
        holds++;
        return true;
    }

    private void free() {
        owner = null;
        holds = 0;
        freed.signal();
    }

    private void passOnASignal() {
        if (owner == null) {
            freed.signal();
        }
    }

    @Override
    public void lock() {
        books.lock();
        try {
            while (!tryTake(Turn.current())) {
                Turn.ensureMayWait();
                freed.await();
            }
        } catch (InterruptedException _) {
            passOnASignal();
            throw new CutShort(); // its caller cannot interrupt it
        } catch (CutShort e) {
            passOnASignal();
            throw e;
        } finally {
            books.unlock();
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean tryLock() {
        books.lock();
        try {
            return tryTake(Turn.current());
        } finally {
            books.unlock();
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        Turn.ensureNotInterrupted();
        long left = unit.toNanos(time);
        books.lock();
        try {
            while (!tryTake(Turn.current())) {
                if (left <= 0) {
                    return false;
                }
                Turn.ensureMayWait();
                left = freed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException | CutShort e) {
            passOnASignal();
            throw e;
        } finally {
            books.unlock();
        }
    }

    @Override
    public void unlock() {
        books.lock();
        try {
            ensureHeldBy(Turn.current());
            if (--holds == 0) {
                free();
            }
        } finally {
            books.unlock();
        }
    }

    /** Called under {@link #books}. */
    void ensureHeldBy(Caller caller) {
        ensureNotRemoved();
        if (owner == null || (kind == Kind.REENTRANT && !caller.equals(owner))) {
            throw new IllegalMonitorStateException("not held: by=" + caller + ", owner=" + owner);
        }
    }

    /** Releases all holds; how many there were. Called under {@link #books} by who holds it. */
    int giveUp() {
        int held = holds;
        free();
        return held;
    }

    /** Acquires all holds anew, whatever interrupts it, unless the client is gone. Called under {@link #books}. */
    void takeBack(Caller caller, int held) {
        try {
            while (!tryTake(caller)) {
                freed.awaitUninterruptibly();
            }
            holds = held;
        } catch (CutShort e) {
            passOnASignal();
            throw e;
        }
    }

    @Override
    public ServedCondition newCondition() {
        books.lock();
        try {
            var condition = new ServedCondition(this);
            conditions.add(condition);
            return condition;
        } finally {
            books.unlock();
        }
    }

    @Override
    public void bury(Session gone) {
        books.lock();
        try {
            if (owner != null && owner.session().equals(gone)) {
                LOG.log(System.Logger.Level.WARNING, "released a lock whose holder died: holder={0}", owner);
                free();
            }
            freed.signalAll(); // some of those that wait to take it back may be of that client
        } finally {
            books.unlock();
        }
    }

    /** Sends all away who wait: the lock is no more. */
    void remove() {
        books.lock();
        try {
            removed = true;
            freed.signalAll();
            conditions.forEach(ServedCondition::signalEverybody);
        } finally {
            books.unlock();
        }
    }
}
