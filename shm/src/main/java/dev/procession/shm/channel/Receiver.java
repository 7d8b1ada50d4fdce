package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.MAX_PART_BYTES;
import static dev.procession.shm.channel.ChannelLayout.READ;
import static dev.procession.shm.channel.ChannelLayout.READER_SLEEPS;
import static dev.procession.shm.channel.ChannelLayout.WRITER_SLEEPS;
import static dev.procession.shm.channel.ChannelLayout.WRITTEN;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reading end of a ring. {@link #take} and {@link #look} are for one thread at a time; {@link #await} may be called
 * by another meanwhile.
 *
 * <p>A thread that looks at the ring in place of one that sleeps {@linkplain #withdraw withdraws} the other's wish to be
 * woken, and {@linkplain #announce announces} it again when it is done.
 */
public final class Receiver {
    private final Channel channel;
    private final Cells cells;
    private final long direction;
    private final long data;
    private final long ringBytes;
    private final Looking looking = new Looking();

    // Only accessed by who takes.

    /** The number of the next byte to read. */
    private long at;

    /** What WRITTEN was when last looked at. */
    private long written;

    Receiver(Channel channel, Cells cells, long direction, long data, long ringBytes) {
        this.channel = channel;
        this.cells = cells;
        this.direction = direction;
        this.data = data;
        this.ringBytes = ringBytes;
    }

    /** Whether a frame has come, or begun to. False on a closed channel. */
    public boolean isReady() {
        try {
            return cells.getLongVolatile(direction + WRITTEN) != cells.getLongVolatile(direction + READ);
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    /** Asks to be woken by the next publication; look once more before sleeping. */
    public void announce() throws PeerGoneException {
        sleeps(1);
    }

    /** Takes the wish to be woken back. */
    public void withdraw() throws PeerGoneException {
        sleeps(0);
    }

    private void sleeps(int value) throws PeerGoneException {
        try {
            cells.setIntVolatile(direction + READER_SLEEPS, value);
        } catch (IllegalStateException closed) {
            throw channel.gone(closed);
        }
    }

    /**
     * Looks for a while, without sleeping: longer if that has paid lately, not at all where others need the CPU more.
     *
     * @return whether a frame has come
     */
    public boolean look() {
        if (isReady()) {
            return true;
        }
        if (!channel.isWorthLooking()) {
            return false;
        }
        for (int left = looking.budget(); left > 0; left--) {
            if (isReady()) {
                looking.learn(/* enough= */ true);
                return true;
            }
            Thread.onSpinWait();
        }
        looking.learn(/* enough= */ false);
        return false;
    }

    /**
     * Sleeps until a frame comes, the peer dies, or the time is up; or shorter, for no reason.
     *
     * @param timeoutNanos how long at most
     * @return whether a frame has come
     * @throws PeerGoneException if the channel was closed, or the peer has died and there is nothing more to read
     */
    public boolean await(long timeoutNanos) throws PeerGoneException {
        announce();
        if (isReady()) {
            withdraw();
            return true;
        }
        channel.ensurePeer();
        channel.sleep(direction + READER_SLEEPS, 1, timeoutNanos);
        return isReady();
    }

    /**
     * Reads the next frame. Waits for the rest of one that has begun.
     *
     * @return the frame, or null if none has come
     * @throws PeerGoneException if the peer died in the middle of one, or the channel was closed
     */
    public @Nullable Frame take() throws PeerGoneException {
        try {
            if (written == at) {
                written = cells.getLongVolatile(direction + WRITTEN);
                if (written == at) {
                    return null;
                }
            }
            long head = getLong();
            long number = getLong();
            int count = (int) (head >>> 32);
            Encoded[] parts = new Encoded[count];
            OutOfMemoryError lost = null;
            for (int i = 0; i < count; i++) {
                long size = getLong();
                byte[] body = lost == null ? allocate(size >>> 1) : null;
                if (body == null) {
                    skip((int) (size >>> 1));
                    lost = new OutOfMemoryError("no memory for what came: sizeBytes=" + (size >>> 1));
                } else {
                    getBytes(body);
                    parts[i] = (size & 1) != 0 ? Encoded.raw(body) : Encoded.framed(body, body.length);
                }
            }
            giveBack();
            return new Frame((int) head, number, lost == null ? Arrays.asList(parts) : List.of(), lost);
        } catch (IllegalStateException closed) {
            throw channel.gone(closed);
        }
    }

    /** Null where there is no memory for it: what else comes must still be read. */
    private static byte @Nullable [] allocate(long size) {
        if (size < 0 || size > MAX_PART_BYTES) {
            throw new IllegalArgumentException("not a frame of ours: sizeBytes=" + size);
        }
        try {
            return new byte[(int) size];
        } catch (OutOfMemoryError _) {
            return null;
        }
    }

    private long getLong() throws PeerGoneException {
        long _ = awaitBytes(Long.BYTES);
        long value = cells.getLong(place());
        at += Long.BYTES;
        return value;
    }

    private void getBytes(byte[] target) throws PeerGoneException {
        int done = 0;
        while (done < target.length) {
            int piece = pieceOf(target.length - done);
            cells.copyOut(place(), target, done, piece);
            done += piece;
            pass(piece, done == target.length);
        }
    }

    private void skip(int length) throws PeerGoneException {
        int done = 0;
        while (done < length) {
            int piece = pieceOf(length - done);
            done += piece;
            pass(piece, done == length);
        }
    }

    private int pieceOf(int wanted) throws PeerGoneException {
        long there = awaitBytes(ChannelLayout.ALIGNMENT);
        return (int) Math.min(Math.min(there, ringBytes - (at & (ringBytes - 1))), wanted);
    }

    private void pass(int piece, boolean last) {
        at += last ? ChannelLayout.padded(piece) : piece;
        if (!last) {
            giveBack();
        }
    }

    private long place() {
        return data + (at & (ringBytes - 1));
    }

    /** Lets the writer have the room of what was read; wakes it only once it can do a good piece of work. */
    private void giveBack() {
        cells.setLongVolatile(direction + READ, at);
        if (cells.getIntVolatile(direction + WRITER_SLEEPS) != 0 && written - at <= ringBytes / 2) {
            cells.setIntVolatile(direction + WRITER_SLEEPS, 0);
            cells.wake(direction + WRITER_SLEEPS, 1);
        }
    }

    /** Waits until that many bytes of a frame have come, and tells how many have. */
    private long awaitBytes(int needed) throws PeerGoneException {
        if (written - at < needed) {
            written = cells.getLongVolatile(direction + WRITTEN);
            for (int left = channel.looks(); left > 0 && written - at < needed; left--) {
                Thread.onSpinWait();
                written = cells.getLongVolatile(direction + WRITTEN);
            }
            while (written - at < needed) {
                announce();
                written = cells.getLongVolatile(direction + WRITTEN);
                if (written - at < needed) {
                    channel.ensurePeer();
                    channel.sleep(direction + READER_SLEEPS, 1, Waiting.LONGEST_NANOS);
                    written = cells.getLongVolatile(direction + WRITTEN);
                } else {
                    withdraw();
                }
            }
        }
        return written - at;
    }
}
