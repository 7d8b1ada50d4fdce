package dev.procession.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.PoolStatistics.Latency;
import org.junit.jupiter.api.Test;

/** Where durations are counted, and how exact what is read back is. */
class LatencyHistogramTest {
    @Test
    void bucketsCoverAllDurationsInOrderAndAreNarrow() {
        int before = -1;
        for (int shift = 0; shift < 63; shift++) {
            for (long value = 1L << shift; value > 0 && value < (1L << shift) + 16; value++) {
                int bucket = LatencyHistogram.bucketOf(value);
                assertThat(bucket).as("value " + value).isGreaterThanOrEqualTo(before);
                assertThat(LatencyHistogram.lastOf(bucket)).isBetween(value, value + value / 8);
                before = shift < 4 ? before : bucket;
            }
        }
        int top = LatencyHistogram.bucketOf(Long.MAX_VALUE);
        assertThat(LatencyHistogram.lastOf(top)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neighbouringBucketsMeet() {
        for (int bucket = 0; bucket < LatencyHistogram.bucketOf(Long.MAX_VALUE); bucket++) {
            assertThat(LatencyHistogram.bucketOf(LatencyHistogram.lastOf(bucket)))
                    .isEqualTo(bucket);
            assertThat(LatencyHistogram.bucketOf(LatencyHistogram.lastOf(bucket) + 1))
                    .isEqualTo(bucket + 1);
        }
    }

    @Test
    void quantilesAreWithinAnEighth() {
        var histogram = new LatencyHistogram();
        assertThat(histogram.snapshot()).isEqualTo(new Latency(0, 0, 0, 0, 0));
        for (int i = 1; i <= 1_000; i++) {
            histogram.record(i * 1_000L);
        }
        Latency latency = histogram.snapshot();
        assertThat(latency.count()).isEqualTo(1_000);
        assertThat(latency.minNanos()).isEqualTo(1_000);
        assertThat(latency.maxNanos()).isEqualTo(1_000_000);
        assertThat(latency.medianNanos()).isBetween(500_000L, 562_500L);
        assertThat(latency.p99Nanos()).isBetween(990_000L, 1_000_000L);
    }

    @Test
    void aNegativeDurationCountsAsNone() {
        var histogram = new LatencyHistogram();
        histogram.record(-5);
        assertThat(histogram.snapshot()).isEqualTo(new Latency(1, 0, 0, 0, 0));
    }
}
