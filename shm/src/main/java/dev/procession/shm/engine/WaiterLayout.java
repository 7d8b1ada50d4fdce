package dev.procession.shm.engine;

/**
 * One record of the table of waiters: 64 bytes, one thread of one member that waits for its turn at one primitive.
 *
 * <pre>
 *    0  owner         int    stamp of the waiting member; 0 = the record is free
 *    4  state         int    what it waits for, and whether it has got it
 *    8  nudges        int    futex: counted up by whoever wants this thread to look
 *   12  target        int    directory entry of the primitive
 *   16  generation    int    of that entry
 *   20  purpose       int    whether a signal that came too late is passed on
 *   24  ticket        long   lower goes first; drawn from the primitive
 *   32  thread        long   its id in its JVM
 * </pre>
 *
 * <pre>
 *           claim                enter                     signal
 *   owner 0 -----> IDLE, owner a -----> WAITING, owner a ---------> SIGNALLED, owner a
 *      ^                |                  |      ^  |                    |
 *      |                |                  |      |  +-- cancel           |
 *      |                v                  v      +-----  (IDLE) ---+     v
 *      +-----------------------------------------------------------------+  leave
 * </pre>
 *
 * <p>There are no links: the queue of a primitive is the set of records that name it, in the order of their tickets. So
 * there is nothing to relink when a waiter dies; its records are found by its stamp and freed.
 */
final class WaiterLayout {
    static final int RECORDS = 1 << 16;
    static final long RECORD_BYTES = 64;

    static final long OWNER_AT = 0;
    static final long STATE_AT = 4;
    static final long NUDGES_AT = 8;
    static final long TARGET_AT = 12;
    static final long GENERATION_AT = 16;
    static final long PURPOSE_AT = 20;
    static final long TICKET_AT = 24;
    static final long THREAD_AT = 32;

    static final int IDLE = 0;
    static final int WAITING = 1;
    static final int SIGNALLED = 2;

    /** Sent away: what the thread waits for will not come. */
    static final int DISMISSED = 3;

    private WaiterLayout() {}

    static long recordAt(int record) {
        return record * RECORD_BYTES;
    }

    static String describe() {
        return "waiter " + RECORDS + "," + RECORD_BYTES + "," + OWNER_AT + "," + STATE_AT + "," + NUDGES_AT + ","
                + TARGET_AT + "," + GENERATION_AT + "," + PURPOSE_AT + "," + TICKET_AT + "," + THREAD_AT;
    }
}
