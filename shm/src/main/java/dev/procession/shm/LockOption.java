package dev.procession.shm;

/** What a shared lock can be made with, besides what all of them do. */
public enum LockOption {
    /**
     * After an owner's process has died holding the lock, acquiring it throws {@link OwnerDiedException}, and does not
     * acquire it, until somebody has {@linkplain SharedLock#recover recovered} what the lock guards. Without this option
     * the next owner in each JVM gets a logged warning and the lock.
     */
    REFUSE_AFTER_OWNER_DEATH(1),

    /**
     * The lock goes to whoever has waited longest, of all processes. Without this option a thread that comes just when the
     * lock is released may take it before one that waits, which is several times as fast under contention. {@code
     * tryLock()} without a time never waits in line, fair or not.
     */
    FAIR(2),

    /**
     * The lock belongs to the thread that acquired it: another one, of whatever process, that releases it, uses its
     * conditions or ends its doubt gets {@link IllegalMonitorStateException}; so does the owner itself where it would wait
     * for itself for ever. For a {@link SharedLock}, which otherwise anybody may release; a {@link SharedReentrantLock} is
     * always so.
     *
     * <p>Since nobody else can let go of such a lock, threads that wait for each other's would wait for ever. So a wait without
     * a time-out looks first: where it would close a circle of owner-bound locks, among the threads of whatever processes,
     * platform and virtual, it ends in a {@link dev.procession.core.DeadlockException} that names each of them. Circles in
     * which a lock that anybody may release takes part are logged, as a warning of {@code dev.procession.shm}. A circle
     * may go through several spaces. The system property {@code procession.deadlocks}, read by the family's
     * root, or the setting {@code deadlocks} of a named space say otherwise: {@code report} only logs; {@code break} logs, and
     * throws if the circle is still there after a second; {@code off} does not look. Uncontended, looking costs nothing.
     */
    OWNER_BOUND(4);

    /** The option's place in a lock's payload; part of the layout. */
    private final int bit;

    LockOption(int bit) {
        this.bit = bit;
    }

    static int bitsOf(LockOption... options) {
        int bits = 0;
        for (LockOption option : options) {
            bits |= option.bit;
        }
        return bits;
    }

    boolean isIn(int bits) {
        return (bits & bit) != 0;
    }
}
