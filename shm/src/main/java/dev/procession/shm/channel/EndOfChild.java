package dev.procession.shm.channel;

import dev.procession.shm.engine.EndWatch;
import dev.procession.shm.os.ProcessIdentity;
import java.time.Duration;

/**
 * A wait for the end of a child, as those see it who look for deadlocks: a parent that holds a lock and waits for a child
 * which waits for that lock is reported by a warning of {@code dev.procession.shm}.
 */
public final class EndOfChild {
    private static final Duration FIRST_SLICE = Duration.ofMillis(25);
    private static final Duration LAST_SLICE = Duration.ofMillis(800);
    private static final Duration NOBODY_LOOKS = Duration.ofDays(1);

    private EndOfChild() {}

    /** Waits until the child has ended, for a time at most. */
    @FunctionalInterface
    public interface Await {
        /**
         * Waits.
         *
         * @param atMost how long
         * @return whether the child has ended
         * @throws InterruptedException if the thread is interrupted
         */
        boolean hasEndedWithin(Duration atMost) throws InterruptedException;
    }

    /**
     * Waits until a child has ended, however long that takes.
     *
     * @param pid its process number
     * @param child waits for its end
     * @throws InterruptedException if the thread is interrupted
     */
    public static void await(long pid, Await child) throws InterruptedException {
        ProcessIdentity process = ProcessIdentity.of(pid);
        if (process == null) {
            awaitUnseen(child);
            return;
        }
        try (EndWatch watch = EndWatch.of(process)) {
            if (watch.isIdle()) {
                awaitUnseen(child);
                return;
            }
            Duration slice = FIRST_SLICE;
            watch.look();
            while (!child.hasEndedWithin(slice)) {
                slice = slice.compareTo(LAST_SLICE) < 0 ? slice.multipliedBy(2) : slice;
                watch.look();
            }
        }
    }

    private static void awaitUnseen(Await child) throws InterruptedException {
        while (!child.hasEndedWithin(NOBODY_LOOKS)) {
            // again
        }
    }
}
