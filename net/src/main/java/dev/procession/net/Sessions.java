package dev.procession.net;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The connections a server has now. */
final class Sessions {
    private final Set<Session> all = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private int active;
    private int peak;

    int active() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }

    int peak() {
        lock.lock();
        try {
            return peak;
        } finally {
            lock.unlock();
        }
    }

    void add(Session session) {
        all.add(session);
        lock.lock();
        try {
            active++;
            peak = Math.max(peak, active);
        } finally {
            lock.unlock();
        }
    }

    /** Called last, when nothing is left of it. */
    void remove(Session session) {
        all.remove(session);
        lock.lock();
        try {
            active--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is none; false if the time is over before. Nobody adds any. */
    boolean awaitNone(long deadlineNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (active > 0) {
                if (changed.awaitNanos(deadlineNanos - System.nanoTime()) <= 0) {
                    return active == 0;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The same for those who must not be interrupted. */
    boolean awaitNoneUninterruptibly(long patienceNanos) {
        long deadlineNanos = System.nanoTime() + patienceNanos;
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return awaitNone(deadlineNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void forEach(Consumer<Session> action) {
        all.forEach(action);
    }

    ServerStatistics statistics(Tally tally) {
        long in = 0;
        long out = 0;
        for (Session session : all) {
            in += session.vitals().bytesIn;
            out += session.vitals().bytesOut;
        }
        return tally.statistics(active(), peak(), in, out);
    }

    List<ConnectionInfo> list() {
        return all.stream()
                .map(Session::info)
                .sorted(Comparator.comparingLong(ConnectionInfo::id))
                .toList();
    }
}
