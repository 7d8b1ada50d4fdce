package dev.procession.process.manager;

import dev.procession.process.ManagedSemaphore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A semaphore in the manager: the JDK's, where who waited longest is first. */
final class ServedSemaphore implements ManagedSemaphore {
    private final Semaphore permits;

    ServedSemaphore(int permits) {
        this.permits = new Semaphore(permits, /* fair= */ true);
    }

    @Override
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    @Override
    public void acquire(int count) throws InterruptedException {
        Turn.ensureNotInterrupted();
        if (!permits.tryAcquire(count)) {
            Turn.ensureMayWait();
            permits.acquire(count);
        }
    }

    @Override
    public boolean tryAcquire() {
        return permits.tryAcquire();
    }

    @Override
    public boolean tryAcquire(int count) {
        return permits.tryAcquire(count);
    }

    @Override
    public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, timeout, unit);
    }

    @Override
    public boolean tryAcquire(int count, long timeout, TimeUnit unit) throws InterruptedException {
        Turn.ensureNotInterrupted();
        if (permits.tryAcquire(count)) {
            return true;
        }
        if (timeout <= 0) {
            return false;
        }
        Turn.ensureMayWait();
        return permits.tryAcquire(count, timeout, unit);
    }

    @Override
    public void release() {
        permits.release();
    }

    @Override
    public void release(int count) {
        permits.release(count);
    }

    @Override
    public int availablePermits() {
        return permits.availablePermits();
    }
}
