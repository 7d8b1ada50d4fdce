package dev.procession.process.manager;

import dev.procession.process.ManagedEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** An event in the manager. */
final class ServedEvent implements ManagedEvent {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wasSet = lock.newCondition();

    // guarded by lock
    private boolean set;
    private long times;

    @Override
    public void set() {
        lock.lock();
        try {
            if (!set) {
                set = true;
                times++;
                wasSet.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            set = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isSet() {
        lock.lock();
        try {
            return set;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await() throws InterruptedException {
        await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        Turn.ensureNotInterrupted();
        long left = unit.toNanos(timeout);
        lock.lock();
        try {
            long before = times;
            while (!set && times == before) {
                if (left <= 0) {
                    return false;
                }
                Turn.ensureMayWait();
                left = wasSet.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
