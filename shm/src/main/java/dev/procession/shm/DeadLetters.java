package dev.procession.shm;

import dev.procession.core.Lease;
import dev.procession.core.LeasedQueue;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.queue.Events;
import dev.procession.shm.queue.TakeSide;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The dead letters of a shared queue: a view of what lies in its lease table. */
final class DeadLetters<E> extends AbstractQueue<E> implements LeasedQueue<E> {
    private final Entry entry;
    private final TakeSide side;
    private final Function<Encoded, E> decode;
    private final WaitLoop forLetters;

    DeadLetters(Entry entry, TakeSide side, Events events, Function<Encoded, E> decode) {
        this.entry = entry;
        this.side = side;
        this.decode = decode;
        this.forLetters = new WaitLoop(entry, events.letters(), side::hasLetters);
    }

    private static void ensureNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private UnsupportedOperationException nothingIsPutHere() {
        return new UnsupportedOperationException(
                "dead letters come from leases that are rejected or run out too often; nothing else is put into those of "
                        + entry);
    }

    @Override
    public void put(E item) {
        throw nothingIsPutHere();
    }

    @Override
    public boolean offer(E item) {
        throw nothingIsPutHere();
    }

    @Override
    public boolean offer(E item, long timeout, TimeUnit unit) {
        throw nothingIsPutHere();
    }

    @Override
    public int remainingCapacity() {
        return 0;
    }

    @Override
    public E take() throws InterruptedException {
        ensureNotInterrupted();
        return decode.apply(Objects.requireNonNull(forLetters.run(Wait.FOREVER_NANOS, side::pollLetter)));
    }

    @Override
    public @Nullable E poll() {
        Encoded letter = side.pollLetter();
        return letter == null ? null : decode.apply(letter);
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        ensureNotInterrupted();
        Encoded letter = forLetters.run(unit.toNanos(timeout), side::pollLetter);
        return letter == null ? null : decode.apply(letter);
    }

    @Override
    public @Nullable E peek() {
        Iterator<E> letters = iterator();
        return letters.hasNext() ? letters.next() : null;
    }

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
        TakeSide.Delivery delivery = forLetters.run(timeoutNanos, () -> side.leaseLetter(leaseNanos));
        return delivery == null ? null : new SharedLease<>(side, decode.apply(delivery.item()), delivery);
    }

    /** These: a dead letter that is rejected goes behind the others. */
    @Override
    public LeasedQueue<E> deadLetters() {
        return this;
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // draining to an equal collection is fine
    public int drainTo(Collection<? super E> target, int maxElements) {
        Objects.requireNonNull(target, "target");
        if (target == this) {
            throw new IllegalArgumentException("cannot drain a queue to itself");
        }
        int count = 0;
        for (E letter; count < maxElements && (letter = poll()) != null; count++) {
            target.add(letter);
        }
        return count;
    }

    @Override
    public int size() {
        return side.lettersSnapshot().size();
    }

    @Override
    public Iterator<E> iterator() {
        return new SeenIterator<>(side.lettersSnapshot(), decode, side);
    }

    /** Does nothing: the letters end with their queue. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "dead letters of " + entry;
    }
}
