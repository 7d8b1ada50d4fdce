package dev.procession.net;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a server allows. Times of zero mean no limit.
 *
 * @param maxConnections at once
 * @param perAddress at once from one address
 * @param whenFull what becomes of those beyond {@code maxConnections}
 * @param idle without a byte in either direction, while the handler waits for the peer
 * @param frameTime to send one line or frame, while the handler waits for it
 * @param frameMaxBytes length of a line or frame if the handler does not say
 * @param writeProgress without the peer taking a byte, while the handler waits for it
 * @param handshake to agree upon the upper layer
 */
record Limits(
        int maxConnections,
        int perAddress,
        FullPolicy whenFull,
        Duration idle,
        Duration frameTime,
        int frameMaxBytes,
        Duration writeProgress,
        Duration handshake)
        implements Serializable {
    static final int FRAME_MAX_BYTES = 1 << 20;

    static final Limits DEFAULT = new Limits(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            FullPolicy.WAIT,
            Duration.ZERO,
            Duration.ZERO,
            FRAME_MAX_BYTES,
            Duration.ZERO,
            Duration.ofSeconds(10));

    /** The same for a part of a server that has so many connections to itself. */
    Limits withMaxConnections(int share) {
        return new Limits(share, perAddress, whenFull, idle, frameTime, frameMaxBytes, writeProgress, handshake);
    }

    Limits withPerAddress(int count) {
        return new Limits(maxConnections, count, whenFull, idle, frameTime, frameMaxBytes, writeProgress, handshake);
    }

    Limits withWhenFull(FullPolicy policy) {
        return new Limits(maxConnections, perAddress, policy, idle, frameTime, frameMaxBytes, writeProgress, handshake);
    }

    Limits withIdle(Duration time) {
        return new Limits(
                maxConnections, perAddress, whenFull, time, frameTime, frameMaxBytes, writeProgress, handshake);
    }

    Limits withFrameTime(Duration time) {
        return new Limits(maxConnections, perAddress, whenFull, idle, time, frameMaxBytes, writeProgress, handshake);
    }

    Limits withFrameMaxBytes(int bytes) {
        return new Limits(maxConnections, perAddress, whenFull, idle, frameTime, bytes, writeProgress, handshake);
    }

    Limits withWriteProgress(Duration time) {
        return new Limits(maxConnections, perAddress, whenFull, idle, frameTime, frameMaxBytes, time, handshake);
    }

    Limits withHandshake(Duration time) {
        return new Limits(maxConnections, perAddress, whenFull, idle, frameTime, frameMaxBytes, writeProgress, time);
    }
}
