package dev.procession.shm;

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
 * A flag that threads of several JVMs wait for: Python's {@code multiprocessing.Event}.
 *
 * <p>Everybody who waits when it is set gets through, also if it is cleared again before they have looked. It stays set
 * until somebody clears it, whoever dies.
 *
 * <p>An interrupt is seen within 20 ms. Time-outs are a minimum; zero or less does not wait. What a thread did before it
 * set the event <i>happens before</i> what a thread of any process does after it has waited for that. Travels, and is
 * {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedEvent implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload   0  word           int    futex: WAITERS | how often it was set (30 bits) | 1 if it is set
     *
     * Each change is one compare-and-set. A setter that dies before it has woken anybody leaves sleepers to their slices.
     */
    private static final long WORD_AT = 0;
    private static final int WAITERS = 1 << 31;
    private static final int SET = 1;
    private static final int ONE_TIME = 2;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient Spin spin = new Spin();

    SharedEvent(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
    }

    /**
     * Makes an event, not set, in the memory of this JVM's family.
     *
     * @return the event
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedEvent create() {
        return Spaces.family().create(Kind.EVENT, 0, _ -> {}, SharedEvent::new);
    }

    /** Sets the event and lets everybody through who waits. Does nothing if it is set. */
    public void set() {
        entry.ensureOpen();
        for (; ; ) {
            int word = cells.getIntVolatile(WORD_AT);
            if ((word & SET) != 0) {
                return;
            }
            if (cells.casInt(WORD_AT, word, ((word + ONE_TIME) & ~WAITERS) | SET)) {
                if ((word & WAITERS) != 0) {
                    cells.wake(WORD_AT, Integer.MAX_VALUE);
                }
                return;
            }
        }
    }

    /** Clears the event: who waits from now on waits for the next time it is set. */
    public void clear() {
        entry.ensureOpen();
        cells.getAndAndInt(WORD_AT, ~SET);
    }

    /**
     * Tells whether the event is set. May be out of date on return.
     *
     * @return whether it is
     */
    public boolean isSet() {
        return (cells.getIntVolatile(WORD_AT) & SET) != 0;
    }

    /**
     * Waits until the event is set, as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits
     */
    public void await() throws InterruptedException {
        boolean _ = waitFor(Wait.FOREVER_NANOS);
    }

    /**
     * Waits until the event is set, for a time at most.
     *
     * @param time how long
     * @param unit of the time
     * @return false if the time is up and it was not set
     * @throws InterruptedException if the thread is interrupted, before or while it waits
     */
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return waitFor(unit.toNanos(time));
    }

    private boolean waitFor(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int first = cells.getIntVolatile(WORD_AT);
        if ((first & SET) != 0) {
            return true;
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos)) {
            outcome = waitWhile(wait, timesSetOf(first));
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return outcome != Outcome.TIMED_OUT;
    }

    private static int timesSetOf(int word) {
        return word & ~(WAITERS | SET);
    }

    /** LOOK_AGAIN stands for: it was set. */
    private Outcome waitWhile(Wait wait, int timesSet) {
        int spinsLeft = spin.budget();
        for (boolean slept = false; ; ) {
            int word = cells.getIntVolatile(WORD_AT);
            if (timesSetOf(word) != timesSet) {
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

    /** Ends the event, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    static void close(Cells payload) {
        payload.wake(WORD_AT, Integer.MAX_VALUE);
    }

    /** Nothing: an event belongs to nobody. */
    static void repair(Remains remains) {}

    /** Whether a thread, of whatever process, may be asleep. For tests. */
    boolean hasSleepers() {
        return (cells.getIntVolatile(WORD_AT) & WAITERS) != 0;
    }

    /** Such as {@code SharedEvent 3f2a91bc/17[set]}. */
    @Override
    public String toString() {
        try {
            return entry + (isSet() ? "[set]" : "[not set]");
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    Object writeReplace() {
        return Handle.to(Kind.EVENT, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedEvent is read as its handle");
    }
}
