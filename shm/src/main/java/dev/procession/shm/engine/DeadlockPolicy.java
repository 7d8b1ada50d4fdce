package dev.procession.shm.engine;

import java.util.Locale;

/** What is done about deadlocks in a space. Part of the layout: a space has one policy for all its members. */
public enum DeadlockPolicy {
    /** Whoever closes a cycle of locks that belong to threads gets an exception; other cycles are reported. */
    THROW(0),
    /** All are reported. */
    REPORT(1),
    /** All are reported; a cycle that is still there after a second ends by an exception in the thread that closed it. */
    BREAK(2),
    /** Nobody looks. */
    OFF(3);

    private static final DeadlockPolicy[] ALL = values();

    /** What the space's header holds. */
    final int code;

    DeadlockPolicy(int code) {
        this.code = code;
    }

    /** The policy of a header, which was checked before. */
    static DeadlockPolicy of(int code) {
        for (DeadlockPolicy policy : ALL) {
            if (policy.code == code) {
                return policy;
            }
        }
        throw new IllegalStateException("no such policy for deadlocks: code=" + code);
    }

    /** Whether a header may hold that. */
    static boolean isCode(int code) {
        return code >= THROW.code && code <= OFF.code;
    }

    /**
     * The policy of a name.
     *
     * @param name in any case
     * @return the policy
     * @throws IllegalArgumentException if there is none of that name
     */
    public static DeadlockPolicy named(String name) {
        for (DeadlockPolicy policy : ALL) {
            if (policy.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return policy;
            }
        }
        throw new IllegalArgumentException(
                "no such policy for deadlocks: policy=" + name + ", expected throw, report, break or off");
    }

    /** Its name in settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
