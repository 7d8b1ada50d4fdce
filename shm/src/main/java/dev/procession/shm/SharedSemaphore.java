package dev.procession.shm;

import dev.procession.core.CountingSemaphore;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.DeadlockWatch;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.Spin;
import dev.procession.shm.engine.Turns;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.engine.Wait.Outcome;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits that threads of several JVMs share: Python's {@code multiprocessing.Semaphore}, {@code
 * BoundedSemaphore} with {@link SemaphoreOption#BOUNDED}.
 *
 * <p>Works as {@link java.util.concurrent.Semaphore}, whose method names it has. A permit belongs to nobody: whoever wants
 * may release, also without having acquired, unless the semaphore is bounded or leased.
 *
 * <p><b>If a process dies</b> with permits of a plain semaphore, they are gone, since nobody can know whose they were. Of a
 * {@linkplain SemaphoreOption#LEASED leased} one they come back within milliseconds. A process that dies while it waits is
 * forgotten.
 *
 * <p><b>Deadlocks.</b> Threads that have all permits of a leased semaphore of at most 20, and wait for one that waits for
 * such a permit, are reported as {@link LockOption#OWNER_BOUND} says of locks that anybody may release.
 *
 * <p>An interrupt is seen within 20 ms. Time-outs are a minimum; zero or less does not wait. What a thread did before it
 * released <i>happens before</i> what a thread of any process does after it has acquired that permit. Travels, and is
 * {@linkplain #close() closed}, as {@link SharedLock} says. Thread-safe and process-safe.
 */
public final class SharedSemaphore implements CountingSemaphore, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload   0  permits        int    available, unless leased
     *           4  changes        int    futex: WAITERS | count of releases that woke somebody
     *           8  options        int
     *          12  limit          int    the most that may be available
     *          16  tickets        long   of those who wait in line, if it is fair
     *          24  guard          int    lock of the leased books
     *          32  borrowers      long[] see Borrowers; to the end of the payload
     * heap      0  holdings       int[]  what each member has, if leased
     *
     * Who waits sets WAITERS, looks once more, and sleeps on `changes`. Who releases first gives the permits back, then
     * looks for WAITERS: one of the two sees the other. The releaser clears WAITERS, so that a storm of releases wakes
     * once; whoever has slept and got its permit sets it again and, if more permits are left, wakes the next.
     */
    private static final long PERMITS_AT = 0;
    private static final long CHANGES_AT = 4;
    private static final long OPTIONS_AT = 8;
    private static final long LIMIT_AT = 12;
    private static final long TICKETS_AT = 16;
    private static final long GUARD_AT = 24;
    private static final long BORROWERS_AT = 32;
    private static final int WAITERS = 1 << 31;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient Permits permits;
    private final transient @Nullable Turns turns;
    private final transient Spin spin = new Spin();

    SharedSemaphore(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        int options = cells.getInt(OPTIONS_AT);
        int limit = cells.getInt(LIMIT_AT);
        this.permits = SemaphoreOption.LEASED.isIn(options)
                ? new Permits.Lent(entry, GUARD_AT, BORROWERS_AT, limit)
                : new Permits.Counted(entry, PERMITS_AT, limit);
        this.turns = SemaphoreOption.FAIR.isIn(options) ? new Turns(entry, TICKETS_AT, Turns.Purpose.TURN) : null;
    }

    /**
     * Makes a semaphore in the memory of this JVM's family.
     *
     * @param permits how many permits there are at first, 0 or more
     * @param options what it shall do besides
     * @return the semaphore
     * @throws IllegalArgumentException if {@code permits} is negative
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedSemaphore create(int permits, SemaphoreOption... options) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits must not be negative: permits=" + permits);
        }
        int bits = SemaphoreOption.bitsOf(options);
        boolean leased = SemaphoreOption.LEASED.isIn(bits);
        boolean bounded = leased || SemaphoreOption.BOUNDED.isIn(bits);
        return Spaces.family()
                .create(
                        Kind.SEMAPHORE,
                        leased ? Permits.Lent.HEAP_BYTES : 0,
                        entry -> initialize(entry, permits, bits, bounded ? permits : Integer.MAX_VALUE),
                        SharedSemaphore::new);
    }

    /** A semaphore without options has no bits and no limit. */
    static void initialize(Entry entry, int permits, int bits, int limit) {
        entry.payload().setInt(PERMITS_AT, permits);
        entry.payload().setInt(OPTIONS_AT, bits);
        entry.payload().setInt(LIMIT_AT, limit);
    }

    /**
     * Acquires a permit, waiting as long as it takes.
     *
     * @throws InterruptedException if the thread is interrupted, before or while it waits; nothing is acquired then
     */
    @Override
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Acquires permits, all at once, waiting as long as it takes.
     *
     * @param count how many
     * @throws InterruptedException if the thread is interrupted, before or while it waits; nothing is acquired then
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public void acquire(int count) throws InterruptedException {
        boolean _ = acquire(count, Wait.FOREVER_NANOS);
    }

    /** Acquires a permit, waiting as long as it takes; an interrupt is kept for later. */
    public void acquireUninterruptibly() {
        acquireUninterruptibly(1);
    }

    /**
     * Acquires permits, all at once, waiting as long as it takes; an interrupt is kept for later.
     *
     * @param count how many
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public void acquireUninterruptibly(int count) {
        ensureNotNegative(count);
        if (takeFast(count)) {
            return;
        }
        try (Wait wait = Wait.uninterruptibly(watch())) {
            Outcome _ = takeSlowly(wait, count);
        }
    }

    /**
     * Acquires a permit if there is one, whoever waits.
     *
     * @return whether it was acquired
     */
    @Override
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Acquires permits if there are enough, whoever waits.
     *
     * @param count how many
     * @return whether they were acquired
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public boolean tryAcquire(int count) {
        ensureNotNegative(count);
        entry.ensureOpen();
        return permits.take(count);
    }

    /**
     * Acquires a permit if one comes in time.
     *
     * @param time how long to wait at most
     * @param unit of the time
     * @return whether it was acquired
     * @throws InterruptedException if the thread is interrupted, before or while it waits; nothing is acquired then
     */
    @Override
    public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, time, unit);
    }

    /**
     * Acquires permits, all at once, if enough come in time.
     *
     * @param count how many
     * @param time how long to wait at most
     * @param unit of the time
     * @return whether they were acquired
     * @throws InterruptedException if the thread is interrupted, before or while it waits; nothing is acquired then
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public boolean tryAcquire(int count, long time, TimeUnit unit) throws InterruptedException {
        return acquire(count, unit.toNanos(time));
    }

    private static void ensureNotNegative(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: count=" + count);
        }
    }

    private boolean acquire(int count, long timeoutNanos) throws InterruptedException {
        ensureNotNegative(count);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (takeFast(count)) {
            return true;
        }
        Outcome outcome;
        try (Wait wait = Wait.interruptibly(timeoutNanos, watch())) {
            outcome = takeSlowly(wait, count);
        }
        if (outcome == Outcome.INTERRUPTED) {
            throw new InterruptedException();
        }
        return outcome != Outcome.TIMED_OUT;
    }

    private @Nullable DeadlockWatch watch() {
        boolean leased = SemaphoreOption.LEASED.isIn(cells.getInt(OPTIONS_AT));
        return entry.space()
                .deadlocks()
                .watch(entry, leased ? DeadlockWatch.Way.MAY_THROW : DeadlockWatch.Way.FOR_ANYBODY);
    }

    /** The threads that have all permits of a leased semaphore. */
    static List<Holder> holders(Cells payload) {
        return SemaphoreOption.LEASED.isIn(payload.getInt(OPTIONS_AT))
                ? Borrowers.of(payload, BORROWERS_AT, payload.getInt(LIMIT_AT))
                : List.of();
    }

    /** Takes what is there, unless somebody is in line before us. */
    private boolean takeFast(int count) {
        boolean inLine = turns != null && (cells.getIntVolatile(CHANGES_AT) & WAITERS) != 0;
        return !inLine && permits.take(count);
    }

    /** LOOK_AGAIN stands for acquired. */
    private Outcome takeSlowly(Wait wait, int count) {
        return turns == null ? takeWhenThere(wait, count) : takeInTurn(wait, count, turns);
    }

    private Outcome takeWhenThere(Wait wait, int count) {
        int spinsLeft = spin.budget();
        boolean slept = false;
        for (; ; ) {
            if (permits.glance() >= count && permits.take(count)) {
                spin.learn(!slept);
                if (slept) {
                    cells.getAndOrInt(CHANGES_AT, WAITERS);
                    wakeIfMoreIsThere();
                }
                return Outcome.LOOK_AGAIN;
            }
            entry.ensureOpen();
            if (spinsLeft > 0) {
                spinsLeft--;
                Thread.onSpinWait();
                continue;
            }
            int seen = cells.getIntVolatile(CHANGES_AT);
            if ((seen & WAITERS) == 0) {
                cells.casInt(CHANGES_AT, seen, seen | WAITERS);
                continue; // to look once more, now that a releaser would see us
            }
            Outcome outcome = wait.pause(cells, CHANGES_AT, seen);
            if (outcome != Outcome.LOOK_AGAIN) {
                wakeIfMoreIsThere(); // this thread may have been woken in place of another
                return outcome;
            }
            slept = true;
        }
    }

    private void wakeIfMoreIsThere() {
        if (permits.glance() > 0) {
            cells.wake(CHANGES_AT, 1);
        }
    }

    private Outcome takeInTurn(Wait wait, int count, Turns turns) {
        int place = turns.enter();
        try {
            cells.getAndOrInt(CHANGES_AT, WAITERS);
            for (; ; ) {
                int nudges = turns.nudges(place);
                if (turns.isFirst(place) && permits.glance() >= count && permits.take(count)) {
                    return Outcome.LOOK_AGAIN;
                }
                entry.ensureOpen();
                if ((cells.getIntVolatile(CHANGES_AT) & WAITERS) == 0) {
                    cells.getAndOrInt(CHANGES_AT, WAITERS); // somebody who did not see us yet has cleared it
                    continue;
                }
                Outcome outcome = turns.pause(wait, place, nudges);
                if (outcome != Outcome.LOOK_AGAIN) {
                    return outcome;
                }
            }
        } finally {
            turns.leave(place);
            passOn(turns);
        }
    }

    /** There may be enough for the next in line too; once nobody is, newcomers need not line up. */
    private void passOn(Turns turns) {
        int seen = cells.getIntVolatile(CHANGES_AT);
        if (turns.isAnybodyThere()) {
            turns.nudgeFirst();
        } else {
            cells.casInt(CHANGES_AT, seen, seen & ~WAITERS);
            turns.nudgeFirst(); // who lined up since then
        }
    }

    /**
     * Releases a permit.
     *
     * @throws IllegalStateException if the semaphore is bounded and has all its permits, or is leased and this process has
     *     none
     */
    @Override
    public void release() {
        release(1);
    }

    /**
     * Releases permits.
     *
     * @param count how many
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws IllegalStateException if the semaphore is bounded and would have more than all its permits, or is leased and
     *     this process has fewer
     */
    public void release(int count) {
        ensureNotNegative(count);
        entry.ensureOpen();
        permits.give(count);
        if ((cells.getIntVolatile(CHANGES_AT) & WAITERS) != 0) {
            wake(count);
        }
    }

    private void wake(int count) {
        if (turns != null) {
            turns.nudgeFirst();
            return;
        }
        int seen = cells.getIntVolatile(CHANGES_AT);
        while (!cells.casInt(CHANGES_AT, seen, (seen + 1) & ~WAITERS)) {
            seen = cells.getIntVolatile(CHANGES_AT);
        }
        cells.wake(CHANGES_AT, count);
    }

    /**
     * How many permits there are. May be out of date on return.
     *
     * @return permits nobody has
     */
    @Override
    public int availablePermits() {
        return permits.available();
    }

    /** Ends the semaphore, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    static void close(Cells payload) {
        payload.getAndAddInt(CHANGES_AT, 1);
        payload.wake(CHANGES_AT, Integer.MAX_VALUE);
    }

    static void repair(Remains remains) {
        Cells payload = remains.payload();
        if (SemaphoreOption.LEASED.isIn(payload.getInt(OPTIONS_AT))) {
            Permits.Lent.repair(remains, BORROWERS_AT);
            payload.getAndAddInt(CHANGES_AT, 1);
            payload.wake(CHANGES_AT, Integer.MAX_VALUE);
            remains.nudgeFirst();
        }
    }

    /** Whether a thread, of whatever process, may be asleep. For tests. */
    boolean hasSleepers() {
        return (cells.getIntVolatile(CHANGES_AT) & WAITERS) != 0;
    }

    /** The threads that have all permits, if it is leased. For tests. */
    List<Holder> borrowers() {
        return holders(cells);
    }

    /** How many threads are in line for a fair semaphore, of all processes. For tests. */
    int queueLength() {
        return turns == null ? 0 : turns.length();
    }

    /** Such as {@code SharedSemaphore 3f2a91bc/17[permits=2]}. */
    @Override
    public String toString() {
        try {
            return entry + "[permits=" + permits.glance() + "]";
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    Object writeReplace() {
        return Handle.to(Kind.SEMAPHORE, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedSemaphore is read as its handle");
    }
}
