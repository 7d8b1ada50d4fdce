package dev.procession.shm.queue;

/**
 * A place in the stream of records, in one word that can be stored at once.
 *
 * <pre>
 *   63                      32 31                       0
 *  +--------------------------+--------------------------+
 *  |  items before this place | place in units of 8 bytes|
 *  +--------------------------+--------------------------+
 * </pre>
 *
 * <p>The count goes round at 2^32; two counts are compared by their difference, which is at most the capacity. The place
 * is an offset in the heap range, not a running number, so records can lie anywhere and in any order.
 */
final class Position {
    private static final int UNIT_SHIFT = 3;
    private static final long PLACE_MASK = 0xFFFF_FFFFL;

    private Position() {}

    static long of(int count, long offset) {
        return ((long) count << 32) | (offset >>> UNIT_SHIFT);
    }

    static int count(long position) {
        return (int) (position >>> 32);
    }

    /** The offset in bytes. */
    static long offset(long position) {
        return (position & PLACE_MASK) << UNIT_SHIFT;
    }

    /** A place in units, as it is kept in half a word. */
    static int place(long offset) {
        return (int) (offset >>> UNIT_SHIFT);
    }

    static long offsetOfPlace(int place) {
        return Integer.toUnsignedLong(place) << UNIT_SHIFT;
    }
}
