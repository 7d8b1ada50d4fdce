package dev.procession.integration.linearizability;

/**
 * One call on a shared object, as it was seen from outside.
 *
 * @param actor the thread that made it; the threads of one process have successive numbers
 * @param call what was called
 * @param argument what it was given, if it takes anything
 * @param result what it returned; means nothing if it did not
 * @param begin when it was called, or a moment before
 * @param end when it had returned, or a moment after; if it never did, when its process was known to be gone
 * @param returned false if its process was killed in it: it has taken effect before its end, or never will
 */
record Operation(int actor, Enum<?> call, long argument, long result, long begin, long end, boolean returned) {
    /** The result of a call that returns nothing, or null. */
    static final long NOTHING = Long.MIN_VALUE;

    /** Whether that could be what the call returned; anything could be, of one that did not. */
    boolean mayReturn(long possible) {
        return !returned || result == possible;
    }

    @Override
    public String toString() {
        return "actor " + actor + ": " + call + "(" + text(argument) + ") = "
                + (returned ? text(result) : "killed in it") + " [" + begin + ", " + end + "]";
    }

    private static String text(long value) {
        return value == NOTHING ? "" : Long.toString(value);
    }
}
