package dev.procession.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What others may know of a connection while it is served. Written by whoever reads or writes it, read by the sweeper and by those
 * who list connections; each field for itself, without order among them.
 */
final class Vitals {
    private static final VarHandle BYTES_IN;
    private static final VarHandle BYTES_OUT;

    static {
        try {
            BYTES_IN = MethodHandles.lookup().findVarHandle(Vitals.class, "bytesIn", long.class);
            BYTES_OUT = MethodHandles.lookup().findVarHandle(Vitals.class, "bytesOut", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final long startedNanos = System.nanoTime();

    /** When bytes last came or went. */
    volatile long activityNanos = startedNanos;

    /** Since when the reader waits; 0 if it does not. */
    volatile long readWaitNanos;

    /** When the reader began to wait for the rest of a line or frame; 0 if it is not within one. */
    volatile long frameNanos;

    /** Since when a writer waits without any progress; 0 if none does. */
    volatile long writeWaitNanos;

    volatile Phase phase = Phase.HANDSHAKE;
    volatile long phaseNanos = startedNanos;

    volatile long bytesIn;
    volatile long bytesOut;

    /** How far it has come. */
    enum Phase {
        HANDSHAKE,
        SERVED,
        CLOSING
    }

    /** By the reader. */
    void beginFrame() {
        if (frameNanos != 0) {
            frameNanos = 0;
        }
    }

    void enter(Phase next) {
        phaseNanos = System.nanoTime();
        phase = next;
    }

    /** By the reader. */
    void read(int bytes) {
        BYTES_IN.setOpaque(this, bytesIn + bytes); // there is one
        activityNanos = System.nanoTime();
    }

    /** By a writer. */
    void wrote(int bytes) {
        BYTES_OUT.setOpaque(this, bytesOut + bytes); // they exclude each other
        activityNanos = System.nanoTime();
    }

    ConnectionState state() {
        return switch (phase) {
            case HANDSHAKE -> ConnectionState.HANDSHAKE;
            case CLOSING -> ConnectionState.CLOSING;
            case SERVED ->
                writeWaitNanos != 0
                        ? ConnectionState.WRITING
                        : readWaitNanos != 0 ? ConnectionState.READING : ConnectionState.HANDLING;
        };
    }
}
