package dev.procession.shm.engine;

/**
 * One entry of the directory: 256 bytes that hold a small primitive whole, or the root of a larger one.
 *
 * <pre>
 *    0  word          long   generation (24 bits) | state (2) | kind (6) | stamp of the claimer (32)
 *    8  range         long   first heap page (32) | number of pages (32); 0 = no range
 *   16  name          long   hash of the name; 0 = anonymous
 *   24                long   reserved
 *   32  attached             256 bits: the members (by slot) that may still touch this entry or its range
 *   64  payload              192 bytes that belong to the primitive
 * </pre>
 *
 * <pre>
 *      claim (under the allocation lock)         publish: one release store
 *   FREE(g) --------------------> CLAIMED(g+1, stamp) ---------------------> LIVE(g+1)
 *      ^ ^                             |                                        |
 *      | +-- claimer died, or gave up -+                                        | close: compare-and-set
 *      |                                                                        v
 *      +------------- nobody attached (under the allocation lock) --------- CLOSED(g+1)
 * </pre>
 *
 * <p>A range belongs to the entry as long as the entry is not FREE; the heap has no other record of what is taken. The
 * range of an entry that becomes FREE has been emptied before, so the next owner finds zeros.
 */
final class EntryLayout {
    static final int ENTRIES = 1 << 16;
    static final long ENTRY_BYTES = 256;

    static final long WORD_AT = 0;
    static final long RANGE_AT = 8;
    static final long NAME_AT = 16;
    static final long ATTACHED_AT = 32;
    static final long PAYLOAD_AT = 64;
    static final long PAYLOAD_BYTES = ENTRY_BYTES - PAYLOAD_AT;

    static final int FREE = 0;
    static final int CLAIMED = 1;
    static final int LIVE = 2;
    static final int CLOSED = 3;

    private static final int GENERATION_SHIFT = 40;
    private static final int STATE_SHIFT = 38;
    private static final int KIND_SHIFT = 32;
    private static final int GENERATION_MASK = (1 << 24) - 1;
    static final int MOST_KINDS = 1 << 6;

    private EntryLayout() {}

    static long entryAt(int index) {
        return index * ENTRY_BYTES;
    }

    static long word(int generation, int state, int kind, int claimer) {
        return ((long) (generation & GENERATION_MASK) << GENERATION_SHIFT)
                | ((long) state << STATE_SHIFT)
                | ((long) kind << KIND_SHIFT)
                | Integer.toUnsignedLong(claimer);
    }

    static int generationOf(long word) {
        return (int) (word >>> GENERATION_SHIFT);
    }

    static int stateOf(long word) {
        return (int) (word >>> STATE_SHIFT) & 3;
    }

    static int kindOf(long word) {
        return (int) (word >>> KIND_SHIFT) & (MOST_KINDS - 1);
    }

    static int claimerOf(long word) {
        return (int) word;
    }

    static long range(long firstPage, long pages) {
        return (firstPage << 32) | pages;
    }

    static long firstPageOf(long range) {
        return range >>> 32;
    }

    static long pagesOf(long range) {
        return range & 0xFFFF_FFFFL;
    }

    static long attachedAt(int slot) {
        return ATTACHED_AT + (slot >>> 6) * 8L;
    }

    static long attachedBit(int slot) {
        return 1L << slot;
    }

    static String describe() {
        return "entry " + ENTRIES + "," + ENTRY_BYTES + "," + WORD_AT + "," + RANGE_AT + "," + NAME_AT + ","
                + ATTACHED_AT + "," + PAYLOAD_AT + "," + GENERATION_SHIFT + "," + STATE_SHIFT + "," + KIND_SHIFT;
    }
}
