package dev.procession.shm.channel;

import dev.procession.shm.engine.TextField;

/**
 * Where things are in the memory of a channel. Every line of 64 bytes is written by one side alone, but for the claims and
 * the sleepers' words.
 *
 * <pre>
 *                                       written by
 *      0  magic, version        int     host, once      what this memory is
 *      8  ring size             long    host, once
 *     16  CPUs                  int     host, once      a guest may have been told that it has fewer than there are
 *     24  host                  long    host, once      packed identity of its process
 *     64  life: node            long    guest           links the word for the guest's kernel, see RobustList
 *     72  life: word            int     guest           0 = not here yet; thread id | WAITERS = alive; the kernel
 *                                                       turns it to OWNER_DIED when the thread ends
 *     80  guest                 long    guest, once     packed identity of its process; 0 = not here yet
 *     88  work: offer           long    guest           the offer it is at; 0 = none
 *     96  work: since           long    guest           nanoTime when it began on that
 *    128  orders: bell          int     host            counts the orders given; the guest's listener sleeps on it
 *    136  orders: interrupt     long    host            the last offer whose work is to be interrupted
 *    144  orders: dump          long    host            the last offer whose threads are to be told
 *    152  crowd                 int     host            how many processes want a CPU; not worth looking if many
 *
 *    192  requests: WRITTEN     long    host            bytes ever published
 *    256  requests: READ        long    guest           bytes ever read: their room is free
 *    320  requests: sleepers    2 int   both            1 = the reader sleeps; 1 = the writer sleeps
 *    384  replies:  WRITTEN     long    guest
 *    448  replies:  READ        long    host
 *    512  replies:  sleepers    2 int   both
 *
 *    896  backlog               int     host            what waits for any guest of this host; read by nobody but
 *                                                       ChannelGlance, as are all identities, work and purpose
 *    900  reserve               int     host            1 = the guest gets no offers for now
 *   1024  claims                64 long both            see Claims
 *   1536  purpose: worker       int     host, once      see ChannelPurpose
 *   1540  purpose: limit        int     host, once
 *   1544  purpose: name         text    host, once
 *   4 K   requests, then replies: two rings of bytes
 * </pre>
 *
 * <p>A ring holds the bytes from READ to WRITTEN, each at its number modulo the ring's size. They are a sequence of frames;
 * all is little-endian, and all but bodies is aligned to 8:
 *
 * <pre>
 *   +---------------+---------------+-------------------------------+
 *   | kind      int | parts     int | number                   long |
 *   +---------------+---------------+-------------------------------+
 *   | size of a part in bytes, times two; plus 1 if it is raw  long |   for each part
 *   | its body, padded to 8                                         |
 *   +---------------------------------------------------------------+
 * </pre>
 *
 * <p>What the states between two stores mean. Bytes behind WRITTEN are nobody's: a writer that dies there has sent nothing
 * of them. A frame that does not fit into the free room is published piece by piece, so a dead writer may leave a part of
 * one: its reader learns of the death and drops it. Bytes before READ are the writer's again: a reader that dies between
 * reading and READ has, to the writer, not read them, and nobody reads them again. A sleeper's word that stays 1 without
 * sleeper costs the other side a system call. One that was cleared by somebody who died before the wake-up: the sleeper
 * also waits for the life word.
 */
final class ChannelLayout {
    static final int MAGIC = 0x50434831;
    static final int VERSION = 2;
    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 4;
    static final long RING_BYTES_AT = 8;

    static final long CPUS_AT = 16;

    static final long HOST_AT = 24;

    static final long NODE_AT = 64;
    static final long LIFE_AT = 72;
    static final long NODE_TO_LIFE_BYTES = LIFE_AT - NODE_AT;

    static final long GUEST_AT = 80;
    static final long WORK_AT = 88;
    static final long WORK_SINCE_AT = 96;

    static final long BELL_AT = 128;
    static final long INTERRUPT_AT = 136;
    static final long DUMP_AT = 144;
    static final long CROWD_AT = 152;

    static final long REQUESTS_AT = 192;
    static final long REPLIES_AT = 384;

    /** Within a direction. */
    static final long WRITTEN = 0;

    static final long READ = 64;
    static final long READER_SLEEPS = 128;
    static final long WRITER_SLEEPS = 132;

    static final long BACKLOG_AT = 896;
    static final long RESERVE_AT = 900;

    static final long CLAIMS_AT = 1024;
    static final int CLAIMS = 64;

    static final long WORKER_AT = 1536;
    static final long BACKLOG_LIMIT_AT = 1540;
    static final TextField NAME = new TextField(1544, 256);

    static final long DATA_AT = 4096;

    /** A power of two: two rings stay in a CPU's second-level cache, and are some hundred times what a small task takes. */
    static final long RING_BYTES = 1 << 19;

    static final int ALIGNMENT = 8;

    /** The largest array every JVM grants. */
    static final long MAX_PART_BYTES = Integer.MAX_VALUE - 8;

    private ChannelLayout() {}

    static long sizeBytes(long ringBytes) {
        return DATA_AT + 2 * ringBytes;
    }

    static int padded(int sizeBytes) {
        return (sizeBytes + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
