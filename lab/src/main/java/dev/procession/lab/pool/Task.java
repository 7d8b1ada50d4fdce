package dev.procession.lab.pool;

import java.io.Serializable;
import java.time.Duration;

/** What the pools' workers are given to do. */
final class Task {
    private Task() {}

    /**
     * What a task tells of itself.
     *
     * @param number what it was given
     * @param square what came of it
     * @param pid in which process
     * @param fromNanos when it began, on {@link System#nanoTime()}'s clock
     * @param untilNanos when it ended
     */
    record Ran(int number, int square, long pid, long fromNanos, long untilNanos) implements Serializable {}

    /** Sleeps, then squares. */
    static Ran square(int number, Duration nap) throws InterruptedException {
        long from = System.nanoTime();
        Thread.sleep(nap);
        return new Ran(number, number * number, ProcessHandle.current().pid(), from, System.nanoTime());
    }

    /** Computes for about as many nanoseconds as steps, without touching memory. */
    static long compute(int seed, int steps) {
        long value = seed;
        for (int step = 0; step < steps; step++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        return value;
    }
}
