package dev.procession.bench;

import dev.procession.core.QueueShutDownException;
import java.util.Arrays;

/**
 * The time in which work counts: one for all JVMs of a crew, after a warm-up that goes through the very same memory. A JVM
 * that has just started compiles what it runs, and on a machine with few CPUs those who wait for it are slow as well.
 *
 * @param opensNanoTime when the warm-up ends, as {@link System#nanoTime} has it
 * @param closesNanoTime when the measuring ends
 */
record Window(long opensNanoTime, long closesNanoTime) {
    /** A stretch of work, short beside the window. */
    @FunctionalInterface
    interface Stretch {
        /** Does it, and says how much that was. */
        int work() throws Exception;
    }

    /** Something that is timed one by one, and times itself. */
    @FunctionalInterface
    interface Timed {
        /** Does it, and says how long it took. */
        long nanos() throws Exception;
    }

    /** Of so many a median is taken at most. */
    private static final int MOST_TIMED = 1 << 20;

    static Window after(double warmUpSeconds, double seconds) {
        long opens = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        return new Window(opens, opens + (long) (seconds * 1e9));
    }

    boolean isOpen() {
        return System.nanoTime() - opensNanoTime >= 0;
    }

    boolean isOver() {
        return System.nanoTime() - closesNanoTime >= 0;
    }

    /**
     * Works until the window closes, or a queue is shut down because it closed for another.
     *
     * @return how much a second was done in the window
     */
    double perSecond(Stretch stretch) throws Exception {
        long start = opensNanoTime;
        long count = 0;
        try {
            while (!isOpen()) {
                int _ = stretch.work();
            }
            start = System.nanoTime();
            do { // once at least, however late the warm-up ended
                count += stretch.work();
            } while (!isOver());
        } catch (QueueShutDownException over) {
            // what was done until now counts
        }
        if (count == 0) {
            throw new IllegalStateException("nothing was done between warm-up and end");
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    /** Does something again and again until the window closes; the result is the median time in nanoseconds. */
    double medianNanos(Timed timed) throws Exception {
        while (!isOpen()) {
            long _ = timed.nanos();
        }
        long[] nanos = new long[MOST_TIMED];
        int count = 0;
        do {
            nanos[count++] = timed.nanos();
        } while (count < MOST_TIMED && !isOver());
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2];
    }
}
