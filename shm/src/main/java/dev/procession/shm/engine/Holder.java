package dev.procession.shm.engine;

import org.jspecify.annotations.Nullable;

/**
 * The thread that holds a primitive.
 *
 * <pre>
 *   63                      35 34                                 0
 *  +--------------------------+------------------------------------+
 *  |  stamp of the member     |  id of the thread                  |   0 = none
 *  +--------------------------+------------------------------------+
 * </pre>
 *
 * @param member the stamp of its member
 * @param thread its id there, in its lower 35 bits
 * @param release who may release what it holds
 */
public record Holder(int member, long thread, Release release) {
    private static final int THREAD_BITS = Long.SIZE - Stamp.BITS;
    private static final long THREAD_MASK = (1L << THREAD_BITS) - 1;

    /** Who may end a hold. */
    public enum Release {
        /** The holding thread alone. */
        BY_HOLDER,
        /** Any thread; so who waits may yet be helped by somebody who is not seen. */
        BY_ANYBODY
    }

    /**
     * What a thread of a member writes into a word to say that it is the holder.
     *
     * @param member the member's stamp
     * @param thread the thread's id
     * @return the word
     */
    public static long word(int member, long thread) {
        return (long) member << THREAD_BITS | (thread & THREAD_MASK);
    }

    boolean isSame(Holder other) {
        return member == other.member && thread == other.thread && release == other.release;
    }

    /**
     * Who wrote a word.
     *
     * @param word the word
     * @param release who may release what that one holds
     * @return the holder, or null if there is none
     */
    public static @Nullable Holder of(long word, Release release) {
        return word == 0 ? null : new Holder((int) (word >>> THREAD_BITS), word & THREAD_MASK, release);
    }
}
