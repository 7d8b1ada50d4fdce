package dev.procession.shm;

import dev.procession.core.Latch;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.Spin;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.engine.Wait.Outcome;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/**
 * A count that threads of several JVMs bring down to zero, and wait for: {@link java.util.concurrent.CountDownLatch} with a
 * longer reach.
 *
 * <p>A process that dies has counted down or not; nobody counts in its place. Where the death of a party must be noticed
 * use a {@link SharedBarrier}, or wait for the process as well.
 *
 * <p>An interrupt is seen within 20 ms. Time-outs are a minimum; zero or less does not wait. What a thread did before it
 * counted down <i>happens before</i> what a thread of any process does after it has waited for zero. Travels, and is
 * {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedCountDownLatch implements Latch, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload   0  word           int    futex: WAITERS | count
     *
     * Each change is one compare-and-set; whoever makes it zero wakes everybody.
     */
    private static final long WORD_AT = 0;
    private static final int WAITERS = 1 << 31;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient Spin spin = new Spin();

    SharedCountDownLatch(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
    }

    /**
     * Makes a latch in the memory of this JVM's family.
     *
     * @param count how often it must be counted down, 0 or more
     * @return the latch
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedCountDownLatch create(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: count=" + count);
        }
        return Spaces.family().create(Kind.LATCH, 0, entry -> initialize(entry, count), SharedCountDownLatch::new);
    }

    static void initialize(Entry entry, int count) {
        entry.payload().setInt(WORD_AT, count);
    }

    /** Counts down by one; lets everybody through who waits if that makes zero. Does nothing at zero. */
    @Override
    public void countDown() {
        entry.ensureOpen();
        for (; ; ) {
            int word = cells.getIntVolatile(WORD_AT);
            int count = word & ~WAITERS;
            if (count == 0) {
                return;
            }
            int next = count == 1 ? 0 : word - 1;
            if (cells.casInt(WORD_AT, word, next)) {
                if (next == 0 && (word & WAITERS) != 0) {
                    cells.wake(WORD_AT, Integer.MAX_VALUE);
                }
                return;
            }
        }
    }

    /**
     * How much is left to be counted down. May be out of date on return.
     *
     * @return the count
     */
    @Override
    public long getCount() {
        return cells.getIntVolatile(WORD_AT) & ~WAITERS;
    }

    /**
     * Waits until the count is zero, as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits
     */
    @Override
    public void await() throws InterruptedException {
        boolean _ = waitFor(Wait.FOREVER_NANOS);
    }

    /**
     * Waits until the count is zero, for a time at most.
     *
     * @param time how long
     * @param unit of the time
     * @return false if the time is up and the count is not zero
     * @throws InterruptedException if the thread is interrupted, before or while it waits
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return waitFor(unit.toNanos(time));
    }

    private boolean waitFor(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (getCount() == 0) {
            return true;
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos)) {
            outcome = waitForZero(wait);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return outcome != Outcome.TIMED_OUT;
    }

    /** LOOK_AGAIN stands for zero. */
    private Outcome waitForZero(Wait wait) {
        int spinsLeft = spin.budget();
        for (boolean slept = false; ; ) {
            int word = cells.getIntVolatile(WORD_AT);
            if ((word & ~WAITERS) == 0) {
                spin.learn(!slept);
                return Outcome.LOOK_AGAIN;
            }
            entry.ensureOpen();
            if (spinsLeft > 0) {
                spinsLeft--;
                Thread.onSpinWait();
            } else if ((word & WAITERS) != 0 || cells.casInt(WORD_AT, word, word | WAITERS)) {
                slept = true;
                Outcome outcome = wait.pause(cells, WORD_AT, word | WAITERS);
                if (outcome != Outcome.LOOK_AGAIN) {
                    return outcome;
                }
            }
        }
    }

    /** Ends the latch, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    static void close(Cells payload) {
        payload.wake(WORD_AT, Integer.MAX_VALUE);
    }

    /** Nothing: a latch belongs to nobody. */
    static void repair(Remains remains) {}

    /** Such as {@code SharedCountDownLatch 3f2a91bc/17[count=2]}. */
    @Override
    public String toString() {
        try {
            return entry + "[count=" + getCount() + "]";
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    Object writeReplace() {
        return Handle.to(Kind.LATCH, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedCountDownLatch is read as its handle");
    }
}
