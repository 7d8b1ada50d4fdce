package dev.procession.shm.os;

/**
 * How eagerly the system runs a thread.
 *
 * <p>Source: {@code setpriority(2)}.
 */
public final class Priority {
    private static final int PRIO_PROCESS = 0;
    private static final int LOWEST = 19;

    private Priority() {}

    /**
     * Has the system run the calling thread only when nothing else wants the processor, and what it starts from now on:
     * threads and processes inherit it. It is a wish: where the system knows no such thing, nothing happens.
     */
    public static void lowest() {
        if (Architecture.CURRENT != null) {
            int _ = Libc.function("setpriority").call(Libc.IGNORED, PRIO_PROCESS, 0, LOWEST);
        }
    }
}
