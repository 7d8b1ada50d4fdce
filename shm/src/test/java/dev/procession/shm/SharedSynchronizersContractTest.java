package dev.procession.shm;

import dev.procession.conformance.BarrierContract;
import dev.procession.conformance.ConditionContract;
import dev.procession.conformance.LatchContract;
import dev.procession.conformance.LockContract;
import dev.procession.conformance.OwnerBoundLockContract;
import dev.procession.conformance.ReentrantLockContract;
import dev.procession.conformance.SemaphoreContract;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;

/** The shared synchronizers keep the rules of the JDK's. */
class SharedSynchronizersContractTest {
    @Nested
    class PlainLocks extends LockContract {
        @Override
        protected Lock newLock() {
            return SharedLock.create();
        }
    }

    @Nested
    class OwnerBoundLocks extends OwnerBoundLockContract {
        @Override
        protected Lock newLock() {
            return SharedLock.create(LockOption.OWNER_BOUND);
        }
    }

    @Nested
    class FairOwnerBoundLocks extends OwnerBoundLockContract {
        @Override
        protected Lock newLock() {
            return SharedLock.create(LockOption.OWNER_BOUND, LockOption.FAIR);
        }
    }

    @Nested
    class ReentrantLocks extends ReentrantLockContract {
        @Override
        protected Lock newLock() {
            return SharedReentrantLock.create();
        }
    }

    @Nested
    class FairReentrantLocks extends ReentrantLockContract {
        @Override
        protected Lock newLock() {
            return SharedReentrantLock.create(LockOption.FAIR);
        }
    }

    @Nested
    class Conditions extends ConditionContract {
        @Override
        protected Lock newLock() {
            return SharedReentrantLock.create();
        }
    }

    @Nested
    class ConditionsOfFairLocks extends ConditionContract {
        @Override
        protected Lock newLock() {
            return SharedReentrantLock.create(LockOption.FAIR);
        }
    }

    private static SemaphoreContract.Permits permits(SharedSemaphore semaphore) {
        return new SemaphoreContract.Permits() {
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

            @Override
            public void close() {
                semaphore.close();
            }
        };
    }

    @Nested
    class Semaphores extends SemaphoreContract {
        @Override
        protected Permits newSemaphore(int permits) {
            return permits(SharedSemaphore.create(permits));
        }
    }

    @Nested
    class FairSemaphores extends SemaphoreContract {
        @Override
        protected Permits newSemaphore(int permits) {
            return permits(SharedSemaphore.create(permits, SemaphoreOption.FAIR));
        }
    }

    @Nested
    class LeasedSemaphores extends SemaphoreContract {
        @Override
        protected Permits newSemaphore(int permits) {
            return permits(SharedSemaphore.create(permits, SemaphoreOption.LEASED));
        }
    }

    @Nested
    class Barriers extends BarrierContract {
        @Override
        protected Barrier newBarrier(int parties) {
            SharedBarrier barrier = SharedBarrier.create(parties);
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

                @Override
                public void close() {
                    barrier.close();
                }
            };
        }
    }

    @Nested
    class Latches extends LatchContract {
        @Override
        protected Latch newLatch(int count) {
            SharedCountDownLatch latch = SharedCountDownLatch.create(count);
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

                @Override
                public void close() {
                    latch.close();
                }
            };
        }
    }
}
