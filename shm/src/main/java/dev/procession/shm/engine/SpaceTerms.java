package dev.procession.shm.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a space is to be made with; for one that is there already, what it must have been made with.
 *
 * @param limitBytes how much memory it may take; 0 if the caller does not care
 * @param deadlocks what is done about them; null if the caller does not care
 */
public record SpaceTerms(long limitBytes, @Nullable DeadlockPolicy deadlocks) {
    /** The system property with what is done about deadlocks in spaces of which nothing else is said. */
    public static final String DEADLOCKS_PROPERTY = "procession.deadlocks";

    /** No terms at all. */
    public static final SpaceTerms NONE = new SpaceTerms(0, null);

    /** What a new space gets. */
    DeadlockPolicy deadlocksOrDefault() {
        return deadlocks != null
                ? deadlocks
                : DeadlockPolicy.named(System.getProperty(DEADLOCKS_PROPERTY, DeadlockPolicy.THROW.toString()));
    }

    /**
     * Makes sure that a space is as the caller wants it.
     *
     * @param limitFound its limit
     * @param policyFound its policy
     * @param path its file
     * @throws IllegalArgumentException if it was made with other terms
     */
    public void ensureKept(long limitFound, DeadlockPolicy policyFound, String path) {
        if (limitBytes != 0 && limitBytes != limitFound) {
            throw new IllegalArgumentException("the space was made with another limit: limitBytes=" + limitBytes
                    + ", found=" + (limitFound == 0 ? "none" : limitFound) + ", file=" + path);
        }
        if (deadlocks != null && deadlocks != policyFound) {
            throw new IllegalArgumentException("the space was made with another policy: deadlocks=" + deadlocks
                    + ", found=" + policyFound + ", file=" + path);
        }
    }
}
