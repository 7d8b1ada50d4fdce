package dev.procession.shm;

import dev.procession.core.Lease;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UndecodableException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.queue.Events;
import dev.procession.shm.queue.PutSide;
import dev.procession.shm.queue.QueueSetup;
import dev.procession.shm.queue.TakeSide;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue that threads of several JVMs share: Python's {@code multiprocessing.Queue} and {@code JoinableQueue}, without
 * the feeder thread, and whole whoever dies.
 *
 * <p>Items go straight into shared memory, in the putting thread: when {@code put} has returned the item is there for
 * every process, and stays there if the putting process dies. First in, first out, over all producers and consumers of
 * all processes. Items are encoded by {@link Codec#standard()}; a {@code byte[]} is copied once in and once out.
 *
 * <p>The capacity counts items; the queue finds room for as many, however large, and takes memory only as they come. A
 * queue made with {@linkplain QueueLimits#withCapacityBytes a limit of bytes} keeps that as well: each waiting item
 * counts as its encoded bytes rounded up to 8, plus 8, gaps where the stream goes round included. An item larger than the
 * limit is refused with {@link IllegalArgumentException}.
 *
 * <p><b>Death.</b> A process may be killed at any instruction of any method. What it was putting is put whole or not at
 * all. What it had leased is delivered again, with one more delivery. What it had taken ({@code take}, {@code poll}) died
 * with it. Everybody else goes on; there is nothing to recover by hand. The same holds where a lease runs out though its
 * holder lives: see {@link Lease}.
 *
 * <p><b>Joining.</b> Each item put is one unfinished task. It is finished by {@link #taskDone} after it was taken, by
 * {@link Lease#ack} if it was leased, or by becoming a dead letter or being removed. {@link #join} waits until all are. A
 * consumer that is killed between taking an item and {@code taskDone} leaves that task unfinished, as in Python; lease
 * where that matters.
 *
 * <p><b>Shutting down.</b> After {@link #shutdown} items are refused with {@link
 * dev.procession.core.QueueShutDownException}; those that are there can still be taken, and all forms of taking throw that
 * exception once nothing is left, nor leased and so perhaps to come back.
 *
 * <p><b>Waiting.</b> {@code put}, {@code take}, {@code lease}, {@code join} and the timed forms wait; virtual threads may
 * do so without limit of number. An interrupt, before or during the wait, is seen within 20 ms. Time-outs are a minimum;
 * zero or less does not wait. Waiters are served in no particular order. At most 16,384 items can be leased or dead
 * letters at a time; {@code lease} waits when there are more.
 *
 * <p><b>A queue travels</b>: captured by a lambda that runs in a child process, or put into another queue, it is the same
 * queue there. {@link #close()} ends it for every process, waiting calls included; until then it lives as long as its
 * family's root process, whether or not anything refers to it. Every method but {@code close} throws
 * {@link IllegalStateException} once it is closed.
 *
 * <p><b>Memory effects</b> are those of {@link LeasedQueue}. Thread-safe and process-safe. The iterator shows the items
 * of the moment it was made.
 *
 * @param <E> the type of the items
 */
public final class SharedQueue<E> extends AbstractQueue<E> implements LeasedQueue<E>, Serializable {
    private static final long serialVersionUID = 1;

    private final transient Codec codec;
    private final transient Entry entry;
    private final transient PutSide putSide;
    private final transient TakeSide takeSide;
    private final transient Events events;
    private final transient int capacity;
    private final transient WaitLoop forItems;
    private final transient WaitLoop forRoom;
    private final transient WaitLoop forDone;

    SharedQueue(Entry entry) {
        this(entry, Codec.standard());
    }

    SharedQueue(Entry entry, Codec codec) {
        this.entry = entry;
        this.codec = codec;
        this.events = Events.of(entry.payload());
        this.putSide = new PutSide(entry, events);
        this.takeSide = new TakeSide(entry, events);
        this.capacity = QueueSetup.capacityOf(entry);
        this.forItems = new WaitLoop(entry, events.items(), takeSide::looksReady);
        this.forRoom = new WaitLoop(entry, events.room(), putSide::looksReady);
        this.forDone = new WaitLoop(entry, events.done(), () -> takeSide.unfinished() == 0);
    }

    /**
     * Makes a queue, empty, in the memory of this JVM's family.
     *
     * @param capacity how many items may wait in it
     * @param <E> the type of the items
     * @return the queue
     * @throws IllegalArgumentException if {@code capacity} is not positive
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static <E> SharedQueue<E> create(int capacity) {
        return create(QueueLimits.ofCapacity(capacity));
    }

    /**
     * Makes a queue, empty, in the memory of this JVM's family.
     *
     * @param limits what it may hold
     * @param <E> the type of the items
     * @return the queue
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static <E> SharedQueue<E> create(QueueLimits limits) {
        return in(Spaces.family(), limits);
    }

    static <E> SharedQueue<E> in(AttachedSpace space, QueueLimits limits) {
        var setup = new QueueSetup(limits);
        return space.create(Kind.QUEUE, setup.rangeBytes(), setup.setAsideBytes(), setup::initialize, SharedQueue::new);
    }

    // ---- putting ----

    @Override
    public void put(E item) throws InterruptedException {
        Encoded encoded = encode(item);
        ensureNotInterrupted();
        if (!putSide.offer(encoded)) {
            forRoom.run(Wait.FOREVER_NANOS, () -> offered(encoded));
        }
    }

    @Override
    public boolean offer(E item) {
        return putSide.offer(encode(item));
    }

    @Override
    public boolean offer(E item, long timeout, TimeUnit unit) throws InterruptedException {
        Encoded encoded = encode(item);
        ensureNotInterrupted();
        return putSide.offer(encoded) || forRoom.run(unit.toNanos(timeout), () -> offered(encoded)) != null;
    }

    private @Nullable Boolean offered(Encoded item) {
        return putSide.offer(item) ? true : null;
    }

    /**
     * Puts as many items as there is room for, in order, all with one commit: a taker sees all of them or none.
     *
     * @param items the items
     * @return how many were put: the first so many of the collection's iteration order
     * @throws dev.procession.core.QueueShutDownException if the queue was shut down; none was put
     */
    public int offerAll(Collection<? extends E> items) {
        return putSide.offerAll(encodeAll(items), 0);
    }

    /**
     * Puts all items in order, waiting for room as often as needed; as many as fit go in with one commit.
     *
     * @param items the items
     * @throws InterruptedException if interrupted before or while waiting; a first part of the items may have been put
     * @throws dev.procession.core.QueueShutDownException if the queue was shut down; a first part may have been put
     */
    public void putAll(Collection<? extends E> items) throws InterruptedException {
        List<Encoded> encoded = encodeAll(items);
        ensureNotInterrupted();
        int put = 0;
        while (put < encoded.size()) {
            int from = put;
            Integer more = forRoom.run(Wait.FOREVER_NANOS, () -> offeredFrom(encoded, from));
            put += Objects.requireNonNull(more);
        }
    }

    private @Nullable Integer offeredFrom(List<Encoded> items, int from) {
        int put = putSide.offerAll(items, from);
        return put == 0 ? null : put;
    }

    private Encoded encode(E item) {
        return codec.prepare(Objects.requireNonNull(item, "item"));
    }

    private List<Encoded> encodeAll(Collection<? extends E> items) {
        var encoded = new ArrayList<Encoded>(items.size());
        for (E item : items) {
            encoded.add(encode(item));
        }
        return encoded;
    }

    private static void ensureNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    // ---- taking ----

    @Override
    public E take() throws InterruptedException {
        ensureNotInterrupted();
        Encoded item = takeSide.poll();
        if (item == null) {
            item = forItems.run(Wait.FOREVER_NANOS, takeSide::poll);
        }
        return opened(Objects.requireNonNull(item));
    }

    @Override
    public @Nullable E poll() {
        Encoded item = takeSide.poll();
        return item == null ? null : opened(item);
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        ensureNotInterrupted();
        Encoded item = forItems.run(unit.toNanos(timeout), takeSide::poll);
        return item == null ? null : opened(item);
    }

    /** Decodes an item that was taken; what cannot be decoded becomes a dead letter. */
    private E opened(Encoded item) {
        if (takeSide.hasJumped()) {
            putSide.reclaimAreas();
        }
        try {
            return decode(item);
        } catch (UndecodableException e) {
            putSide.putLetter(item);
            takeSide.fileLetters();
            throw new UndecodableException(e.getMessage() + "; the item is now a dead letter of " + entry, e);
        }
    }

    @SuppressWarnings("unchecked") // what was put was an E
    private E decode(Encoded item) {
        return (E)
                Objects.requireNonNull(codec.open(item, Thread.currentThread().getContextClassLoader()));
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /**
     * Takes as many items as there are, at once.
     *
     * @throws UndecodableException if one cannot be decoded; that one is a dead letter now, the others are in the target
     */
    @Override
    @SuppressWarnings("ReferenceEquality") // draining to an equal collection is fine
    public int drainTo(Collection<? super E> target, int maxElements) {
        Objects.requireNonNull(target, "target");
        if (target == this) {
            throw new IllegalArgumentException("cannot drain a queue to itself");
        }
        var items = new ArrayList<Encoded>();
        takeSide.drainTo(items, maxElements);
        UndecodableException undecodable = null;
        for (Encoded item : items) {
            try {
                target.add(opened(item));
            } catch (UndecodableException e) {
                undecodable = e;
            }
        }
        if (undecodable != null) {
            throw undecodable;
        }
        return items.size();
    }

    @Override
    public @Nullable E peek() {
        Encoded item = takeSide.peek();
        return item == null ? null : decode(item);
    }

    // ---- leasing ----

    @Override
    public Lease<E> lease(Duration leaseTime) throws InterruptedException {
        return Objects.requireNonNull(leaseWithin(leaseTime, Wait.FOREVER_NANOS));
    }

    @Override
    public @Nullable Lease<E> lease(Duration leaseTime, long timeout, TimeUnit unit) throws InterruptedException {
        return leaseWithin(leaseTime, unit.toNanos(timeout));
    }

    private @Nullable Lease<E> leaseWithin(Duration leaseTime, long timeoutNanos) throws InterruptedException {
        long leaseNanos = SharedLease.nanosOf(leaseTime);
        ensureNotInterrupted();
        TakeSide.Delivery delivery = forItems.run(timeoutNanos, () -> takeSide.lease(leaseNanos));
        return delivery == null ? null : opened(delivery);
    }

    private Lease<E> opened(TakeSide.Delivery delivery) {
        try {
            return new SharedLease<>(takeSide, decode(delivery.item()), delivery);
        } catch (UndecodableException e) {
            takeSide.settle(delivery.slot(), delivery.token(), TakeSide.Settlement.REJECT, 0);
            throw new UndecodableException(e.getMessage() + "; the item is now a dead letter of " + entry, e);
        }
    }

    /**
     * The items that were rejected, delivered too often, or could not be decoded. They lie in this queue's memory and end
     * with it; nothing else can be put there. Closing them does nothing.
     */
    @Override
    public LeasedQueue<E> deadLetters() {
        return new DeadLetters<>(entry, takeSide, events, this::decode);
    }

    // ---- joining and shutting down ----

    /**
     * Says that the work on one item that was taken is done.
     *
     * @throws IllegalStateException if there is no unfinished item
     */
    public void taskDone() {
        takeSide.taskDone();
    }

    /**
     * Waits until every item put is finished.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    public void join() throws InterruptedException {
        joined(Wait.FOREVER_NANOS);
    }

    /**
     * Waits until every item put is finished, at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if there is no unfinished item
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean join(long timeout, TimeUnit unit) throws InterruptedException {
        return joined(unit.toNanos(timeout));
    }

    private boolean joined(long timeoutNanos) throws InterruptedException {
        ensureNotInterrupted();
        return forDone.run(timeoutNanos, () -> takeSide.unfinished() == 0 ? true : null) != null;
    }

    /**
     * How many items were put and are not finished: waiting, leased, or taken and being worked on.
     *
     * @return the number of items
     */
    public long unfinishedTasks() {
        return Integer.toUnsignedLong(takeSide.unfinished());
    }

    /** Refuses items from now on; those that are here can still be taken. Shutting down again does nothing. */
    public void shutdown() {
        putSide.shutDown();
    }

    /**
     * Refuses items from now on, and takes out those that are here; they count as finished.
     *
     * @return the items nobody had taken
     * @throws UndecodableException if one cannot be decoded; all are out nevertheless
     */
    public List<E> shutdownNow() {
        shutdown();
        return takeSide.clear().stream().map(this::decode).toList();
    }

    /**
     * Whether the queue was shut down.
     *
     * @return true after {@link #shutdown} or {@link #shutdownNow}, by whichever process
     */
    public boolean isShutdown() {
        return takeSide.isShutDown();
    }

    // ---- the queue as a collection ----

    @Override
    public int size() {
        return takeSide.size();
    }

    /** How many items can be put just now, as far as their number goes. */
    @Override
    public int remainingCapacity() {
        return Math.max(0, capacity - takeSide.neverDelivered());
    }

    @Override
    public void clear() {
        takeSide.clear();
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return find(element) != null;
    }

    @Override
    public boolean remove(@Nullable Object element) {
        TakeSide.Seen seen = find(element);
        while (seen != null && !takeSide.remove(seen)) {
            seen = find(element); // somebody else was faster with that one
        }
        return seen != null;
    }

    private TakeSide.@Nullable Seen find(@Nullable Object element) {
        if (element != null) {
            for (TakeSide.Seen seen : takeSide.snapshot()) {
                if (element.equals(decodedOrNull(seen))) {
                    return seen;
                }
            }
        }
        return null;
    }

    /** What cannot be decoded here equals nothing. */
    private @Nullable E decodedOrNull(TakeSide.Seen seen) {
        try {
            return decode(seen.item());
        } catch (UndecodableException _) {
            return null;
        }
    }

    @Override
    public Iterator<E> iterator() {
        return new SeenIterator<>(takeSide.snapshot(), this::decode, takeSide);
    }

    // ---- life ----

    /** Ends the queue, for every process. Those who wait at it, or use it later, get an IllegalStateException. */
    @Override
    public void close() {
        entry.close();
    }

    /** For tests. */
    Entry entry() {
        return entry;
    }

    /** Such as {@code SharedQueue 3f2a91bc/17[size=3, capacity=10]}. */
    @Override
    public String toString() {
        try {
            return entry + "[size=" + size() + ", capacity=" + capacity + (isShutdown() ? ", shut down]" : "]");
        } catch (IllegalStateException closed) {
            return entry + "[closed]";
        }
    }

    private Object writeReplace() {
        return Handle.to(Kind.QUEUE, entry);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedQueue is read as its handle");
    }
}
