package dev.procession.process.manager;

import dev.procession.process.ManagedBarrier;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A barrier in the manager: the JDK's. A client that dies in it interrupts its wait, and so breaks it. */
final class ServedBarrier implements ManagedBarrier {
    private final CyclicBarrier barrier;

    ServedBarrier(int parties) {
        barrier = new CyclicBarrier(parties);
    }

    @Override
    public int await() throws InterruptedException, BrokenBarrierException {
        Turn.ensureMayWait();
        return barrier.await();
    }

    @Override
    public int await(long timeout, TimeUnit unit)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        Turn.ensureMayWait();
        return barrier.await(timeout, unit);
    }

    @Override
    public void reset() {
        barrier.reset();
    }

    @Override
    public boolean isBroken() {
        return barrier.isBroken();
    }

    @Override
    public int getNumberWaiting() {
        return barrier.getNumberWaiting();
    }

    @Override
    public int getParties() {
        return barrier.getParties();
    }
}
