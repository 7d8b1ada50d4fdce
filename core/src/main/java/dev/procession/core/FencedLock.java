package dev.procession.core;

import java.util.concurrent.locks.Lock;

/**
 * A lock whose every acquisition has a number, so that a resource can tell a holder that is late from the one that came
 * after it.
 *
 * <p>No lock between processes can stop a holder that was paused, lost the lock, and woke up believing it still has it.
 * A fence can: fences grow with each acquisition, and a store that keeps the greatest fence it saw refuses smaller ones.
 *
 * <p>Source: Kleppmann, "How to do distributed locking" (2016); Hazelcast's lock of this name.
 */
public interface FencedLock extends Lock {
    /**
     * Acquires the lock as {@link #lock} does.
     *
     * @return the fence of this acquisition: greater than that of every earlier one, by whichever process, and positive
     */
    long lockAndGetFence();

    /**
     * The fence of the current acquisition.
     *
     * @return what {@link #lockAndGetFence} returned, or would have returned
     * @throws IllegalMonitorStateException if the caller does not hold the lock
     */
    long getFence();
}
