package dev.procession.process.manager;

import dev.procession.process.manager.Turn.Caller;
import dev.procession.process.manager.Turn.CutShort;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A condition of a {@link ServedLock}. All state is guarded by the lock's books. First come, first signalled. */
@SuppressWarnings({
    "WaitNotInLoop", // the loop is the caller's, in another process
    "JavaUtilDate" // Condition has it
})
final class ServedCondition implements Condition {
    private final ServedLock lock;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    private static final class Waiter {
        final Condition wakeUp;
        boolean signalled;

        Waiter(Condition wakeUp) {
            this.wakeUp = wakeUp;
        }
    }

    ServedCondition(ServedLock lock) {
        this.lock = lock;
    }

    @Override
    public void await() throws InterruptedException {
        awaitNanos(Long.MAX_VALUE);
    }

    @Override
    public void awaitUninterruptibly() {
        try {
            awaitNanos(Long.MAX_VALUE);
        } catch (InterruptedException _) {
            throw new CutShort(); // its caller cannot interrupt it
        }
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitNanos(unit.toNanos(time)) > 0;
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(deadline.getTime() - System.currentTimeMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        lock.books().lock();
        try {
            Caller caller = Turn.current();
            lock.ensureHeldBy(caller);
            Turn.ensureNotInterrupted();
            Turn.ensureMayWait();
            return awaitHolding(caller, nanos);
        } finally {
            lock.books().unlock();
        }
    }

    private long awaitHolding(Caller caller, long nanos) throws InterruptedException {
        var waiter = new Waiter(lock.books().newCondition());
        waiters.add(waiter);
        int holds = lock.giveUp();
        InterruptedException interrupt = null;
        long left = nanos;
        try {
            while (!waiter.signalled && left > 0) {
                left = waiter.wakeUp.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            interrupt = e;
        }
        waiters.remove(waiter);
        takeBack(caller, holds, waiter);
        if (interrupt != null && !waiter.signalled) {
            throw interrupt;
        }
        return waiter.signalled ? Math.max(1, left) : Math.min(0, left);
    }

    private void takeBack(Caller caller, int holds, Waiter waiter) {
        try {
            lock.takeBack(caller, holds);
        } catch (CutShort e) {
            if (waiter.signalled) {
                signalNext(); // the signal must not die with its client
            }
            throw e;
        }
    }

    @Override
    public void signal() {
        lock.books().lock();
        try {
            lock.ensureHeldBy(Turn.current());
            signalNext();
        } finally {
            lock.books().unlock();
        }
    }

    private @Nullable Waiter signalNext() {
        Waiter next = waiters.poll();
        if (next != null) {
            next.signalled = true;
            next.wakeUp.signal();
        }
        return next;
    }

    @Override
    public void signalAll() {
        lock.books().lock();
        try {
            lock.ensureHeldBy(Turn.current());
            signalEverybody();
        } finally {
            lock.books().unlock();
        }
    }

    /** Called under the books. */
    void signalEverybody() {
        while (signalNext() != null) {
            // one after the other
        }
    }
}
