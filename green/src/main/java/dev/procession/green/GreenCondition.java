package dev.procession.green;

import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A condition of a {@link GreenLock}. Signals go to those who have waited longest, and one that meets a cancelled task goes on. */
@SuppressWarnings("WaitNotInLoop") // the looping is the caller's, as with every Condition
final class GreenCondition implements Condition {
    private final GreenLock lock;
    private final WaitLine line = new WaitLine("a condition of a GreenLock");

    GreenCondition(GreenLock lock) {
        this.lock = lock;
    }

    @Override
    public void await() {
        boolean _ = await(Long.MAX_VALUE);
    }

    /** Waits; a cancellation cuts this short as well. */
    @Override
    public void awaitUninterruptibly() {
        await();
    }

    @Override
    public boolean await(long time, TimeUnit unit) {
        return await(unit.toNanos(time));
    }

    @Override
    public long awaitNanos(long timeoutNanos) {
        EventLoop loop = Task.current().loop;
        long deadline = loop.nanos() + timeoutNanos;
        boolean _ = await(timeoutNanos);
        return deadline - loop.nanos();
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // the interface's
    public boolean awaitUntil(Date deadline) {
        return await(TimeUnit.MILLISECONDS.toNanos(deadline.getTime() - System.currentTimeMillis()));
    }

    private boolean await(long timeoutNanos) {
        ensureLocked();
        lock.unlock();
        try {
            return line.await(timeoutNanos);
        } finally {
            lockAgain();
        }
    }

    /** Takes the lock whatever happens to the task meanwhile, and then lets that happen again. */
    private void lockAgain() {
        Task<?> self = Task.current();
        CancelScope scope = new CancelScope(self.loop, null);
        scope.enter(self);
        scope.shield();
        TaskCancelledException cancelled = null;
        try {
            while (true) {
                try {
                    lock.lock();
                    break;
                } catch (TaskCancelledException meanwhile) {
                    cancelled = meanwhile;
                }
            }
        } finally {
            boolean _ = scope.leave(null);
        }
        if (cancelled != null) {
            self.inject(cancelled); // at its next wait
        }
    }

    @Override
    public void signal() {
        ensureLocked();
        line.wakeNext();
    }

    @Override
    public void signalAll() {
        ensureLocked();
        line.wakeAll();
    }

    private void ensureLocked() {
        if (!lock.isLocked()) {
            throw new IllegalMonitorStateException("nobody holds the lock of this condition");
        }
    }
}
