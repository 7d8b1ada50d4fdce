package dev.procession.net;

import dev.procession.process.ChildProcess;
import dev.procession.process.ListeningSocket;
import java.time.Duration;

/** A worker process as its server sees it. What changes belongs to the {@link ProcessEngine}'s own thread. */
final class Worker {
    /** How far it has come. A worker that is gone is forgotten. */
    enum Stage {
        STARTING,
        /** It accepts connections. */
        SERVING,
        /** It has the one connection that it is there for. */
        TAKEN,
        /** It was told to accept no more, and does not. */
        STOPPED,
        /** It has said its last. */
        DRAINED
    }

    private final int slot;
    private final WorkerLine line;
    private final ChildProcess process;
    private long readyNanos;

    Stage stage = Stage.STARTING;
    ServerStatistics figures = ServerStatistics.ZERO;

    private Worker(int slot, WorkerLine line, ChildProcess process) {
        this.slot = slot;
        this.line = line;
        this.process = process;
    }

    /**
     * Starts a process that serves connections of the listener as planned.
     *
     * @param slot its place, from 0
     * @param turn when it accepts
     * @throws dev.procession.core.codec.UnencodableException if the handler cannot travel
     * @throws java.io.UncheckedIOException if the system refuses to make the process
     */
    static Worker start(int slot, Plan plan, ListeningSocket listener, Turn turn) {
        WorkerLine line = WorkerLine.open();
        try {
            return new Worker(
                    slot,
                    line,
                    ChildProcess.builder()
                            .name(plan.name() + "-worker-" + (slot + 1))
                            .stdin(listener)
                            .start(new WorkerMain(plan, line, turn)));
        } catch (RuntimeException | Error e) {
            line.close();
            throw e;
        }
    }

    int slot() {
        return slot;
    }

    WorkerLine line() {
        return line;
    }

    ChildProcess process() {
        return process;
    }

    void ready() {
        readyNanos = System.nanoTime();
        stage = Stage.SERVING;
    }

    /** How long it has served, if at all. */
    Duration served() {
        return stage == Stage.STARTING ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - readyNanos);
    }

    /** Whether connections may come to it, now or when it has started. */
    boolean accepts() {
        return stage == Stage.STARTING || stage == Stage.SERVING;
    }

    /** Whether it reads orders. One that has a drain under way, or has not started, does so later. */
    boolean listens() {
        return stage == Stage.SERVING || stage == Stage.TAKEN;
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
