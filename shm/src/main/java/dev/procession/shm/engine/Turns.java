package dev.procession.shm.engine;

/**
 * The line of threads that wait at one primitive, first come, first served.
 *
 * <p>Thread-safe and process-safe. Lining up is three steps (draw a ticket, fill a record, publish it), so of two threads
 * that line up in the same instant either may come first.
 */
public final class Turns {
    private final Waiters waiters;
    private final Cells cells;
    private final long ticketsAt;
    private final int target;
    private final int generation;
    private final Purpose purpose;

    /** What threads line up for. */
    public enum Purpose {
        /** To take something, each in its turn. */
        TURN(0),
        /** To be signalled; the signal of a thread whose process dies before it has acted on it goes to the next. */
        SIGNAL(1),
        /** To be let through together. */
        RENDEZVOUS(2);

        final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /**
     * The line at a primitive.
     *
     * @param entry the primitive
     * @param ticketsAt offset in its payload of a 64-bit cell, 0 at first, from which tickets are drawn
     * @param purpose what for
     */
    public Turns(Entry entry, long ticketsAt, Purpose purpose) {
        this(entry, purpose, ticketsAt);
    }

    /**
     * The line at a primitive that gives out tickets of its own.
     *
     * @param entry the primitive
     * @param purpose what for
     */
    public Turns(Entry entry, Purpose purpose) {
        this(entry, purpose, -1);
    }

    private Turns(Entry entry, Purpose purpose, long ticketsAt) {
        this.purpose = purpose;
        this.waiters = entry.space().waiters();
        this.cells = entry.payload();
        this.ticketsAt = ticketsAt;
        this.target = entry.index();
        this.generation = entry.generation();
    }

    /**
     * Lines the calling thread up at the end.
     *
     * @return its place, to be given back by {@link #leave}
     * @throws dev.procession.core.SpaceFullException if too many threads wait
     */
    public int enter() {
        return enter(cells.getAndAddLong(ticketsAt, 1));
    }

    /**
     * Lines the calling thread up behind those with a lower ticket.
     *
     * @param ticket its ticket
     * @return its place, to be given back by {@link #leave}
     * @throws dev.procession.core.SpaceFullException if too many threads wait
     */
    public int enter(long ticket) {
        return waiters.enter(target, generation, purpose, ticket);
    }

    /** Whether it is the place's turn: nobody who still waits goes before it. */
    public boolean isFirst(int place) {
        return waiters.isFirst(place);
    }

    /** Gives a place back. */
    public void leave(int place) {
        waiters.leave(place);
    }

    /** Whether anybody is in line. */
    public boolean isAnybodyThere() {
        return waiters.isAnybodyAt(target, generation);
    }

    /** How many are in line. */
    public int length() {
        return waiters.countAt(target, generation);
    }

    /** Has the first in line look, at a store made before. */
    public void nudgeFirst() {
        waiters.nudgeFirst(target, generation);
    }

    /** What to take note of before looking, and to {@linkplain #pause pause} with. */
    public int nudges(int place) {
        return waiters.nudges(place);
    }

    /** Blocks for a slice at most, unless somebody has nudged this place since the caller took note. */
    public Wait.Outcome pause(Wait wait, int place, int nudges) {
        return wait.pause(waiters.cells(), Waiters.nudgesAt(place), nudges);
    }

    // ---- signals ----

    /** Whether the place was signalled; it is out of line then. */
    public boolean isSignalled(int place) {
        return waiters.isSignalled(place);
    }

    /** Takes a place out of line; false if it has been signalled already. */
    public boolean cancel(int place) {
        return waiters.cancel(place);
    }

    /** Signals the first in line; false if there is nobody. */
    public boolean signalFirst() {
        return waiters.signalFirst(target, generation, Long.MAX_VALUE);
    }

    /** Signals everybody who is in line now. */
    public void signalAll() {
        signalUpTo(cells.getLongVolatile(ticketsAt) - 1);
    }

    /** Signals everybody with that ticket or a lower one. */
    public void signalUpTo(long lastTicket) {
        while (waiters.signalFirst(target, generation, lastTicket)) {
            // the next one
        }
    }

    /** Whether the place was sent away; it is out of line then. */
    public boolean isDismissed(int place) {
        return waiters.isDismissed(place);
    }

    /** Sends everybody away who is in line now. */
    public void dismissAll() {
        while (waiters.dismissFirst(target, generation, Long.MAX_VALUE)) {
            // the next one
        }
    }

    /** Has everybody in line look, at a store made before. */
    public void nudgeAll() {
        waiters.nudgeAll(target, generation);
    }
}
