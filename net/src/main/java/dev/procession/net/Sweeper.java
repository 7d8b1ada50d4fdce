package dev.procession.net;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The one thread that watches all limits of time of a server, so that no connection has a timer of its own. */
final class Sweeper {
    private static final long MOST_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LEAST_NANOS = Duration.ofMillis(5).toNanos();

    /** A limit is noticed at the latest this part of it late. */
    private static final int PART = 8;

    private final Sessions sessions;
    private final long everyNanos;
    private final Thread thread;
    private volatile boolean closed;

    Sweeper(String name, Sessions sessions, Limits limits) {
        this.sessions = sessions;
        everyNanos = Stream.of(limits.idle(), limits.frameTime(), limits.writeProgress(), limits.handshake())
                .filter(limit -> !limit.isZero())
                .mapToLong(limit -> Math.clamp(limit.dividedBy(PART).toNanos(), LEAST_NANOS, MOST_NANOS))
                .min()
                .orElse(MOST_NANOS);
        thread = Thread.ofPlatform().daemon().name(name + "-sweeper").unstarted(this::sweep);
    }

    void start() {
        thread.start();
    }

    private void sweep() {
        while (!closed) {
            sessions.forEach(session -> session.sweep(System.nanoTime()));
            LockSupport.parkNanos(this, everyNanos);
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
