package dev.procession.core.spi;

import dev.procession.core.PoolStatistics;
import java.util.concurrent.atomic.LongAdder;

/** What a pool counts. Each future is counted once as done, failed or cancelled: by whoever decided it. */
final class PoolCounters {
    private final LongAdder queued = new LongAdder();
    private final LongAdder running = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final LatencyHistogram queueWait = new LatencyHistogram();
    private final LatencyHistogram runTime = new LatencyHistogram();

    void submitted() {
        queued.increment();
    }

    void refused() {
        queued.decrement();
    }

    void withdrawn() {
        queued.decrement();
    }

    void started(long waitedNanos) {
        queued.decrement();
        running.increment();
        queueWait.record(waitedNanos);
    }

    void requeued() {
        running.decrement();
        queued.increment();
    }

    void retried() {
        retried.increment();
    }

    void gone(long ranNanos) {
        running.decrement();
        runTime.record(ranNanos);
    }

    void done() {
        done.increment();
    }

    void failed() {
        failed.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    void restarted() {
        restarts.increment();
    }

    PoolStatistics snapshot() {
        return new PoolStatistics(
                queued.sum(),
                running.sum(),
                done.sum(),
                failed.sum(),
                cancelled.sum(),
                retried.sum(),
                restarts.sum(),
                queueWait.snapshot(),
                runTime.snapshot());
    }
}
