package dev.procession.core.spi;

/**
 * How many inputs of a {@code map} go into the next batch: as many as take about two milliseconds, by what the batches
 * before took. So the cost of a batch's journey is shared by many small tasks, and large ones spread over all workers.
 */
final class ChunkSizing {
    private static final long TARGET_NANOS = 2_000_000;

    /** A batch is at most so many times as large as the largest seen: the first ones may be untypical. */
    private static final int GROWTH = 8;

    private final int fixedSize;
    private final int parallelism;
    private int largestMeasured;
    private long nanosPerInput = TARGET_NANOS;

    private ChunkSizing(int fixedSize, int parallelism) {
        this.fixedSize = fixedSize;
        this.parallelism = parallelism;
    }

    static ChunkSizing fixed(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("chunk size must be positive: chunkSize=" + size);
        }
        return new ChunkSizing(size, 1);
    }

    static ChunkSizing measured(int parallelism) {
        return new ChunkSizing(0, parallelism);
    }

    /** The size for the next batch when {@code left} inputs, at least one, are left. */
    int next(int left) {
        if (fixedSize > 0) {
            return Math.min(fixedSize, left);
        }
        long wanted = Math.min(TARGET_NANOS / Math.max(nanosPerInput, 1), (long) largestMeasured * GROWTH);
        int share = left / (2 * parallelism); // towards the end smaller, so that all workers end at about the same time
        return Math.clamp(Math.min(wanted, share), 1, left);
    }

    void measured(int size, long runNanos) {
        long measured = runNanos / size;
        nanosPerInput = largestMeasured == 0 ? measured : (nanosPerInput + measured) / 2;
        largestMeasured = Math.max(largestMeasured, size);
    }
}
