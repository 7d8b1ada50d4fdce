package dev.procession.shm.engine;

/**
 * A word to sleep on until something in a structure has changed, which costs those who change it one load as long as
 * nobody sleeps.
 *
 * <pre>
 *   31                                       1       0
 *  +------------------------------------------+---------+
 *  |  how often sleepers were woken           | AWAITED |
 *  +------------------------------------------+---------+
 *
 *   waiter                                     changer
 *     key = announce()                           change the structure (release)
 *     look at the structure; done if changed     a volatile compare-and-set, such as releasing a lock
 *     pause(wait, key)                           wake(how many may go on)
 * </pre>
 *
 * <p>Either the waiter's look sees the change, or the changer sees AWAITED. Waking clears it. So a waiter that has slept
 * and found what it waited for hands over: it {@linkplain #announce announces} again for others that may still sleep, and
 * wakes the next one if there is more to be had. If it dies before that, or the changer before it wakes, the others look
 * by themselves at the end of their slice.
 *
 * <p>Source: D. Vyukov, "Eventcounts", 2008; U. Drepper, "Futexes Are Tricky".
 */
public final class EventCount {
    private static final int AWAITED = 1;
    private static final int ONE = 2;

    private final Cells cells;
    private final long offset;

    /**
     * The event count in a cell.
     *
     * @param cells where the cell is
     * @param offset of the 32-bit cell, which is 0 at first
     */
    public EventCount(Cells cells, long offset) {
        this.cells = cells;
        this.offset = offset;
    }

    /**
     * Says that somebody may be about to sleep.
     *
     * @return the key to {@link #pause} with
     */
    public int announce() {
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            if ((word & AWAITED) != 0 || cells.casInt(offset, word, word | AWAITED)) {
                return word | AWAITED;
            }
        }
    }

    /**
     * Sleeps for a slice at most, unless somebody was woken since the key was given.
     *
     * @param wait how long in all, and whether an interrupt ends it
     * @param key from {@link #announce}
     * @return what to do
     */
    public Wait.Outcome pause(Wait wait, int key) {
        return wait.pause(cells, offset, key);
    }

    /**
     * Wakes sleepers, if there may be any.
     *
     * @param count how many at most
     */
    public void wake(int count) {
        if ((cells.getIntVolatile(offset) & AWAITED) != 0) {
            wake(cells, offset, count);
        }
    }

    /**
     * Wakes every sleeper of an event count that is given by its place; for repairs.
     *
     * @param cells where the cell is
     * @param offset of the cell
     */
    public static void wakeAll(Cells cells, long offset) {
        wake(cells, offset, Integer.MAX_VALUE);
    }

    private static void wake(Cells cells, long offset, int count) {
        for (; ; ) {
            int word = cells.getIntVolatile(offset);
            if (cells.casInt(offset, word, (word & ~AWAITED) + ONE)) {
                Waiter.wake(cells, offset, count);
                return;
            }
        }
    }
}
