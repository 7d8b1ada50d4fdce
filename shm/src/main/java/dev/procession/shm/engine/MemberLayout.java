package dev.procession.shm.engine;

/**
 * One slot of the member table: 128 bytes, two cache lines.
 *
 * <pre>
 *    0  identity      long   state (2 bits) | pid (22) | start time (40); 0 = free
 *    8  burials       int    members buried in this slot; with the slot it makes the Stamp
 *   12  life word     int    futex: tid of the member's keeper | WAITERS; OWNER_DIED once the kernel saw it end
 *   16  list node     long   robust list: address of the next node in that member's process
 *   24  doorbell      int    futex: counted up by whoever wants this member's keeper to look around
 *   32  heartbeat     long   nanoTime of the keeper's last round
 *   40  joined        long   nanoTime
 *   48  farewell      int    1 = the member's JVM is ending in order
 *   52  name          76 bytes of text: what the process is called; empty = nobody has said
 * </pre>
 *
 * <pre>
 *                join: compare-and-set            confirmed: runs nothing any more
 *      FREE ----------------------------> TAKEN ----------------------------------> DEAD
 *        ^                                                                           |
 *        +------------------------- buried: burials + 1, then 0 --------------------+
 * </pre>
 */
final class MemberLayout {
    static final int SLOTS = Stamp.SLOTS;
    static final long SLOT_BYTES = 128;

    static final long IDENTITY_AT = 0;
    static final long BURIALS_AT = 8;
    static final long LIFE_AT = 12;
    static final long NODE_AT = 16;
    static final long DOORBELL_AT = 24;
    static final long HEARTBEAT_AT = 32;
    static final long JOINED_AT = 40;
    static final long FAREWELL_AT = 48;
    static final TextField NAME = new TextField(52, 76);

    /** From the list node to the life word, as the kernel is told. */
    static final long NODE_TO_LIFE_BYTES = LIFE_AT - NODE_AT;

    static final long STATE_MASK = 3L << 62;
    static final long TAKEN = 1L << 62;
    static final long DEAD = 2L << 62;

    private MemberLayout() {}

    static long slotAt(int slot) {
        return slot * SLOT_BYTES;
    }

    static String describe() {
        return "member " + SLOTS + "," + SLOT_BYTES + "," + IDENTITY_AT + "," + BURIALS_AT + "," + LIFE_AT + ","
                + NODE_AT + "," + DOORBELL_AT + "," + HEARTBEAT_AT + "," + JOINED_AT + "," + FAREWELL_AT + ","
                + NAME + "," + Stamp.BITS;
    }
}
