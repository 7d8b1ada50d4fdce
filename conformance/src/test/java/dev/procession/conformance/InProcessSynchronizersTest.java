package dev.procession.conformance;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Nested;

/** The JDK's own classes show that the suites ask for nothing they do not promise. */
class InProcessSynchronizersTest {
    @Nested
    class Locks extends ReentrantLockContract {
        @Override
        protected Lock newLock() {
            return new ReentrantLock();
        }
    }

    @Nested
    class FairLocks extends ReentrantLockContract {
        @Override
        protected Lock newLock() {
            return new ReentrantLock(/* fair= */ true);
        }
    }

    @Nested
    class Conditions extends ConditionContract {
        @Override
        protected Lock newLock() {
            return new ReentrantLock();
        }
    }

    @Nested
    class Semaphores extends SemaphoreContract {
        @Override
        protected Permits newSemaphore(int permits) {
            Semaphore semaphore = new Semaphore(permits);
            return new Permits() {
                @Override
                public void acquire(int count) throws InterruptedException {
                    semaphore.acquire(count);
                }

                @Override
                public boolean tryAcquire(int count) {
                    return semaphore.tryAcquire(count);
                }

                @Override
                public boolean tryAcquire(int count, long time, TimeUnit unit) throws InterruptedException {
                    return semaphore.tryAcquire(count, time, unit);
                }

                @Override
                public void release(int count) {
                    semaphore.release(count);
                }

                @Override
                public int availablePermits() {
                    return semaphore.availablePermits();
                }
            };
        }
    }

    @Nested
    class Barriers extends BarrierContract {
        @Override
        protected Barrier newBarrier(int parties) {
            CyclicBarrier barrier = new CyclicBarrier(parties);
            return new Barrier() {
                @Override
                public int await() throws InterruptedException, BrokenBarrierException {
                    return barrier.await();
                }

                @Override
                public int await(long time, TimeUnit unit)
                        throws InterruptedException, BrokenBarrierException, TimeoutException {
                    return barrier.await(time, unit);
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
            };
        }
    }

    @Nested
    class Latches extends LatchContract {
        @Override
        protected Latch newLatch(int count) {
            CountDownLatch latch = new CountDownLatch(count);
            return new Latch() {
                @Override
                public void countDown() {
                    latch.countDown();
                }

                @Override
                public long getCount() {
                    return latch.getCount();
                }

                @Override
                public void await() throws InterruptedException {
                    latch.await();
                }

                @Override
                public boolean await(long time, TimeUnit unit) throws InterruptedException {
                    return latch.await(time, unit);
                }
            };
        }
    }
}
