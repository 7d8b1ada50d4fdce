package dev.procession.shm;

import dev.procession.core.Lease;
import dev.procession.core.LeasedQueue;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A queue as a space gives it: closing it ends this opening of it, and not the queue, which others use.
 *
 * <p>It takes items of the declared type only. Leases taken through it are remembered, since closing gives them back.
 * Waits are cut into slices, so that one who waits finds out within 50 ms that the queue was closed.
 *
 * @param <E> the type of the items
 */
final class NamedQueue<E> extends AbstractQueue<E> implements LeasedQueue<E> {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CLOSING_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String name;
    private final Class<E> type;
    private final LeasedQueue<E> queue;
    private final Set<Lease<E>> leases = ConcurrentHashMap.newKeySet();

    /** Waits for items or room that are in a slice now. */
    private final AtomicInteger attempts = new AtomicInteger();

    private volatile boolean closed;

    NamedQueue(String name, Class<E> type, LeasedQueue<E> queue) {
        this.name = name;
        this.type = type;
        this.queue = queue;
    }

    private LeasedQueue<E> open() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
        return queue;
    }

    private E checked(E item) {
        return type.cast(Objects.requireNonNull(item, "item"));
    }

    /** What waits for a slice, at most; null or false if that was not long enough. */
    private interface Waiting<E, R> {
        @Nullable
        R attempt(LeasedQueue<E> queue, long nanos) throws InterruptedException;
    }

    private <R> @Nullable R waitFor(long timeoutNanos, Waiting<E, R> waiting) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            long remaining = timeoutNanos - (System.nanoTime() - begin);
            R result = attempt(waiting, Math.min(remaining, SLICE_NANOS));
            if (result != null || remaining <= SLICE_NANOS) {
                return result;
            }
        }
    }

    private <R> @Nullable R attempt(Waiting<E, R> waiting, long nanos) throws InterruptedException {
        attempts.incrementAndGet(); // before the look whether it is closed, so that close sees it or it sees the close
        try {
            return waiting.attempt(open(), nanos);
        } finally {
            attempts.decrementAndGet();
        }
    }

    @Override
    public boolean offer(E item) {
        return open().offer(checked(item));
    }

    @Override
    public void put(E item) throws InterruptedException {
        boolean _ = offer(item, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean offer(E item, long timeout, TimeUnit unit) throws InterruptedException {
        E sound = checked(item);
        return waitFor(
                        unit.toNanos(timeout),
                        (queue, nanos) -> queue.offer(sound, nanos, TimeUnit.NANOSECONDS) ? true : null)
                != null;
    }

    @Override
    public E take() throws InterruptedException {
        return Objects.requireNonNull(poll(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return waitFor(unit.toNanos(timeout), (queue, nanos) -> queue.poll(nanos, TimeUnit.NANOSECONDS));
    }

    @Override
    public @Nullable E poll() {
        return open().poll();
    }

    @Override
    public @Nullable E peek() {
        return open().peek();
    }

    @Override
    public Lease<E> lease(Duration leaseTime) throws InterruptedException {
        return Objects.requireNonNull(lease(leaseTime, Long.MAX_VALUE, TimeUnit.NANOSECONDS));
    }

    @Override
    public @Nullable Lease<E> lease(Duration leaseTime, long timeout, TimeUnit unit) throws InterruptedException {
        Lease<E> lease =
                waitFor(unit.toNanos(timeout), (queue, nanos) -> queue.lease(leaseTime, nanos, TimeUnit.NANOSECONDS));
        if (lease == null) {
            return null;
        }
        OpenLease<E> open = new OpenLease<>(lease, leases);
        leases.add(open);
        if (closed) {
            open.close(); // closed between: it goes back like the others
            open();
        }
        return open;
    }

    @Override
    public LeasedQueue<E> deadLetters() {
        return new NamedQueue<>(name + " (dead letters)", type, open().deadLetters());
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // draining to an equal collection is fine
    public int drainTo(Collection<? super E> target, int maxElements) {
        if (target == this) {
            throw new IllegalArgumentException("cannot drain a queue to itself");
        }
        return open().drainTo(target, maxElements);
    }

    @Override
    public int size() {
        return open().size();
    }

    @Override
    public int remainingCapacity() {
        return open().remainingCapacity();
    }

    @Override
    public Iterator<E> iterator() {
        return open().iterator();
    }

    @Override
    public boolean remove(@Nullable Object item) {
        return open().remove(item);
    }

    @Override
    public boolean contains(@Nullable Object item) {
        return open().contains(item);
    }

    @Override
    public void close() {
        closed = true;
        // For a slice at most: what is given back is not for those who wait at this opening.
        while (attempts.get() > 0) {
            LockSupport.parkNanos(CLOSING_PAUSE_NANOS);
        }
        for (Lease<E> lease : leases) {
            lease.close();
        }
    }

    @Override
    public String toString() {
        return name + (closed ? "[closed]" : "[" + queue + "]");
    }

    /** A lease that is forgotten when it ends by its holder. */
    private record OpenLease<E>(Lease<E> lease, Set<Lease<E>> leases) implements Lease<E> {
        @Override
        public E get() {
            return lease.get();
        }

        @Override
        public int deliveries() {
            return lease.deliveries();
        }

        @Override
        public long token() {
            return lease.token();
        }

        @Override
        public void ack() {
            lease.ack();
            leases.remove(this);
        }

        @Override
        public void nack(Duration delay) {
            lease.nack(delay);
            leases.remove(this);
        }

        @Override
        public void reject() {
            lease.reject();
            leases.remove(this);
        }

        @Override
        public void renew(Duration leaseTime) {
            lease.renew(leaseTime);
        }

        @Override
        public void close() {
            leases.remove(this);
            lease.close();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
