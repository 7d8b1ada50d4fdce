package dev.procession.lab.picture;

import java.util.Locale;

/** A span of time as people read it: milliseconds, from ten seconds on seconds. */
final class Millis {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MANY_MILLIS = 10_000;

    private Millis() {}

    static String text(long nanos) {
        long millis = Math.round((double) nanos / NANOS_PER_MILLI);
        return millis < MANY_MILLIS ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
