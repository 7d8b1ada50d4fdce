package dev.procession.process.pool;

import java.util.concurrent.TimeUnit;

/**
 * How far ahead of a busy worker to send: nothing where calls take long, since it would only bind them to one worker; two
 * milliseconds' worth where they are quick, so that a worker finds the next one when it is done with the last, and nobody
 * need be woken. Learned from how long the last calls took. Guarded by the dispatcher's lock.
 */
final class Pace {
    /** Calls that take longer are not worth sending ahead: waking a worker costs some 50 microseconds. */
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MOST_AHEAD = 48;

    /** As much as a single call may weigh. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private long typicalNanos = LONG_NANOS;

    /** How many calls a worker may have at once. */
    long depth() {
        return typicalNanos > QUICK_NANOS ? 1 : Math.clamp(AHEAD_NANOS / Math.max(1, typicalNanos), 1, MOST_AHEAD);
    }

    /** Takes note of how long a call took. */
    void learn(long tookNanos) {
        typicalNanos += (Math.min(tookNanos, LONG_NANOS) - typicalNanos) / 8;
    }
}
