package dev.procession.shm;

/**
 * A process died holding the lock, so that what the lock guards may be half-changed; the lock was not acquired.
 *
 * <p>Thrown by locks made with {@link LockOption#REFUSE_AFTER_OWNER_DEATH} only, to every caller, until somebody has
 * repaired what the lock guards by {@link SharedLock#recover}. Only where it comes out of a wait for a {@link
 * SharedCondition} the lock is held, as the condition's contract demands.
 */
public final class OwnerDiedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    OwnerDiedException(String message) {
        super(message);
    }
}
