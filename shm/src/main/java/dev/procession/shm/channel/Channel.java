package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.BACKLOG_AT;
import static dev.procession.shm.channel.ChannelLayout.BACKLOG_LIMIT_AT;
import static dev.procession.shm.channel.ChannelLayout.CPUS_AT;
import static dev.procession.shm.channel.ChannelLayout.CROWD_AT;
import static dev.procession.shm.channel.ChannelLayout.DATA_AT;
import static dev.procession.shm.channel.ChannelLayout.GUEST_AT;
import static dev.procession.shm.channel.ChannelLayout.HOST_AT;
import static dev.procession.shm.channel.ChannelLayout.LIFE_AT;
import static dev.procession.shm.channel.ChannelLayout.MAGIC;
import static dev.procession.shm.channel.ChannelLayout.MAGIC_AT;
import static dev.procession.shm.channel.ChannelLayout.NAME;
import static dev.procession.shm.channel.ChannelLayout.NODE_AT;
import static dev.procession.shm.channel.ChannelLayout.NODE_TO_LIFE_BYTES;
import static dev.procession.shm.channel.ChannelLayout.REPLIES_AT;
import static dev.procession.shm.channel.ChannelLayout.REQUESTS_AT;
import static dev.procession.shm.channel.ChannelLayout.RESERVE_AT;
import static dev.procession.shm.channel.ChannelLayout.RING_BYTES;
import static dev.procession.shm.channel.ChannelLayout.RING_BYTES_AT;
import static dev.procession.shm.channel.ChannelLayout.VERSION;
import static dev.procession.shm.channel.ChannelLayout.VERSION_AT;
import static dev.procession.shm.channel.ChannelLayout.WORKER_AT;
import static dev.procession.shm.channel.ChannelLayout.WORK_AT;
import static dev.procession.shm.channel.ChannelLayout.WORK_SINCE_AT;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.RobustList;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * One end of a private line between two JVMs; see the package.
 *
 * <p>The memory has no name: it is found by its path through the host's descriptors, which only this user may follow, and
 * ends with the last of the two that has it mapped. The host learns of the guest's death by the life word, about a
 * millisecond after it. The guest does not watch its host: a child process ends with its parent.
 *
 * <p>Thread-safe, but for the sender and the receiver.
 */
public final class Channel implements AutoCloseable {
    /** What /proc calls the memory of all channels. */
    static final String LABEL = "procession-channel";

    /** How often to look for the other side's progress in the middle of a frame: it is at work on that very frame. */
    private static final int LOOKS = 2000;

    private final String path;
    private final SharedFile file;
    private final Arena arena = Arena.ofShared();
    private final Cells cells;
    private final Side side;
    private final Sender sender;
    private final Receiver receiver;
    private final Claims claims;
    private final Orders orders;
    private volatile boolean closed;

    private enum Side {
        HOST,
        GUEST
    }

    private Channel(SharedFile file, Side side) throws IOException {
        this.path = file.path();
        this.file = file;
        this.side = side;
        MemorySegment memory = file.map(0, ChannelLayout.sizeBytes(RING_BYTES), arena);
        this.cells = new Cells(memory, this);
        long requests = DATA_AT;
        long replies = DATA_AT + RING_BYTES;
        boolean host = side == Side.HOST;
        this.sender = new Sender(this, cells, host ? REQUESTS_AT : REPLIES_AT, host ? requests : replies, RING_BYTES);
        this.receiver =
                new Receiver(this, cells, host ? REPLIES_AT : REQUESTS_AT, host ? replies : requests, RING_BYTES);
        this.claims = new Claims(cells);
        this.orders = new Orders(cells);
    }

    /**
     * Makes a channel, as its host.
     *
     * @param purpose what it is for
     * @return the channel, to which no guest has come yet
     * @throws IOException if there is no memory for it, or this platform has no such memory
     */
    public static Channel create(ChannelPurpose purpose) throws IOException {
        SharedFile file = SharedFile.inMemory(LABEL);
        try {
            file.extend(ChannelLayout.sizeBytes(RING_BYTES));
            file.allocate(0, ChannelLayout.sizeBytes(RING_BYTES));
            var channel = new Channel(file, Side.HOST);
            channel.cells.setLong(RING_BYTES_AT, RING_BYTES);
            channel.cells.setInt(CPUS_AT, Runtime.getRuntime().availableProcessors());
            channel.cells.setLong(HOST_AT, ProcessIdentity.current().pack());
            channel.cells.setInt(WORKER_AT, purpose.worker());
            channel.cells.setInt(BACKLOG_LIMIT_AT, purpose.backlogLimit());
            NAME.write(channel.cells, 0, purpose.name());
            channel.cells.setInt(VERSION_AT, VERSION);
            channel.cells.setIntRelease(MAGIC_AT, MAGIC);
            return channel;
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /**
     * Comes to a channel, as its guest.
     *
     * @param path its {@link #path}
     * @return the channel; no life is seen of this side before {@link #live}
     * @throws IOException if it is gone, or what is there is no channel of this version
     */
    public static Channel attach(String path) throws IOException {
        SharedFile file = SharedFile.open(Path.of(path));
        try {
            long sizeBytes = file.sizeBytes();
            if (sizeBytes != ChannelLayout.sizeBytes(RING_BYTES)) {
                throw new IOException("not a channel: file=" + path + ", sizeBytes=" + sizeBytes);
            }
            var channel = new Channel(file, Side.GUEST);
            int magic = channel.cells.getIntAcquire(MAGIC_AT);
            int version = channel.cells.getInt(VERSION_AT);
            if (magic != MAGIC || version != VERSION || channel.cells.getLong(RING_BYTES_AT) != RING_BYTES) {
                channel.close();
                throw new IOException(
                        "not a channel of ours: file=" + path + ", version=" + version + ", expected=" + VERSION);
            }
            channel.cells.setLongRelease(GUEST_AT, ProcessIdentity.current().pack());
            return channel;
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /** Where the guest finds it, as long as the host keeps the {@linkplain #letGoOfFile file}. */
    public String path() {
        return path;
    }

    /** Gives the descriptor back: the host's way in for guests. What is mapped stays. */
    public void letGoOfFile() {
        file.close();
    }

    public Sender sender() {
        return sender;
    }

    public Receiver receiver() {
        return receiver;
    }

    public Claims claims() {
        return claims;
    }

    public Orders orders() {
        return orders;
    }

    /**
     * Lives, as the guest: entrusts the life word to the calling platform thread, which must run nothing but our code and
     * go on as long as the process. Where the kernel has no such service the host learns of the death by other means.
     */
    public void live() {
        RobustList list = RobustList.ofCurrentThread(NODE_TO_LIFE_BYTES);
        if (list != null) {
            list.add(cells.memory().asSlice(NODE_AT, Long.BYTES));
            cells.setIntVolatile(LIFE_AT, list.tid() | RobustList.WAITERS);
        }
    }

    /** Whether the guest has died, as far as is known. */
    public boolean isGuestGone() {
        try {
            return isDeath(cells.getIntVolatile(LIFE_AT));
        } catch (IllegalStateException _) {
            return true;
        }
    }

    static boolean isDeath(int life) {
        return (life & RobustList.OWNER_DIED) != 0;
    }

    /** Says, as the host, that the guest has died: by whatever means that was learned. Ends the host's waits. */
    public void buryGuest() {
        try {
            int _ = cells.getAndOrInt(LIFE_AT, RobustList.OWNER_DIED);
            cells.wake(LIFE_AT, Integer.MAX_VALUE);
        } catch (IllegalStateException _) {
            // Closed: nobody waits.
        }
    }

    /**
     * Says, as the host, how many processes want a CPU now: where they are more than there are CPUs, nobody looks before
     * it sleeps.
     */
    public void crowd(int processes) {
        try {
            cells.setIntRelease(CROWD_AT, processes);
        } catch (IllegalStateException _) {
            // Closed: nobody looks.
        }
    }

    /** Says, as the host, how much waits for any of its guests: to {@link ChannelGlance} alone. */
    public void tellBacklog(int tasks) {
        try {
            cells.setIntRelease(BACKLOG_AT, tasks);
        } catch (IllegalStateException _) {
            // Closed: nobody looks.
        }
    }

    /** Says, as the host, that the guest gets no offers as long as nothing happens to others: to {@link ChannelGlance} alone. */
    public void keepInReserve() {
        cells.setIntRelease(RESERVE_AT, 1);
    }

    /** Says, as the host, that it does from now on. */
    public void callUp() {
        try {
            cells.setIntRelease(RESERVE_AT, 0);
        } catch (IllegalStateException _) {
            // Closed: nobody looks.
        }
    }

    /** Says, as the guest, that it is at work on an offer from now on: to {@link ChannelGlance} alone. */
    public void work(long offer) {
        cells.setLong(WORK_SINCE_AT, System.nanoTime());
        cells.setLongRelease(WORK_AT, offer);
    }

    /** Says, as the guest, that it is at work on none. */
    public void rest() {
        cells.setLongRelease(WORK_AT, 0);
    }

    /** Whether looking a while before sleeping can pay: the peer needs a CPU of its own to do something meanwhile. */
    boolean isWorthLooking() {
        try {
            int cpus = cells.getInt(CPUS_AT);
            return cpus > 1 && cells.getIntAcquire(CROWD_AT) < cpus;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    int looks() {
        return isWorthLooking() ? LOOKS : 0;
    }

    void ensurePeer() throws PeerGoneException {
        if (side == Side.HOST && isGuestGone()) {
            throw new PeerGoneException("the process at the other end has died: channel=" + path);
        }
        if (closed) {
            throw new PeerGoneException("closed: channel=" + path);
        }
    }

    /** Anything that fails on a closed channel fails because of that. */
    PeerGoneException gone(IllegalStateException failure) {
        if (!closed) {
            throw failure;
        }
        return new PeerGoneException("closed: channel=" + path);
    }

    void sleep(long wordAt, int expected, long timeoutNanos) throws PeerGoneException {
        try {
            if (side == Side.HOST) {
                Waiting.onWordOrDeath(cells, wordAt, expected, timeoutNanos);
            } else {
                Waiting.onWord(cells, wordAt, expected, timeoutNanos);
            }
        } catch (IllegalStateException failed) {
            throw gone(failed);
        }
    }

    /** A 32-bit word, for tests. */
    int word(long at) {
        return cells.getIntVolatile(at);
    }

    /** Unmaps the memory here. Threads that wait or carry here get a {@link PeerGoneException}, at once or within a second. */
    @Override
    public synchronized void close() {
        if (!closed) {
            if (side == Side.HOST) {
                buryGuest();
            }
            closed = true;
            file.close();
            arena.close();
        }
    }

    /** Such as {@code channel /proc/4711/fd/9}. */
    @Override
    public String toString() {
        return "channel " + path;
    }
}
