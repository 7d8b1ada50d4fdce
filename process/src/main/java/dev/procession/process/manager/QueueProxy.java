package dev.procession.process.manager;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A queue of a manager, seen from a client. */
final class QueueProxy<E> extends AbstractQueue<E> implements BlockingQueue<E>, RemoteBacked, Serializable {
    private static final long serialVersionUID = 1;

    private final Remote remote;
    private final transient QueueCalls calls;

    QueueProxy(Remote remote) {
        this.remote = remote;
        this.calls = remote.as(QueueCalls.class);
    }

    private Object readResolve() {
        return new QueueProxy<>(remote);
    }

    @Override
    public Remote remote() {
        return remote;
    }

    private byte[] encode(E element) {
        return remote.encode(requireNonNull(element, "element"));
    }

    @SuppressWarnings("unchecked") // what was put under the type of the queue
    private E decode(byte[] element) {
        return (E) requireNonNull(remote.decode(element));
    }

    private @Nullable E decodeIfThere(byte @Nullable [] element) {
        return element == null ? null : decode(element);
    }

    @Override
    public void put(E element) throws InterruptedException {
        calls.put(encode(element));
    }

    @Override
    public boolean offer(E element) {
        return calls.offer(encode(element));
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        return calls.offer(encode(element), timeout, requireNonNull(unit, "unit"));
    }

    @Override
    public E take() throws InterruptedException {
        return decode(calls.take());
    }

    @Override
    public @Nullable E poll() {
        return decodeIfThere(calls.poll());
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return decodeIfThere(calls.poll(timeout, requireNonNull(unit, "unit")));
    }

    @Override
    public @Nullable E peek() {
        return decodeIfThere(calls.peek());
    }

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public int remainingCapacity() {
        return calls.remainingCapacity();
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> target, int max) {
        requireNonNull(target, "target");
        if (target instanceof RemoteBacked other && other.remote().equals(remote)) {
            throw new IllegalArgumentException("a queue cannot be drained to itself");
        }
        if (max <= 0) {
            return 0;
        }
        Object[] drained = calls.drain(max);
        for (Object each : drained) {
            target.add(decode((byte[]) each));
        }
        return drained.length;
    }

    @Override
    public boolean addAll(Collection<? extends E> elements) {
        if (elements instanceof RemoteBacked other && other.remote().equals(remote)) {
            throw new IllegalArgumentException("a queue cannot be added to itself");
        }
        return super.addAll(elements);
    }

    @Override
    public void clear() {
        calls.clear();
    }

    // ---- snapshots ----

    private final class Seen {
        final long stamp;
        final E element;

        Seen(long stamp, byte[] bytes) {
            this.stamp = stamp;
            this.element = decode(bytes);
        }
    }

    private List<Seen> snapshot() {
        Object[] found = calls.snapshot();
        long[] stamps = (long[]) found[0];
        Object[] items = (Object[]) found[1];
        List<Seen> seen = new ArrayList<>(stamps.length);
        for (int i = 0; i < stamps.length; i++) {
            seen.add(new Seen(stamps[i], (byte[]) items[i]));
        }
        return seen;
    }

    private List<E> elements() {
        return snapshot().stream().map(each -> each.element).toList();
    }

    private boolean remove(Seen seen) {
        return calls.removeStamped(new long[] {seen.stamp}) == 1;
    }

    @Override
    public boolean contains(Object element) {
        return element != null && elements().contains(element);
    }

    @Override
    public boolean remove(Object element) {
        return element != null && snapshot().stream().anyMatch(each -> each.element.equals(element) && remove(each));
    }

    @Override
    public boolean removeIf(Predicate<? super E> doomed) {
        requireNonNull(doomed, "doomed");
        long[] stamps = snapshot().stream()
                .filter(each -> doomed.test(each.element))
                .mapToLong(each -> each.stamp)
                .toArray();
        return stamps.length > 0 && calls.removeStamped(stamps) > 0;
    }

    @Override
    public boolean removeAll(Collection<?> doomed) {
        requireNonNull(doomed, "doomed");
        return removeIf(doomed::contains);
    }

    @Override
    public boolean retainAll(Collection<?> kept) {
        requireNonNull(kept, "kept");
        return removeIf(element -> !kept.contains(element));
    }

    @Override
    public Object[] toArray() {
        return elements().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return elements().toArray(array);
    }

    @Override
    public Iterator<E> iterator() {
        Iterator<Seen> each = snapshot().iterator();
        return new Iterator<>() {
            private @Nullable Seen last;

            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public E next() {
                Seen next = each.next();
                last = next;
                return next.element;
            }

            @Override
            public void remove() {
                Seen shown = last;
                if (shown == null) {
                    throw new IllegalStateException("remove() without a next() before it");
                }
                last = null;
                QueueProxy.this.remove(shown);
            }
        };
    }
}
