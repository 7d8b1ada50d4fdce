package dev.procession.shm.engine;

/**
 * One record of the table of blocked threads: 256 bytes, one thread of one member that is about to block for a primitive,
 * or does. Not to be mixed up with {@link WaiterLayout}, whose records are a thread's place in a line: this one says who
 * waits for what, for those who look for deadlocks and for people.
 *
 * <pre>
 *    0  owner         int    stamp of the blocked member; 0 = the record is free
 *    4  state         int    how it waits
 *    8  target        int    directory entry of the primitive; -1 = the end of a process
 *   12  generation    int    of that entry
 *   16  ticket        long   drawn for this wait alone; who has drawn later began to wait later
 *   24  thread        long   its id in its JVM
 *   32  since         long   nanoTime
 *   40  process       long   packed identity of the process whose end it waits for; else 0
 *   48  thread name          64 bytes of text
 *  112  frame                128 bytes of text: the source line that waits, such as {@code Noodles.java:41}
 *  240  looked        long   nanoTime when it last looked in vain for what it waits for
 *  248  quiet         long   what its process says of all its threads; see Standstill
 * </pre>
 *
 * <pre>
 *             claim               publish: one volatile store
 *   owner 0 ----------> IDLE, owner a ------------------> TIMED, ENDLESS, RETURNING or FOR_ANYBODY, owner a
 *      ^                    |                                        |
 *      +--------------------+----------------- leave ----------------+
 * </pre>
 *
 * <p>A reader believes a record whose state, owner and ticket are the same before and after it has read the rest. A record
 * of a dead member means nothing to it; the burial frees it.
 */
final class BlockedLayout {
    static final int RECORDS = 1 << 13;
    static final long RECORD_BYTES = 256;

    static final long OWNER_AT = 0;
    static final long STATE_AT = 4;
    static final long TARGET_AT = 8;
    static final long GENERATION_AT = 12;
    static final long TICKET_AT = 16;
    static final long THREAD_AT = 24;
    static final long SINCE_AT = 32;
    static final long PROCESS_AT = 40;
    static final TextField THREAD_NAME = new TextField(48, 64);
    static final TextField FRAME = new TextField(112, 128);
    static final long LOOKED_AT = 240;
    static final long QUIET_AT = 248;

    /** The record says nothing yet, or no more. */
    static final int IDLE = 0;

    /** Its time will be up: it is no edge of the wait-for graph. */
    static final int TIMED = 1;

    /** It waits until it gets what it waits for. */
    static final int ENDLESS = 2;

    /** The same, and it cannot give up: it comes back from a condition and must not without the lock. */
    static final int RETURNING = 3;

    /** It waits until it gets what any thread of any process may give, so nobody holds it. */
    static final int FOR_ANYBODY = 4;

    private BlockedLayout() {}

    static long recordAt(int record) {
        return record * RECORD_BYTES;
    }

    static String describe() {
        return "blocked " + RECORDS + "," + RECORD_BYTES + "," + OWNER_AT + "," + STATE_AT + "," + TARGET_AT + ","
                + GENERATION_AT + "," + TICKET_AT + "," + THREAD_AT + "," + SINCE_AT + "," + PROCESS_AT + ","
                + THREAD_NAME + "," + FRAME + "," + LOOKED_AT + "," + QUIET_AT;
    }
}
