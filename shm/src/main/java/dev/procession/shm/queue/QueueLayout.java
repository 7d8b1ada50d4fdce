package dev.procession.shm.queue;

/**
 * Where things are in the memory of a shared queue.
 *
 * <pre>
 *   payload of the directory entry                 written under
 *     0  put lock        int                       (itself)
 *     8  run end         long   byte offset        put lock     records may be written up to here
 *    16  seen head       long   position           put lock     what the put side last saw of HEAD
 *
 *    64  take lock       int                       (itself)
 *    68  slots used      int                       take lock     lease slots from here on are free
 *    72  seen tail       long   position           take lock     what the take side last saw of TAIL
 *    80  attention       long   nanoTime           take lock     when the lease table is to be looked at; 0 = never
 *    88  tokens          long                      take lock     the last fencing token given out
 *    96  removed         int                       take lock     REMOVED records between HEAD and TAIL
 *   100  returned        int                       take lock     slots that hold an item to be delivered again
 *   104  leased          int                       take lock     slots that hold a leased item, letters not counted
 *   108  letters         int                       take lock     slots that hold a dead letter, leased or not
 *   112  done            int                       take lock     items that are finished, of all ever put (modulo 2^32)
 *   116  journal         int                       take lock     0, or what is being done; see TakeSide
 *   120  journal entry   long                      take lock     slot or place (32) | the count of done items after it
 *
 *   128  shut down       int                       put lock      1 = nothing more is put
 *   132  poked           int                       anybody       1 = a member died: look at the lease table
 *   136  items, 140 room, 144 done, 148 letters    event counts
 *
 *   heap range
 *     0  TAIL            long   position           put lock      commits what was put
 *   128  HEAD            long   position           take lock     gives room back
 *   256  capacity, 260 most deliveries, 264 most bytes (0 = unlimited), 272 size of the first area, 280 slots set aside
 *   512  areas           32 of 32 bytes            put lock      see Areas
 *   4 K  lease slots     16384 of 64 bytes         take lock     see LeaseTable; memory is set aside as they are used
 *        areas           to the end of the range   put lock      memory is set aside area by area
 * </pre>
 *
 * <p>The counters from {@code removed} to {@code letters}, {@code run end}, {@code seen head} and {@code seen tail} only
 * save looking: each can be worked out from the rest, and is, by whoever gets a lock from a dead owner.
 */
final class QueueLayout {
    static final long PUT_LOCK_AT = 0;
    static final long RUN_END_AT = 8;
    static final long SEEN_HEAD_AT = 16;

    static final long TAKE_LOCK_AT = 64;
    static final long SLOTS_USED_AT = 68;
    static final long SEEN_TAIL_AT = 72;
    static final long ATTENTION_AT = 80;
    static final long TOKENS_AT = 88;
    static final long REMOVED_AT = 96;
    static final long RETURNED_AT = 100;
    static final long LEASED_AT = 104;
    static final long LETTERS_AT = 108;
    static final long DONE_AT = 112;
    static final long JOURNAL_AT = 116;
    static final long JOURNAL_ENTRY_AT = 120;

    static final long SHUT_DOWN_AT = 128;
    static final long POKED_AT = 132;
    static final long ITEMS_EVENT_AT = 136;
    static final long ROOM_EVENT_AT = 140;
    static final long DONE_EVENT_AT = 144;
    static final long LETTERS_EVENT_AT = 148;

    static final long TAIL_AT = 0;
    static final long HEAD_AT = 128;
    static final long CAPACITY_AT = 256;
    static final long MOST_DELIVERIES_AT = 260;
    static final long MOST_BYTES_AT = 264;
    static final long FIRST_AREA_BYTES_AT = 272;
    static final long SLOTS_SET_ASIDE_AT = 280;
    static final long AREA_TABLE_AT = 512;

    static final int PAGE_BYTES = 4096;
    static final long SLOTS_AT = PAGE_BYTES;
    static final int SLOT_BYTES = 64;
    static final int MOST_SLOTS = 1 << 14;

    /** How many slots may hold dead letters, so that leasing goes on when nobody looks after them. */
    static final int MOST_LETTERS = MOST_SLOTS / 2;

    static final long AREAS_AT = SLOTS_AT + (long) MOST_SLOTS * SLOT_BYTES;

    private QueueLayout() {}

    static long toPages(long bytes) {
        return Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    }
}
