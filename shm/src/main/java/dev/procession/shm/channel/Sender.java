package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.ALIGNMENT;
import static dev.procession.shm.channel.ChannelLayout.READ;
import static dev.procession.shm.channel.ChannelLayout.READER_SLEEPS;
import static dev.procession.shm.channel.ChannelLayout.WRITER_SLEEPS;
import static dev.procession.shm.channel.ChannelLayout.WRITTEN;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;

/**
 * The writing end of a ring. Frames are put one after the other and published together, by one store and one wake-up;
 * one that is larger than the free room flows through it, published piece by piece.
 *
 * <p>One thread at a time; the users see to that. A call that has thrown leaves the channel good for nothing but {@link
 * Channel#close}.
 */
public final class Sender {
    private final Channel channel;
    private final Cells cells;
    private final long direction;
    private final long data;
    private final long ringBytes;

    /** The number of the next byte to write. */
    private long at;

    private long published;

    /** What READ was when last looked at. */
    private long read;

    Sender(Channel channel, Cells cells, long direction, long data, long ringBytes) {
        this.channel = channel;
        this.cells = cells;
        this.direction = direction;
        this.data = data;
        this.ringBytes = ringBytes;
    }

    /** How many bytes {@link #put} takes for such a frame. */
    public static long sizeOf(Encoded... parts) {
        long size = 2 * Long.BYTES;
        for (Encoded part : parts) {
            size += Long.BYTES + ChannelLayout.padded(part.arraySize());
        }
        return size;
    }

    /** How many bytes can be put now without waiting for the reader. */
    public long room() {
        read = cells.getLongAcquire(direction + READ);
        return ringBytes - (at - read);
    }

    /**
     * Writes a frame, to be {@linkplain #publish published}. Waits for room as long as the reader lives; a wait publishes
     * what was written so far.
     *
     * @param kind what it means
     * @param number what it is about
     * @param parts the values in it
     * @throws PeerGoneException if the reader has died, or the channel was closed
     */
    public void put(int kind, long number, Encoded... parts) throws PeerGoneException {
        try {
            putLong(Integer.toUnsignedLong(kind) | (long) parts.length << 32);
            putLong(number);
            for (Encoded part : parts) {
                putLong((long) part.arraySize() << 1 | (part.isRaw() ? 1 : 0));
                putBytes(part.array(), part.arraySize());
            }
        } catch (IllegalStateException closed) {
            throw channel.gone(closed);
        }
    }

    private void putLong(long value) throws PeerGoneException {
        long _ = awaitRoom(Long.BYTES);
        cells.setLong(place(), value);
        at += Long.BYTES;
    }

    private void putBytes(byte[] source, int length) throws PeerGoneException {
        int done = 0;
        while (done < length) {
            long room = awaitRoom(ALIGNMENT);
            int piece = (int) Math.min(Math.min(room, ringBytes - (at & (ringBytes - 1))), length - done);
            cells.copyIn(place(), source, done, piece);
            done += piece;
            at += done < length ? piece : ChannelLayout.padded(piece);
        }
    }

    private long place() {
        return data + (at & (ringBytes - 1));
    }

    /** Waits until that many bytes are free, and tells how many are. */
    private long awaitRoom(int needed) throws PeerGoneException {
        long room = ringBytes - (at - read);
        if (room >= needed) {
            return room;
        }
        room = room();
        if (room >= needed) {
            return room;
        }
        publish();
        for (int left = channel.looks(); left > 0; left--) {
            room = room();
            if (room >= needed) {
                return room;
            }
            Thread.onSpinWait();
        }
        while (true) {
            cells.setIntVolatile(direction + WRITER_SLEEPS, 1);
            read = cells.getLongVolatile(direction + READ);
            room = ringBytes - (at - read);
            if (room >= needed) {
                cells.setIntRelease(direction + WRITER_SLEEPS, 0);
                return room;
            }
            channel.ensurePeer();
            channel.sleep(direction + WRITER_SLEEPS, 1, Waiting.LONGEST_NANOS);
        }
    }

    /**
     * Lets the reader have what was put, and wakes it if it sleeps. Costs nothing if there is nothing new.
     *
     * @throws PeerGoneException if the channel was closed
     */
    public void publish() throws PeerGoneException {
        if (at == published) {
            return;
        }
        try {
            cells.setLongVolatile(direction + WRITTEN, at);
            published = at;
            if (cells.getIntVolatile(direction + READER_SLEEPS) != 0) {
                cells.setIntVolatile(direction + READER_SLEEPS, 0);
                cells.wake(direction + READER_SLEEPS, 1);
            }
        } catch (IllegalStateException closed) {
            throw channel.gone(closed);
        }
    }
}
