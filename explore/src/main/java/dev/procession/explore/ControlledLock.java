package dev.procession.explore;

import dev.procession.core.spi.Interleaving.Act;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A re-entrant lock of which a {@link Run} decides who gets it. Plain fields do: only the task that has the baton touches
 * them.
 *
 * <p>A wait with a time limit may end at any moment: its time-out is a step like any other. So is an attempt with a limit,
 * which takes the lock if it is free when its turn comes and is out of time otherwise.
 */
final class ControlledLock implements Lock {
    private static final class Waiter {
        private final int holds;
        private boolean signalled;

        Waiter(int holds) {
            this.holds = holds;
        }
    }

    private final Run run;
    private final String name;
    private @Nullable Object owner;
    private int holds;

    ControlledLock(Run run, String name) {
        this.run = run;
        this.name = name;
    }

    @Nullable
    Object owner() {
        return owner;
    }

    @SuppressWarnings("ReferenceEquality") // owners are compared as what they are, tasks of one run
    private boolean isMine() {
        return owner == run.self();
    }

    @Override
    public void lock() {
        if (isMine()) {
            holds++;
            return;
        }
        run.step(Act.LOCK, this, name, () -> owner == null);
        take(1);
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock() {
        if (isMine()) {
            holds++;
            return true;
        }
        run.step(Act.WRITE, this, name, () -> true);
        if (owner != null) {
            return false;
        }
        take(1);
        return true;
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        return tryLock();
    }

    private void take(int times) {
        if (owner != null) {
            throw new IllegalStateException("the lock is held, and only tasks can wait for it: name=" + name);
        }
        owner = run.self();
        holds = times;
    }

    @Override
    public void unlock() {
        if (run.isAbandoned()) {
            return;
        }
        ensureOwner();
        if (holds > 1) {
            holds--;
            return;
        }
        run.step(Act.UNLOCK, this, name, () -> true);
        free();
    }

    private void ensureOwner() {
        if (!isMine()) {
            throw new IllegalMonitorStateException("the lock is not this task's: name=" + name);
        }
    }

    private void free() {
        owner = null;
        holds = 0;
    }

    @Override
    public Condition newCondition() {
        return new Line();
    }

    /** Those who wait for one condition, first in front. */
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private final class Line implements Condition {
        private final Deque<Waiter> waiters = new ArrayDeque<>();

        @Override
        public void await() {
            var me = release();
            run.step(Act.RESUME, ControlledLock.this, name, () -> me.signalled && owner == null);
            take(me.holds);
        }

        @Override
        public void awaitUninterruptibly() {
            await();
        }

        @Override
        public long awaitNanos(long nanosTimeout) {
            var me = release();
            run.step(Act.RESUME, ControlledLock.this, name, () -> owner == null);
            take(me.holds);
            waiters.remove(me);
            return me.signalled ? Math.max(nanosTimeout, 0) : 0;
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            return awaitNanos(unit.toNanos(time)) > 0;
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            return awaitNanos(1) > 0;
        }

        private Waiter release() {
            ensureOwner();
            run.step(Act.AWAIT, ControlledLock.this, name, () -> true);
            var me = new Waiter(holds);
            waiters.add(me);
            free();
            return me;
        }

        @Override
        public void signal() {
            ensureOwner();
            Waiter first = waiters.poll();
            if (first != null) {
                first.signalled = true;
            }
        }

        @Override
        public void signalAll() {
            ensureOwner();
            waiters.forEach(waiter -> waiter.signalled = true);
            waiters.clear();
        }
    }

    /** Such as {@code noodles}. */
    @Override
    public String toString() {
        return name;
    }
}
