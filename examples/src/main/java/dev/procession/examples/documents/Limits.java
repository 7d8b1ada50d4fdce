package dev.procession.examples.documents;

import java.time.Duration;

/**
 * What a file may cost.
 *
 * @param workers how many files are read at the same time
 * @param deadline how long one may take
 * @param heapBytes how much heap a worker has
 * @param retries how often a file is given to another worker when one has died with it
 */
public record Limits(int workers, Duration deadline, long heapBytes, int retries) {
    /** Two at a time, ten seconds each, 256 MiB, one more try. */
    public static final Limits STANDARD = new Limits(2, Duration.ofSeconds(10), 256L << 20, 1);
}
