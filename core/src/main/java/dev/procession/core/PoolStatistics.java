package dev.procession.core;

/**
 * What a pool has done and is doing, at one moment. A batch of a {@code map} counts as one task.
 *
 * @param queued tasks that wait for a worker
 * @param running tasks a worker is at, given-up ones included until they are {@linkplain TaskFuture#gone gone}
 * @param done tasks that returned
 * @param failed tasks that threw, passed their deadline or died with their worker
 * @param cancelled tasks whose future was cancelled, or completed by somebody else, before they ended
 * @param retried how often a task was started again
 * @param restarts how often a worker was replaced that died or was killed
 * @param queueWait how long tasks waited for a worker
 * @param runTime how long tasks took, from their start to their end
 */
public record PoolStatistics(
        long queued,
        long running,
        long done,
        long failed,
        long cancelled,
        long retried,
        long restarts,
        Latency queueWait,
        Latency runTime) {
    /**
     * How long something took, over many times it was done. Values are rounded up by at most an eighth; zeros if it was
     * never done.
     *
     * @param count how many were measured
     * @param minNanos the shortest, in nanoseconds
     * @param medianNanos half took at most so long, in nanoseconds
     * @param p99Nanos 99 of 100 took at most so long, in nanoseconds
     * @param maxNanos the longest, in nanoseconds
     */
    public record Latency(long count, long minNanos, long medianNanos, long p99Nanos, long maxNanos) {}
}
