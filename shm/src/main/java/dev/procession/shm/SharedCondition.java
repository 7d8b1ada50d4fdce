package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.Turns;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.engine.Wait.Outcome;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * A condition of a shared lock: threads of several JVMs wait for it, first come, first signalled. Python's {@code
 * multiprocessing.Condition}.
 *
 * <p>Made by {@code newCondition()} of its lock. It travels like the lock, and in the other JVM belongs to the same lock
 * there. All methods that wait or signal must be called by a holder of the lock: of a {@link SharedReentrantLock} or
 * an {@linkplain LockOption#OWNER_BOUND owner-bound} lock the thread, of another {@link SharedLock} any thread of the
 * process.
 *
 * <p><b>If a process dies</b>: one that waited is forgotten; one that had been signalled and had not come back from its
 * wait passes the signal on to the next, so no signal is lost; one that was signalling while it held the lock has
 * signalled or not, and the lock is recovered as always. A waiter may wake for no reason, so wait in a loop, or by {@link
 * #awaitUntilTrue}.
 *
 * <p>Coming back from a wait acquires the lock, uninterruptibly. If an owner died in a lock that was made to {@linkplain
 * LockOption#REFUSE_AFTER_OWNER_DEATH refuse} then, the wait throws {@link OwnerDiedException}, with the lock held, like
 * every other way out of a wait.
 *
 * <p>An interrupt is seen within 20 ms. Time-outs are a minimum; zero or less releases and acquires the lock but does not
 * wait. Not more than 65536 threads of a family can wait in line at one time, for all conditions and fair locks together.
 * Thread-safe and process-safe. {@link #close()} ends the condition for everybody; it also ends with its lock.
 */
public final class SharedCondition implements Condition, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload   0  tickets        long   of those who wait
     *           8  lock's kind    int
     *          12  lock's entry   int
     *          16  generation     int    of the lock's entry
     *
     * A waiter lines up before it releases the lock; a signaller holds the lock. So whoever waited before the signaller
     * took the lock is in line. What happens between signal and return is told in WaiterLayout.
     */
    private static final long TICKETS_AT = 0;
    private static final long LOCK_KIND_AT = 8;
    private static final long LOCK_INDEX_AT = 12;
    private static final long LOCK_GENERATION_AT = 16;

    private final transient Entry entry;
    private final transient Monitor monitor;
    private final transient Turns waiting;

    private SharedCondition(Entry entry, Monitor monitor) {
        this.entry = entry;
        this.monitor = monitor;
        this.waiting = new Turns(entry, TICKETS_AT, Turns.Purpose.SIGNAL);
    }

    static SharedCondition of(Kind lockKind, Entry lock, Monitor monitor) {
        return lock.space()
                .create(
                        Kind.CONDITION,
                        0,
                        entry -> {
                            entry.payload().setInt(LOCK_KIND_AT, lockKind.number());
                            entry.payload().setInt(LOCK_INDEX_AT, lock.index());
                            entry.payload().setInt(LOCK_GENERATION_AT, lock.generation());
                        },
                        entry -> new SharedCondition(entry, monitor));
    }

    /** The condition as another JVM attaches to it: with the lock as it is there. */
    static SharedCondition attach(Entry entry) {
        Cells payload = entry.payload();
        Object lock = Kind.of(payload.getInt(LOCK_KIND_AT))
                .resolve(entry.space(), payload.getInt(LOCK_INDEX_AT), payload.getInt(LOCK_GENERATION_AT));
        return new SharedCondition(entry, monitorOf(lock));
    }

    private static Monitor monitorOf(Object lock) {
        return switch (lock) {
            case SharedLock plain -> plain.monitor();
            case SharedReentrantLock reentrant -> reentrant.monitor();
            case Guarded value -> value.lock().monitor();
            default -> throw new IllegalStateException("not a lock: " + lock);
        };
    }

    /** Closes all conditions of a lock. */
    static void closeAllOf(Entry lock) {
        lock.space()
                .closeAll(
                        Kind.CONDITION,
                        condition -> condition.getInt(LOCK_INDEX_AT) == lock.index()
                                && condition.getInt(LOCK_GENERATION_AT) == lock.generation());
    }

    @Override
    public void await() throws InterruptedException {
        boolean _ = waitFor(Wait.FOREVER_NANOS);
    }

    /**
     * {@inheritDoc}
     *
     * @return how much of the time is left, in nanoseconds; not positive if it is up
     */
    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long deadline = System.nanoTime() + nanosTimeout;
        boolean _ = waitFor(nanosTimeout);
        return deadline - System.nanoTime();
    }

    /**
     * {@inheritDoc}
     *
     * @return false if the time is up and no signal has come
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return waitFor(unit.toNanos(time));
    }

    /**
     * {@inheritDoc}
     *
     * @return false if the deadline has passed and no signal has come
     */
    @Override
    @SuppressWarnings("JavaUtilDate") // Condition's own type
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return waitFor(TimeUnit.MILLISECONDS.toNanos(deadline.getTime() - System.currentTimeMillis()));
    }

    @Override
    public void awaitUninterruptibly() {
        monitor.ensureHeld();
        try (Wait wait = Wait.uninterruptibly()) {
            waitInLine(wait);
        }
    }

    private boolean waitFor(long timeoutNanos) throws InterruptedException {
        monitor.ensureHeld();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos)) {
            outcome = waitInLine(wait);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return outcome != Outcome.TIMED_OUT;
    }

    /** LOOK_AGAIN stands for a signal. */
    private Outcome waitInLine(Wait wait) {
        int place = waiting.enter();
        int holds;
        try {
            holds = monitor.releaseFully();
        } catch (RuntimeException | Error notHeld) {
            waiting.leave(place);
            throw notHeld;
        }
        try {
            return waitForSignal(wait, place);
        } finally {
            try {
                monitor.reacquire(holds);
            } finally {
                waiting.leave(place);
            }
        }
    }

    private Outcome waitForSignal(Wait wait, int place) {
        for (; ; ) {
            int nudges = waiting.nudges(place);
            if (waiting.isSignalled(place)) {
                return Outcome.LOOK_AGAIN;
            }
            entry.ensureOpen();
            Outcome outcome = waiting.pause(wait, place, nudges);
            if (outcome != Outcome.LOOK_AGAIN) {
                if (waiting.cancel(place)) {
                    return outcome;
                }
                // The signal was faster: it counts, and the interrupt is for later.
                if (outcome == Outcome.INTERRUPTED) {
                    Thread.currentThread().interrupt();
                }
                return Outcome.LOOK_AGAIN;
            }
        }
    }

    /**
     * Waits until something holds, for a time at most: Python's {@code wait_for}.
     *
     * @param holds asked before the first wait and after each, holding the lock
     * @param time how long at most
     * @param unit of the time
     * @return whether it holds
     * @throws InterruptedException if the thread is interrupted before or while it waits
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    public boolean awaitUntilTrue(BooleanSupplier holds, long time, TimeUnit unit) throws InterruptedException {
        long remaining = unit.toNanos(time);
        monitor.ensureHeld();
        while (!holds.getAsBoolean()) {
            if (remaining <= 0) {
                return false;
            }
            remaining = awaitNanos(remaining);
        }
        return true;
    }

    @Override
    public void signal() {
        monitor.ensureHeld();
        entry.ensureOpen();
        waiting.signalFirst();
    }

    /**
     * Signals several waiters, or all if there are fewer: Python's {@code notify(n)}.
     *
     * @param count how many
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    public void signal(int count) {
        monitor.ensureHeld();
        entry.ensureOpen();
        for (int i = 0; i < count && waiting.signalFirst(); i++) {
            // the next one
        }
    }

    @Override
    public void signalAll() {
        monitor.ensureHeld();
        entry.ensureOpen();
        waiting.signalAll();
    }

    /** Ends the condition, for every process. Those who wait get an IllegalStateException, with the lock held. */
    @Override
    public void close() {
        entry.close();
    }

    /** Nothing: whoever waits looks at the entry at the end of its slice. */
    static void close(Cells payload) {}

    /** Nothing: what a dead member leaves of a condition is its records in the table of waiters. */
    static void repair(Remains remains) {}

    /** How many threads wait, of all processes. For tests. */
    int queueLength() {
        return waiting.length();
    }

    /** Such as {@code SharedCondition 3f2a91bc/18}. */
    @Override
    public String toString() {
        return entry.toString();
    }

    Object writeReplace() {
        return Handle.to(Kind.CONDITION, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedCondition is read as its handle");
    }
}
