package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.process.pool.Failures;
import dev.procession.process.pool.WorkerLoop;
import java.io.IOException;

/** What the process of a pool's worker runs. No record: those are read by method handles, which take a fresh JVM long to make. */
final class PoolWorker implements SerializableAction {
    private static final long serialVersionUID = 1;

    private final String channelPath;
    private final int worker;

    /**
     * A worker's program.
     *
     * @param channelPath of the channel to the pool
     * @param worker its number in the pool
     */
    PoolWorker(String channelPath, int worker) {
        this.channelPath = channelPath;
        this.worker = worker;
    }

    /** As the failures of other children travel. */
    static final Failures FAILURES = new Failures() {
        @Override
        public byte[] encode(Throwable thrown) {
            return Failure.encode(thrown);
        }

        @Override
        public Throwable decode(byte[] payload) {
            return Failure.decode(payload, Thread.currentThread().getContextClassLoader());
        }
    };

    /** A worker ends when its pool says so, whatever threads its tasks have left behind. */
    @Override
    public void run() throws IOException {
        WorkerLoop.run(channelPath, worker, FAILURES);
        System.exit(0);
    }
}
