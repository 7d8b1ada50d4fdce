package dev.procession.net;

import java.io.Serializable;

/**
 * What a server has done so far. The numbers are read one after the other while it goes on.
 *
 * @param accepted connections that were accepted and not rejected
 * @param rejected connections closed at once: over a limit on their number
 * @param active connections there are now
 * @param peak the most there have been at once
 * @param failed handlers that ended by an exception of their own
 * @param cutIdle closed because the peer sent nothing for too long
 * @param cutSlow closed because a line or frame took the peer too long
 * @param cutStalled closed because the peer took no bytes for too long
 * @param cutHandshake closed because the handshake took too long or failed
 * @param cutTooLong closed because a line or frame was longer than allowed
 * @param reset ended by the peer in the middle, as by a TCP reset
 * @param bytesIn bytes received and read
 * @param bytesOut bytes handed to the system
 */
public record ServerStatistics(
        long accepted,
        long rejected,
        long active,
        long peak,
        long failed,
        long cutIdle,
        long cutSlow,
        long cutStalled,
        long cutHandshake,
        long cutTooLong,
        long reset,
        long bytesIn,
        long bytesOut)
        implements Serializable {
    /** Nothing yet. */
    public static final ServerStatistics ZERO = new ServerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Adds those of another part of the same server. The peaks are added too, as if they had been at the same moment.
     *
     * @param other of the other part
     * @return the sums
     */
    public ServerStatistics plus(ServerStatistics other) {
        return new ServerStatistics(
                accepted + other.accepted,
                rejected + other.rejected,
                active + other.active,
                peak + other.peak,
                failed + other.failed,
                cutIdle + other.cutIdle,
                cutSlow + other.cutSlow,
                cutStalled + other.cutStalled,
                cutHandshake + other.cutHandshake,
                cutTooLong + other.cutTooLong,
                reset + other.reset,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut);
    }

    /** Those of a part that is gone. */
    ServerStatistics ofThePast() {
        return new ServerStatistics(
                accepted,
                rejected,
                0,
                0,
                failed,
                cutIdle,
                cutSlow,
                cutStalled,
                cutHandshake,
                cutTooLong,
                reset,
                bytesIn,
                bytesOut);
    }

    /** The same with another peak. */
    ServerStatistics withPeak(long other) {
        return new ServerStatistics(
                accepted,
                rejected,
                active,
                other,
                failed,
                cutIdle,
                cutSlow,
                cutStalled,
                cutHandshake,
                cutTooLong,
                reset,
                bytesIn,
                bytesOut);
    }
}
