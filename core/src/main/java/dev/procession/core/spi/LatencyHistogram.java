package dev.procession.core.spi;

import dev.procession.core.PoolStatistics.Latency;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Counts durations in buckets whose width is an eighth of their lower bound or less. Any thread may record; recording
 * costs a few atomic additions.
 */
final class LatencyHistogram {
    private static final int SUB_BITS = 3;
    private static final int SUB_COUNT = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB_COUNT;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAccumulator min = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    void record(long nanos) {
        long value = Math.max(nanos, 0);
        min.accumulate(value);
        max.accumulate(value);
        counts.incrementAndGet(bucketOf(value));
    }

    Latency snapshot() {
        var copy = new long[BUCKETS];
        long total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
            total += copy[i];
        }
        if (total == 0) {
            return new Latency(0, 0, 0, 0, 0);
        }
        return new Latency(total, min.get(), quantile(copy, total, 0.5), quantile(copy, total, 0.99), max.get());
    }

    private long quantile(long[] copy, long total, double quantile) {
        long rank = (long) Math.ceil(total * quantile);
        int bucket = 0;
        long seen = copy[0];
        while (seen < rank) {
            bucket++;
            seen += copy[bucket];
        }
        return Math.clamp(lastOf(bucket), min.get(), max.get());
    }

    /** Values below 8 have a bucket each; from there on, each power of two has eight. */
    static int bucketOf(long value) {
        if (value < SUB_COUNT) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    /** The largest value in a bucket. */
    static long lastOf(int bucket) {
        if (bucket < SUB_COUNT) {
            return bucket;
        }
        int shift = (bucket >> SUB_BITS) - 1;
        return ((bucket - ((long) shift << SUB_BITS) + 1) << shift) - 1;
    }
}
