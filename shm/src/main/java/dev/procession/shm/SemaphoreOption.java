package dev.procession.shm;

/** What a shared semaphore can be made with. */
public enum SemaphoreOption {
    /** Permits go to whoever has waited longest, of all processes. {@code tryAcquire()} without a time never waits in line. */
    FAIR(1),

    /**
     * There are never more permits than the semaphore was made with: releasing one too many throws. Python's {@code
     * BoundedSemaphore}.
     */
    BOUNDED(2),

    /**
     * Permits are lent to processes: those that a process holds when it dies come back. A process can only release what it
     * has acquired, so such a semaphore is bounded as well.
     */
    LEASED(4);

    /** The option's place in a semaphore's payload; part of the layout. */
    private final int bit;

    SemaphoreOption(int bit) {
        this.bit = bit;
    }

    static int bitsOf(SemaphoreOption... options) {
        int bits = 0;
        for (SemaphoreOption option : options) {
            bits |= option.bit;
        }
        return bits;
    }

    boolean isIn(int bits) {
        return (bits & bit) != 0;
    }
}
