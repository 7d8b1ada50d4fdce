package dev.procession.shm;

import dev.procession.core.SerializableRunnable;
import dev.procession.core.codec.Codec;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.Stamp;
import dev.procession.shm.engine.Turns;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.engine.Wait.Outcome;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A place where a fixed number of threads of several JVMs wait for each other, again and again: Python's {@code
 * multiprocessing.Barrier}, with the methods of {@link java.util.concurrent.CyclicBarrier}.
 *
 * <p>The barrier <i>breaks</i> if a thread gives up waiting for it, by time-out or interrupt, if its action throws, if
 * somebody calls {@link #abort()}, or <b>if a party dies</b>: a process with a thread that waits, or one that has ever
 * arrived and is killed. (A process that has arrived before and then ends in order, running its shutdown hooks, has left
 * the party.) Then everybody who waits, and everybody who comes, gets a {@link BrokenBarrierException} until somebody calls
 * {@link #reset()}.
 *
 * <p>An action runs once each time the barrier is full, in the process and thread of the last to arrive, before anybody
 * passes. It travels with the barrier, so it is serializable.
 *
 * <p>An interrupt is seen within 20 ms. Time-outs are a minimum; with zero or less the barrier breaks at once unless the
 * caller is the last to arrive. What each party did before it arrived <i>happens before</i> the action, and that before
 * what each party does after it has passed. Travels, and is {@linkplain #close() closed}, as {@link SharedLock} says.
 * Thread-safe and process-safe.
 */
public final class SharedBarrier implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /*
     * payload   0  state          long   generation (62 bits) | phase (2): the commit word
     *           8  parties        int
     *          12  guard          int    lock: taken to arrive, to let pass, to reset
     *          16  timeout        long   nanoseconds; for ever by default
     *          24  action         int    its length in bytes; 0 = none
     *          32  took part             256 bits: the members (by slot) that have arrived since the last reset
     * heap      0  action                encoded
     *
     *                 full                         full, no action; or action done
     *   (g, OPEN) ------------> (g, TRIPPING) -------------------------------------> (g+1, OPEN)
     *       |                        |                                                   ^
     *       +------------------------+----> (g, BROKEN) ---------------------------------+
     *         give up, abort, death                        reset
     *
     * Who is here is not counted anywhere: it is the set of waiter records in line, ticket = generation. So the death of
     * one who waits takes it out of the count by itself, and breaks the barrier.
     *
     * One compare-and-set of the state decides each question: passed or broken. After (g+1, OPEN) by tripping the records
     * of g are signalled; before it by reset they are dismissed. So a record still waiting in a later generation has
     * passed: its tripper died before it could tell. Whoever finds the guard's owner dead tells in its place.
     */
    private static final long STATE_AT = 0;
    private static final long PARTIES_AT = 8;
    private static final long GUARD_AT = 12;
    private static final long TIMEOUT_AT = 16;
    private static final long ACTION_AT = 24;
    private static final long TOOK_PART_AT = 32;

    private static final int PHASE_BITS = 2;
    private static final long PHASE_MASK = 3;
    private static final long OPEN = 0;
    private static final long TRIPPING = 1;
    private static final long BROKEN = 2;

    private final transient Entry entry;
    private final transient Cells cells;
    private final transient RobustLock guard;
    private final transient Turns here;
    private final transient int parties;
    private final transient @Nullable Runnable action;

    SharedBarrier(Entry entry) {
        this.entry = entry;
        this.cells = entry.payload();
        this.guard = new RobustLock(cells, GUARD_AT, entry.space());
        this.here = new Turns(entry, Turns.Purpose.RENDEZVOUS);
        this.parties = cells.getInt(PARTIES_AT);
        this.action = readAction(entry);
    }

    private static @Nullable Runnable readAction(Entry entry) {
        int length = entry.payload().getInt(ACTION_AT);
        if (length == 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        entry.heap().copyOut(0, bytes, 0, length);
        return (Runnable) Codec.standard().decode(bytes);
    }

    /**
     * Makes a barrier in the memory of this JVM's family.
     *
     * @param parties how many threads must arrive before they pass
     * @return the barrier
     * @throws IllegalArgumentException if {@code parties} is less than 1
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedBarrier create(int parties) {
        return create(parties, Wait.FOREVER_NANOS, null);
    }

    /**
     * Makes a barrier with an action.
     *
     * @param parties how many threads must arrive before they pass
     * @param action what the last to arrive does before they pass
     * @return the barrier
     * @throws IllegalArgumentException if {@code parties} is less than 1
     * @throws dev.procession.core.codec.UnencodableException if the action cannot travel
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedBarrier create(int parties, SerializableRunnable action) {
        return create(parties, Wait.FOREVER_NANOS, action);
    }

    /**
     * Makes a barrier that breaks when somebody has waited too long in {@link #await()}.
     *
     * @param parties how many threads must arrive before they pass
     * @param timeout how long is too long
     * @return the barrier
     * @throws IllegalArgumentException if {@code parties} is less than 1
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedBarrier create(int parties, Duration timeout) {
        return create(parties, TimeUnit.NANOSECONDS.convert(timeout), null);
    }

    /**
     * Makes a barrier with an action that breaks when somebody has waited too long in {@link #await()}.
     *
     * @param parties how many threads must arrive before they pass
     * @param action what the last to arrive does before they pass
     * @param timeout how long is too long
     * @return the barrier
     * @throws IllegalArgumentException if {@code parties} is less than 1
     * @throws dev.procession.core.codec.UnencodableException if the action cannot travel
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static SharedBarrier create(int parties, SerializableRunnable action, Duration timeout) {
        return create(parties, TimeUnit.NANOSECONDS.convert(timeout), action);
    }

    private static SharedBarrier create(int parties, long timeoutNanos, @Nullable SerializableRunnable action) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties must be positive: parties=" + parties);
        }
        byte[] bytes = action == null ? new byte[0] : Codec.standard().encode(action);
        return Spaces.family()
                .create(
                        Kind.BARRIER,
                        bytes.length,
                        entry -> {
                            entry.payload().setInt(PARTIES_AT, parties);
                            entry.payload().setLong(TIMEOUT_AT, timeoutNanos);
                            entry.payload().setInt(ACTION_AT, bytes.length);
                            if (bytes.length > 0) {
                                entry.heap().copyIn(0, bytes, 0, bytes.length);
                            }
                        },
                        SharedBarrier::new);
    }

    /**
     * Arrives, and waits until all parties have, for the barrier's own time-out at most.
     *
     * @return how many had still to come when this thread arrived: 0 for the last
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the barrier breaks if others may
     *     wait for it
     * @throws BrokenBarrierException if the barrier is broken, or breaks, also by this thread's time-out
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        try {
            return await(cells.getLong(TIMEOUT_AT), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLong) {
            BrokenBarrierException broken = brokenException();
            broken.initCause(tooLong);
            throw broken;
        }
    }

    /**
     * Arrives, and waits until all parties have, for a time at most.
     *
     * @param time how long
     * @param unit of the time
     * @return how many had still to come when this thread arrived: 0 for the last
     * @throws InterruptedException if the thread is interrupted, before or while it waits; the barrier breaks if others may
     *     wait for it
     * @throws BrokenBarrierException if the barrier is broken, or breaks while this thread waits
     * @throws TimeoutException if the time is up; the barrier breaks
     */
    public int await(long time, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        if (Thread.interrupted()) {
            breakGeneration(generationOf(state()));
            throw new InterruptedException();
        }
        try (Wait wait = Wait.interruptibly(unit.toNanos(time))) {
            return await(wait);
        }
    }

    /** One thread's arrival. */
    private record Arrival(int place, long generation, int stillToCome) {}

    private int await(Wait wait) throws InterruptedException, BrokenBarrierException, TimeoutException {
        Arrival arrival = null;
        while (arrival == null) {
            arrival = arrive();
            if (arrival == null) {
                awaitEndOfTripping(wait);
            }
        }
        try {
            if (arrival.stillToCome == 0) {
                trip(arrival);
            } else {
                awaitOthers(wait, arrival);
            }
            return arrival.stillToCome;
        } finally {
            here.leave(arrival.place);
        }
    }

    /** Takes a place; null if those before us are just about to pass. */
    private @Nullable Arrival arrive() throws BrokenBarrierException {
        lockGuard();
        try {
            long state = state();
            if (phaseOf(state) == BROKEN) {
                throw brokenException();
            }
            if (phaseOf(state) == TRIPPING) {
                return null;
            }
            int slot = Stamp.slotOf(entry.space().stamp());
            cells.getAndOrLong(tookPartAt(slot), 1L << slot);
            long generation = generationOf(state);
            int place = here.enter(generation);
            int stillToCome = parties - here.length();
            if (stillToCome == 0) {
                cells.casLong(STATE_AT, state, stateOf(generation, TRIPPING)); // unless it has just broken
            }
            return new Arrival(place, generation, stillToCome);
        } finally {
            guard.release();
        }
    }

    private static long tookPartAt(int slot) {
        return TOOK_PART_AT + (slot >>> 6) * 8L;
    }

    private void lockGuard() {
        if (guard.lock()) {
            // What the dead owner may have left undone: to tell those who have passed.
            here.signalUpTo(generationOf(state()) - 1);
            guard.settle();
        }
    }

    private void awaitEndOfTripping(Wait wait) throws InterruptedException, TimeoutException {
        long state = state();
        if (phaseOf(state) != TRIPPING) {
            return;
        }
        entry.ensureOpen();
        switch (wait.pause(cells, STATE_AT, (int) state)) {
            case LOOK_AGAIN -> {}
            case INTERRUPTED -> throw new InterruptedException();
            case TIMED_OUT -> throw new TimeoutException();
        }
    }

    /** The last to arrive lets everybody pass, after the action. */
    private void trip(Arrival arrival) throws BrokenBarrierException {
        long tripping = stateOf(arrival.generation, TRIPPING);
        if (state() != tripping) {
            throw brokenException();
        }
        if (action != null) {
            boolean done = false;
            try {
                action.run();
                done = true;
            } finally {
                if (!done) {
                    breakGeneration(arrival.generation);
                }
            }
        }
        lockGuard();
        try {
            if (!cells.casLong(STATE_AT, tripping, stateOf(arrival.generation + 1, OPEN))) {
                throw brokenException();
            }
            here.signalUpTo(arrival.generation);
            cells.wake(STATE_AT, Integer.MAX_VALUE);
        } finally {
            guard.release();
        }
    }

    private void awaitOthers(Wait wait, Arrival arrival)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        boolean interrupted = false;
        try {
            for (; ; ) {
                int nudges = here.nudges(arrival.place);
                if (hasPassed(arrival)) {
                    return;
                }
                entry.ensureOpen();
                Outcome outcome = here.pause(wait, arrival.place, nudges);
                // If the barrier cannot be broken any more it is decided, and the next look says how.
                if (outcome == Outcome.TIMED_OUT && breakGeneration(arrival.generation)) {
                    throw new TimeoutException("not all parties came to " + entry + ": parties=" + parties);
                }
                if (outcome == Outcome.INTERRUPTED) {
                    if (breakGeneration(arrival.generation)) {
                        throw new InterruptedException();
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** First the state, then the record: a reset dismisses the records before it moves the state. */
    private boolean hasPassed(Arrival arrival) throws BrokenBarrierException {
        long state = state();
        if (here.isDismissed(arrival.place) || state == stateOf(arrival.generation, BROKEN)) {
            throw brokenException();
        }
        return generationOf(state) != arrival.generation;
    }

    /** False if it has been decided already. */
    private boolean breakGeneration(long generation) {
        for (long phase : new long[] {OPEN, TRIPPING}) {
            if (cells.casLong(STATE_AT, stateOf(generation, phase), stateOf(generation, BROKEN))) {
                here.nudgeAll();
                cells.wake(STATE_AT, Integer.MAX_VALUE);
                return true;
            }
        }
        // It may have gone from open to tripping between the two.
        return state() == stateOf(generation, TRIPPING) && breakGeneration(generation);
    }

    /** Breaks the barrier, for whoever waits and whoever comes. Does nothing if it is broken. */
    public void abort() {
        entry.ensureOpen();
        while (phaseOf(state()) != BROKEN && !breakGeneration(generationOf(state()))) {
            Thread.onSpinWait(); // it has just been passed
        }
    }

    /** Makes the barrier usable again. Whoever waits gets a {@link BrokenBarrierException}; the parties are forgotten. */
    public void reset() {
        lockGuard();
        try {
            long state = state();
            if (phaseOf(state) == OPEN && here.length() == 0) {
                return;
            }
            long generation = generationOf(state);
            breakGeneration(generation);
            here.dismissAll();
            for (long at = TOOK_PART_AT; at < TOOK_PART_AT + Stamp.SLOTS / 8; at += 8) {
                cells.setLong(at, 0);
            }
            cells.casLong(STATE_AT, stateOf(generation, BROKEN), stateOf(generation + 1, OPEN));
        } finally {
            guard.release();
        }
    }

    /**
     * Tells whether the barrier is broken.
     *
     * @return whether it is
     */
    public boolean isBroken() {
        return phaseOf(state()) == BROKEN;
    }

    /**
     * How many threads must arrive.
     *
     * @return the number of parties
     */
    public int getParties() {
        return parties;
    }

    /**
     * How many threads wait, of all processes. May be out of date on return.
     *
     * @return their number; 0 if the barrier is broken
     */
    public int getNumberWaiting() {
        return isBroken() ? 0 : here.length();
    }

    private long state() {
        return cells.getLongVolatile(STATE_AT);
    }

    private static long stateOf(long generation, long phase) {
        return (generation << PHASE_BITS) | phase;
    }

    private static long generationOf(long state) {
        return state >>> PHASE_BITS;
    }

    private static long phaseOf(long state) {
        return state & PHASE_MASK;
    }

    private BrokenBarrierException brokenException() {
        return new BrokenBarrierException(entry + " is broken; reset() makes it usable again");
    }

    /** Ends the barrier, for every process. Those who wait for it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    static void close(Cells payload) {
        payload.wake(STATE_AT, Integer.MAX_VALUE);
    }

    /** A party's death breaks the barrier; see the class comment for who is one. */
    static void repair(Remains remains) {
        Cells payload = remains.payload();
        long partyBit = 1L << remains.slot();
        boolean tookPart = (payload.getLongVolatile(tookPartAt(remains.slot())) & partyBit) != 0;
        if (remains.wasInLine() || (tookPart && !remains.orderly())) {
            long state = payload.getLongVolatile(STATE_AT);
            while (phaseOf(state) != BROKEN
                    && !payload.casLong(STATE_AT, state, stateOf(generationOf(state), BROKEN))) {
                state = payload.getLongVolatile(STATE_AT);
            }
            remains.nudgeAll();
            payload.wake(STATE_AT, Integer.MAX_VALUE);
        }
        // Last, so that whoever repeats this repair comes to the same result.
        payload.getAndAndLong(tookPartAt(remains.slot()), ~partyBit);
    }

    /** Such as {@code SharedBarrier 3f2a91bc/17[parties=4, waiting=2]}. */
    @Override
    public String toString() {
        try {
            return entry + "[parties=" + parties + ", " + (isBroken() ? "broken]" : "waiting=" + here.length() + "]");
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    Object writeReplace() {
        return Handle.to(Kind.BARRIER, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedBarrier is read as its handle");
    }
}
