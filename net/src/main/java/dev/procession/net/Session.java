package dev.procession.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its acceptance to its end.
 *
 * <pre>{@code
 *   HANDSHAKE --> SERVED: the handler --> CLOSING: the rest is sent, the peer reads it --> gone
 *        \______________|______________________|____ a limit, or the end of the server ___/
 * }</pre>
 *
 * <p>Its thread, or task, runs it. The sweeper and those who end the server look at its {@link Vitals} and close the
 * connection; that ends its waits.
 */
final class Session implements Runnable {
    private static final Logger LOG = System.getLogger("dev.procession.net");

    /** How long a peer may take to read the last bytes and to close. */
    static final Duration LINGER = Duration.ofSeconds(2);

    private final long id;
    private final Plan plan;
    private final Connection connection;
    private final Tally tally;
    private final Consumer<Session> ended;
    private volatile @Nullable Thread thread;

    Session(long id, Plan plan, Connection connection, Tally tally, Consumer<Session> ended) {
        this.id = id;
        this.plan = plan;
        this.connection = connection;
        this.tally = tally;
        this.ended = ended;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            if (secured()) {
                serve();
            }
        } finally {
            thread = null;
            close();
        }
    }

    /** At its end, or if it cannot begin. */
    void close() {
        try {
            connection.close();
        } finally {
            tally.ended(vitals());
            ended.accept(this);
        }
    }

    private boolean secured() {
        TransportLayer layer = plan.layer();
        try {
            if (layer != null) {
                connection.secure(layer);
            }
            return true;
        } catch (IOException | RuntimeException e) {
            if (connection.cutReason() == null) {
                tally.count(Tally.Count.CUT_HANDSHAKE);
            }
            LOG.log(Level.DEBUG, () -> "a handshake failed: " + describe(), e);
            return false;
        }
    }

    private void serve() {
        vitals().enter(Vitals.Phase.SERVED);
        try {
            plan.handler().handle(connection);
        } catch (Throwable thrown) { // whatever one handler throws, the others go on
            report(thrown);
        }
        if (connection.cutReason() == null && (connection.failure() == null || isTooLong())) {
            finish();
        }
        if (connection.cutReason() == null && connection.failure() != null) {
            tally.count(isTooLong() ? Tally.Count.CUT_TOO_LONG : Tally.Count.RESET);
        }
    }

    private boolean isTooLong() {
        return connection.failure() instanceof FrameTooLongException;
    }

    private void report(Throwable thrown) {
        if (connection.cutReason() == null && !isOfConnection(thrown)) {
            tally.count(Tally.Count.FAILED);
            LOG.log(Level.WARNING, () -> "a handler failed, its connection is closed: " + describe(), thrown);
        }
    }

    /** Whether the peer, or what it sent, is the reason: the very exception, not one like it. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isOfConnection(Throwable thrown) {
        IOException failure = connection.failure();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause == failure) {
                return true;
            }
        }
        return false;
    }

    private void finish() {
        try {
            connection.finish();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "the peer left before it had everything: " + describe(), e);
        }
    }

    private String describe() {
        return "server=" + plan.name() + ", client=" + connection.remoteAddress();
    }

    /** The sweeper's: ends it if a limit is passed. */
    void sweep(long nowNanos) {
        Limits limits = plan.limits();
        Vitals vitals = vitals();
        switch (vitals.phase) {
            case HANDSHAKE -> {
                if (isOver(limits.handshake(), vitals.phaseNanos, nowNanos)) {
                    cut(CutReason.HANDSHAKE);
                }
            }
            case SERVED -> sweepServed(limits, nowNanos);
            case CLOSING -> {
                if (vitals.writeWaitNanos != 0) {
                    sweepWriter(limits, nowNanos);
                } else if (isOver(LINGER, vitals.phaseNanos, nowNanos)) {
                    connection.close();
                }
            }
        }
    }

    private void sweepServed(Limits limits, long nowNanos) {
        sweepWriter(limits, nowNanos);
        Vitals vitals = vitals();
        long waitsSinceNanos = vitals.readWaitNanos;
        if (waitsSinceNanos == 0) {
            return;
        }
        long frameNanos = vitals.frameNanos;
        if (frameNanos != 0 && isOver(limits.frameTime(), frameNanos, nowNanos)) {
            cut(CutReason.SLOW);
        } else if (isOver(limits.idle(), Math.max(waitsSinceNanos, vitals.activityNanos), nowNanos)) {
            cut(CutReason.IDLE);
        }
    }

    private void sweepWriter(Limits limits, long nowNanos) {
        long waitsSinceNanos = vitals().writeWaitNanos;
        if (waitsSinceNanos != 0 && isOver(limits.writeProgress(), waitsSinceNanos, nowNanos)) {
            cut(CutReason.STALLED);
        }
    }

    private static boolean isOver(Duration limit, long sinceNanos, long nowNanos) {
        return !limit.isZero() && nowNanos - sinceNanos > limit.toNanos();
    }

    /** Once at most: the first reason is the one that counts. It is counted before the handler can know, whose process may end then. */
    void cut(CutReason reason) {
        if (connection.condemn(reason)) {
            tally.count(reason);
        }
        connection.close();
    }

    /** No further request is wanted. */
    void drain() {
        connection.drain();
    }

    /** For a handler that goes on though its connection is closed. */
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    Vitals vitals() {
        return connection.vitals();
    }

    ConnectionInfo info() {
        Vitals vitals = vitals();
        return new ConnectionInfo(
                id,
                ProcessHandle.current().pid(),
                connection.remoteAddress(),
                Duration.ofNanos(System.nanoTime() - vitals.startedNanos),
                vitals.bytesIn,
                vitals.bytesOut,
                vitals.state());
    }
}
