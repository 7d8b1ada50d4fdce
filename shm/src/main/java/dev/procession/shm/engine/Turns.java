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

    /**
     * The line at a primitive.
     *
     * @param entry the primitive
     * @param ticketsAt offset in its payload of a 64-bit cell, 0 at first, from which tickets are drawn
     */
    public Turns(Entry entry, long ticketsAt) {
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
        return waiters.enter(target, generation, cells.getAndAddLong(ticketsAt, 1));
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
        long lastTicket = cells.getLongVolatile(ticketsAt) - 1;
        while (waiters.signalFirst(target, generation, lastTicket)) {
            // the next one
        }
    }
}
