package dev.procession.process;

import dev.procession.conformance.BarrierContract;
import dev.procession.conformance.BlockingQueueContract;
import dev.procession.conformance.ConcurrentMapContract;
import dev.procession.conformance.ConditionContract;
import dev.procession.conformance.LockContract;
import dev.procession.conformance.ReentrantLockContract;
import dev.procession.conformance.SemaphoreContract;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** A manager's objects keep the rules of the JDK's, all of them, over a socket. */
class ManagerContractTest {
    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Nested
    class Queues extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return manager.queue(capacity);
        }
    }

    @Nested
    class Maps extends ConcurrentMapContract {
        @Override
        protected ConcurrentMap<String, Integer> newMap() {
            return manager.map();
        }

        @Override
        protected ConcurrentMap<Integer, String> newMapOfStrings() {
            return manager.map();
        }
    }

    @Nested
    class PlainLocks extends LockContract {
        @Override
        protected Lock newLock() {
            return manager.lock();
        }
    }

    @Nested
    class ReentrantLocks extends ReentrantLockContract {
        @Override
        protected Lock newLock() {
            return manager.reentrantLock();
        }
    }

    @Nested
    class Conditions extends ConditionContract {
        @Override
        protected Lock newLock() {
            return manager.reentrantLock();
        }
    }

    @Nested
    class Semaphores extends SemaphoreContract {
        @Override
        protected Permits newSemaphore(int permits) {
            ManagedSemaphore semaphore = manager.semaphore(permits);
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
            ManagedBarrier barrier = manager.barrier(parties);
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
}
