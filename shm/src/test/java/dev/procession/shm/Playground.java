package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One of each synchronizer, and what is true of them whoever is killed. Each pair of numbers is changed together under its
 * lock, so they differ only while it is held.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a process that throws is to die holding what it holds
record Playground(
        SharedLock plain,
        Pair plainPair,
        SharedLock ownerBound,
        Pair ownerBoundPair,
        SharedReentrantLock fair,
        SharedCondition changed,
        Pair fairPair,
        SharedSemaphore leased,
        SharedSemaphore fairLeased,
        SharedEvent event,
        SharedBarrier barrier,
        SharedCountDownLatch latch,
        SharedLong counter,
        SharedLong begun,
        SharedLong ended)
        implements Serializable, AutoCloseable {
    static final int CAPACITY = 3;
    private static final int MOST_COUNTS = Integer.MAX_VALUE;

    /** Two numbers that are the same whenever their lock is free and out of doubt. */
    record Pair(SharedLong first, SharedLong second) implements Serializable, AutoCloseable {
        static Pair make() {
            return new Pair(SharedLong.create(0), SharedLong.create(0));
        }

        /** Whoever finds the pair uneven must have been told that an owner died. */
        void increment(boolean ownerDied) {
            if (first.getPlain() != second.getPlain()) {
                if (!ownerDied || first.getPlain() != second.getPlain() + 1) {
                    throw new AssertionError("uneven: first=" + first + ", second=" + second + ", told=" + ownerDied);
                }
                second.setPlain(first.getPlain());
            }
            first.setPlain(first.getPlain() + 1);
            second.setPlain(second.getPlain() + 1);
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    static Playground make() {
        SharedReentrantLock fair = SharedReentrantLock.create(LockOption.FAIR);
        return new Playground(
                SharedLock.create(),
                Pair.make(),
                SharedLock.create(LockOption.OWNER_BOUND),
                Pair.make(),
                fair,
                fair.newCondition(),
                Pair.make(),
                SharedSemaphore.create(CAPACITY, SemaphoreOption.LEASED),
                SharedSemaphore.create(CAPACITY, SemaphoreOption.LEASED, SemaphoreOption.FAIR),
                SharedEvent.create(),
                SharedBarrier.create(2),
                SharedCountDownLatch.create(MOST_COUNTS),
                SharedLong.create(0),
                SharedLong.create(0),
                SharedLong.create(0));
    }

    private interface Play {
        /** Once, waiting no longer than that where it waits for anything; false if that was not long enough. */
        boolean once(Duration patience) throws InterruptedException;
    }

    private List<Play> plays(Random random) {
        return List.of(
                patience -> changeUnder(plain, plainPair, patience),
                patience -> changeUnder(ownerBound, ownerBoundPair, patience),
                this::changeTwiceHeld,
                patience -> awaitChange(random.nextInt(300), patience),
                patience -> comeAndGo(leased, 1 + random.nextInt(CAPACITY), patience),
                patience -> comeAndGo(fairLeased, 1 + random.nextInt(CAPACITY), patience),
                patience -> setOrClearOrAwait(random.nextInt(3)),
                patience -> meet(random.nextInt(300)),
                patience -> count());
    }

    /** One random operation, of a process that may be killed at it; how long it takes does not matter. */
    void play(Random random) throws InterruptedException {
        List<Play> plays = plays(random);
        boolean _ = plays.get(random.nextInt(plays.size())).once(Duration.ofMinutes(10));
    }

    /**
     * One operation of each kind, by a survivor; each must come to its end within its patience.
     *
     * @return how long the slowest took, in nanoseconds
     */
    long playAll(Random random, Duration patience) throws InterruptedException {
        long worst = 0;
        List<Play> plays = plays(random);
        for (int kind = 0; kind < plays.size(); kind++) {
            long begin = System.nanoTime();
            assertThat(plays.get(kind).once(patience))
                    .as("operation of kind " + kind + " ended within " + patience)
                    .isTrue();
            worst = Math.max(worst, System.nanoTime() - begin);
        }
        return worst;
    }

    private static boolean changeUnder(SharedLock lock, Pair pair, Duration patience) throws InterruptedException {
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        pair.increment(lock.ownerDied());
        lock.markConsistent();
        lock.unlock();
        return true;
    }

    private boolean changeTwiceHeld(Duration patience) throws InterruptedException {
        if (!fair.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        fair.lock();
        fairPair.increment(fair.ownerDied());
        fair.markConsistent();
        changed.signal();
        fair.unlock();
        fair.unlock();
        return true;
    }

    private boolean awaitChange(int micros, Duration patience) throws InterruptedException {
        if (!fair.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean _ = changed.await(micros, TimeUnit.MICROSECONDS);
        fair.unlock();
        return true;
    }

    private static boolean comeAndGo(SharedSemaphore semaphore, int count, Duration patience)
            throws InterruptedException {
        boolean come = semaphore.tryAcquire(count, patience.toNanos(), TimeUnit.NANOSECONDS);
        if (come) {
            semaphore.release(count);
        }
        return come;
    }

    private boolean setOrClearOrAwait(int what) throws InterruptedException {
        switch (what) {
            case 0 -> event.set();
            case 1 -> event.clear();
            default -> {
                boolean _ = event.await(100, TimeUnit.MICROSECONDS);
            }
        }
        return true;
    }

    /** Alone, with another, or with one that is killed: it passes, or it is told that the barrier is broken. */
    private boolean meet(int micros) throws InterruptedException {
        try {
            barrier.await(micros, TimeUnit.MICROSECONDS);
        } catch (BrokenBarrierException | TimeoutException broken) {
            barrier.reset();
        }
        return true;
    }

    private boolean count() {
        begun.incrementAndGet();
        counter.incrementAndGet();
        latch.countDown();
        ended.incrementAndGet();
        return true;
    }

    /** When nobody plays any more: nothing is held, nothing was lost, nothing was done twice. */
    void check(Duration patience, int kills) throws Exception {
        Eventually.within(patience, "all permits are back", () -> leased.availablePermits() == CAPACITY);
        Eventually.within(patience, "all permits are back", () -> fairLeased.availablePermits() == CAPACITY);
        for (SharedLock lock : List.of(plain, ownerBound)) {
            lock.recover(() -> {});
        }
        for (Pair pair : List.of(plainPair, ownerBoundPair, fairPair)) {
            assertThat(pair.first().get() - pair.second().get()).isBetween(0L, 1L);
            assertThat(pair.first().get()).isPositive();
        }
        assertThat(counter.get()).isBetween(ended.get(), begun.get());
        assertThat(MOST_COUNTS - latch.getCount()).isBetween(ended.get(), begun.get());
        assertThat(begun.get() - ended.get()).as("counts cut short by a kill").isBetween(0L, (long) kills);
        barrier.reset();
        Thread other = Thread.startVirtualThread(() -> {
            try {
                barrier.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException unexpected) {
                throw new AssertionError(unexpected);
            }
        });
        barrier.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        other.join();
    }

    @Override
    public void close() {
        plain.close();
        plainPair.close();
        ownerBound.close();
        ownerBoundPair.close();
        fair.close();
        fairPair.close();
        leased.close();
        fairLeased.close();
        event.close();
        barrier.close();
        latch.close();
        counter.close();
        begun.close();
        ended.close();
    }
}
