package dev.procession.shm;

/** A lock as its conditions see it. */
interface Monitor {
    /**
     * Ensures that the caller may use a condition of the lock.
     *
     * @throws IllegalMonitorStateException if it does not hold the lock
     */
    void ensureHeld();

    /** Releases all holds; the result is how many. */
    int releaseFully();

    /**
     * Acquires the lock that many times over, uninterruptibly.
     *
     * @throws OwnerDiedException if an owner died in a lock that refuses then; the lock is held all the same
     */
    void reacquire(int holds);
}
