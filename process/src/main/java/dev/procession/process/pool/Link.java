package dev.procession.process.pool;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.channel.Channel;
import dev.procession.shm.channel.Claims;
import dev.procession.shm.channel.Frame;
import dev.procession.shm.channel.PeerGoneException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One worker as its pool sees it: the process, the channel to it, the calls it has, and a thread that reads its replies.
 *
 * <p>Locks, in this order: the reading lock, the dispatcher's lock; the monitor of the sender with neither held, since
 * sending may wait for the worker to read.
 */
final class Link implements Runnable {
    /** What a worker is good for. */
    enum Stage {
        /** It is not ready. */
        STARTING,
        /** It takes calls, or is a spare that could. */
        READY,
        /** It takes no more calls, and will be told to end when it has none. */
        RETIRING,
        /** It was told to end. */
        ENDING,
        /** Its process is dead, or dying. */
        DEAD
    }

    /** What happens at the other end. Called on the reading thread, or on one that {@linkplain #assist assists} it. */
    interface Listener {
        void onFrame(Link link, Frame frame);

        /** Nothing comes any more; told once, on the reading thread, which then ends. */
        void onEnd(Link link);
    }

    private static final System.Logger LOG = System.getLogger("dev.procession.process");

    final int worker;
    final Channel channel;
    final WorkerProcess process;
    final long bornNanos = System.nanoTime();
    private final Listener listener;
    private final ReentrantLock reading = new ReentrantLock();

    // Guarded by the dispatcher's lock.
    Stage stage = Stage.STARTING;
    boolean spare;
    long lastOffer;
    int assigned;
    long idleSinceNanos;

    /** When it replied last, by nanoTime; before its first reply long ago. */
    long lastReplyNanos = bornNanos - Long.MAX_VALUE / 2;

    /** By offer, oldest first. */
    final SequencedMap<Long, Call> calls = new LinkedHashMap<>();

    // Guarded by the sender's monitor.
    private final Set<Long> broadcasts = new HashSet<>();

    Link(int worker, Channel channel, WorkerProcess process, Listener listener) {
        this.worker = worker;
        this.channel = channel;
        this.process = process;
        this.listener = listener;
    }

    void start(String pool) {
        Thread.ofPlatform()
                .daemon()
                .name("procession-replies-" + pool + "-" + worker)
                .stackSize(512 << 10)
                .start(this);
    }

    /** Whether it is as good as any to give a call to: it has none. */
    boolean isFree() {
        return stage == Stage.READY && !spare && calls.isEmpty();
    }

    /** Whether another offer can be opened without reusing the place of one that is open. */
    boolean hasPlace() {
        return calls.isEmpty() || lastOffer + 1 - calls.firstEntry().getKey() < Claims.WINDOW;
    }

    // ---- sending

    /**
     * Sends what a call needs, then the call. A worker that has died meanwhile is noticed by the reading thread, which gives
     * the call to another.
     */
    void send(Call call, long offer, Map<Long, Broadcast> wanted) {
        synchronized (channel.sender()) {
            try {
                bringUpToDate(wanted);
                if (call.terms == null) {
                    channel.sender().put(Wire.TASK, offer, call.work);
                } else {
                    channel.sender().put(Wire.TASK, offer, call.work, call.terms);
                }
                channel.sender().publish();
            } catch (PeerGoneException _) {
                channel.buryGuest();
            }
        }
    }

    private void bringUpToDate(Map<Long, Broadcast> wanted) throws PeerGoneException {
        for (Broadcast each : wanted.values()) {
            if (broadcasts.add(each.key())) {
                channel.sender().put(Wire.SHARE, each.key(), each.encoded());
            }
        }
        if (broadcasts.size() > wanted.size()) {
            for (Long key : List.copyOf(broadcasts)) {
                if (!wanted.containsKey(key)) {
                    broadcasts.remove(key);
                    channel.sender().put(Wire.DROP, key);
                }
            }
        }
    }

    /** A value for all tasks. */
    record Broadcast(long key, Encoded encoded) {}

    void tell(int kind, long number, Encoded... parts) {
        synchronized (channel.sender()) {
            try {
                channel.sender().put(kind, number, parts);
                channel.sender().publish();
            } catch (PeerGoneException _) {
                channel.buryGuest();
            }
        }
    }

    // ---- reading

    @Override
    public void run() {
        try {
            while (true) {
                reading.lock();
                try {
                    drain();
                } finally {
                    reading.unlock();
                }
                if (!channel.receiver().look()) {
                    boolean _ = channel.receiver().await(Long.MAX_VALUE);
                }
            }
        } catch (PeerGoneException _) {
            channel.buryGuest();
        } catch (RuntimeException | Error e) {
            // A fault of ours: the worker, whom nobody listens to any more, must not go on.
            LOG.log(System.Logger.Level.ERROR, "the replies of a worker cannot be read: worker=" + process.name(), e);
            channel.buryGuest();
            process.killTree();
        } finally {
            listener.onEnd(this);
        }
    }

    /**
     * Reads replies in place of the reading thread, which sleeps meanwhile, until a future is done or it is not worth looking
     * any longer. Saves the two wake-ups that a reply costs otherwise.
     */
    void assist(Future<?> awaited) {
        if (!reading.tryLock()) {
            return;
        }
        try {
            channel.receiver().withdraw();
            do {
                drain();
            } while (!awaited.isDone() && channel.receiver().look());
            channel.receiver().announce();
            drain();
        } catch (PeerGoneException _) {
            channel.buryGuest(); // the reading thread does the rest
        } finally {
            reading.unlock();
        }
    }

    private void drain() throws PeerGoneException {
        Frame frame;
        while ((frame = channel.receiver().take()) != null) {
            listener.onFrame(this, frame);
        }
    }
}
