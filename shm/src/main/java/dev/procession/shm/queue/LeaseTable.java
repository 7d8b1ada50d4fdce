package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.MOST_SLOTS;
import static dev.procession.shm.queue.QueueLayout.PAGE_BYTES;
import static dev.procession.shm.queue.QueueLayout.SLOTS_AT;
import static dev.procession.shm.queue.QueueLayout.SLOTS_SET_ASIDE_AT;
import static dev.procession.shm.queue.QueueLayout.SLOTS_USED_AT;
import static dev.procession.shm.queue.QueueLayout.SLOT_BYTES;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;

/**
 * The items that are out of the stream and not settled: leased, waiting to be delivered again, or dead letters.
 *
 * <pre>
 *   slot   0  word         long   token (45 bits) | deliveries (16) | LETTER | state (2)
 *          8  place        int    of the record, in units
 *         12  order        int    how many items were put before it
 *         16  owner        int    stamp of the member that leased it; means something while LEASED
 *         24  until        long   nanoTime when the lease runs out; means something while LEASED
 *         32  not before   long   nanoTime before which it is not delivered; means something while RETURNED
 * </pre>
 *
 * <pre>
 *              lease                       ack (journal)
 *   FREE(0) ----------> LEASED(token) ---------------------> FREE
 *                        |     ^    \
 *     nack, time over,   |     |     \ reject (journal)
 *     owner died         v     | lease, new token             ack
 *                       RETURNED(token) -----> LETTER|RETURNED <---> LETTER|LEASED ---> FREE
 *                            delivered too often (journal)
 * </pre>
 *
 * <p>The item's bytes stay where they were put. The put side goes around them: to it, a record that a slot refers to is
 * an island in the free room. A slot is filled in before HEAD moves past its record (and the release store of HEAD
 * publishes it), so whoever sees the new HEAD sees the island.
 *
 * <p>All changes are made under the take lock, each by one store of the word, after everything else in the slot was
 * written. The put side reads slots under its own lock: a slot that is being filled meanwhile refers to a record that is
 * not free room in the put side's eyes, and one that was freed meanwhile is an island for once more.
 */
final class LeaseTable {
    static final int FREE = 0;
    static final int LEASED = 1;
    static final int RETURNED = 2;
    private static final int STATE_MASK = 3;
    static final int LETTER = 4;
    private static final int DELIVERIES_SHIFT = 3;
    private static final int TOKEN_SHIFT = 19;

    /** Deliveries are not counted further than this. */
    static final int MOST_DELIVERIES = (1 << (TOKEN_SHIFT - DELIVERIES_SHIFT)) - 1;

    private static final long PLACE_AT = 8;
    private static final long ORDER_AT = 12;
    private static final long OWNER_AT = 16;
    private static final long UNTIL_AT = 24;
    private static final long NOT_BEFORE_AT = 32;

    private final Entry entry;
    private final Cells payload;
    private final Cells heap;

    LeaseTable(Entry entry) {
        this.entry = entry;
        this.payload = entry.payload();
        this.heap = entry.heap();
    }

    private static long slotAt(int slot) {
        return SLOTS_AT + (long) slot * SLOT_BYTES;
    }

    /** Slots from here on are free. */
    int used() {
        return Math.clamp(payload.getIntAcquire(SLOTS_USED_AT), 0, MOST_SLOTS);
    }

    long word(int slot) {
        return heap.getLongAcquire(slotAt(slot));
    }

    static int state(long word) {
        return (int) word & STATE_MASK;
    }

    static boolean isLetter(long word) {
        return (word & LETTER) != 0;
    }

    static long token(long word) {
        return word >>> TOKEN_SHIFT;
    }

    static int deliveries(long word) {
        return (int) (word >>> DELIVERIES_SHIFT) & MOST_DELIVERIES;
    }

    static long word(long token, int deliveries, int bits) {
        return (token << TOKEN_SHIFT) | ((long) deliveries << DELIVERIES_SHIFT) | bits;
    }

    /** The same token and deliveries with another state. */
    static long with(long word, int bits) {
        return (word & ~(long) (STATE_MASK | LETTER)) | bits;
    }

    void setWord(int slot, long word) {
        heap.setLongRelease(slotAt(slot), word);
    }

    long recordOffset(int slot) {
        return Position.offsetOfPlace(heap.getInt(slotAt(slot) + PLACE_AT));
    }

    int order(int slot) {
        return heap.getInt(slotAt(slot) + ORDER_AT);
    }

    int owner(int slot) {
        return heap.getInt(slotAt(slot) + OWNER_AT);
    }

    void setOwner(int slot, int stamp) {
        heap.setInt(slotAt(slot) + OWNER_AT, stamp);
    }

    long until(int slot) {
        return heap.getLong(slotAt(slot) + UNTIL_AT);
    }

    void setUntil(int slot, long nanoTime) {
        heap.setLong(slotAt(slot) + UNTIL_AT, nanoTime);
    }

    long notBefore(int slot) {
        return heap.getLong(slotAt(slot) + NOT_BEFORE_AT);
    }

    void setNotBefore(int slot, long nanoTime) {
        heap.setLong(slotAt(slot) + NOT_BEFORE_AT, nanoTime);
    }

    /** Prepares a free slot for a record; it is still free. */
    void prepare(int slot, long recordOffset, int order) {
        heap.setInt(slotAt(slot) + PLACE_AT, Position.place(recordOffset));
        heap.setInt(slotAt(slot) + ORDER_AT, order);
    }

    /**
     * Finds a free slot, and sees that it counts as used. Under the take lock.
     *
     * @return the slot, or -1 if there is none
     * @throws dev.procession.core.SpaceFullException if there is no memory for more slots
     */
    int findFree() {
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            if (state(word(slot)) == FREE) {
                return slot;
            }
        }
        if (used == MOST_SLOTS) {
            return -1;
        }
        int setAside = heap.getInt(SLOTS_SET_ASIDE_AT);
        if (used >= setAside) {
            entry.setAside(slotAt(setAside), PAGE_BYTES);
            heap.setInt(SLOTS_SET_ASIDE_AT, setAside + PAGE_BYTES / SLOT_BYTES);
        }
        payload.setIntRelease(SLOTS_USED_AT, used + 1);
        return used;
    }

    /**
     * The first island in some room: the record of a slot that is not free, at or after {@code from}.
     *
     * @return its offset, or {@code to} if there is none before that
     */
    long nextIsland(long from, long to) {
        long next = to;
        int used = used();
        for (int slot = 0; slot < used; slot++) {
            if (state(word(slot)) != FREE) {
                long offset = recordOffset(slot);
                if (offset >= from && offset < next) {
                    next = offset;
                }
            }
        }
        return next;
    }

    long endOfIsland(long offset) {
        return Records.end(offset, heap.getLong(offset));
    }
}
