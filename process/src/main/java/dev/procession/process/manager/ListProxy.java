package dev.procession.process.manager;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A list of a manager, seen from a client. What goes through all elements goes through a snapshot; what it then changes it
 * finds again by its stamp, so that the moves of others do no harm.
 */
final class ListProxy<E> extends AbstractList<E> implements RemoteBacked, Serializable {
    private static final long serialVersionUID = 1;

    private final Remote remote;
    private final transient ListCalls calls;

    ListProxy(Remote remote) {
        this.remote = remote;
        this.calls = remote.as(ListCalls.class);
    }

    private Object readResolve() {
        return new ListProxy<>(remote);
    }

    @Override
    public Remote remote() {
        return remote;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what was put under the type of the list
    private E decode(byte[] element) {
        return (E) remote.decode(element);
    }

    /** An element as it was found. */
    private final class Seen {
        final long stamp;
        final byte[] bytes;
        final E element;

        Seen(long stamp, byte[] bytes) {
            this.stamp = stamp;
            this.bytes = bytes;
            this.element = decode(bytes);
        }
    }

    /** All elements of one moment. */
    private final class Snapshot {
        final long version;
        final List<Seen> elements = new ArrayList<>();

        Snapshot() {
            Object[] found = calls.snapshot();
            version = (long) found[0];
            long[] stamps = (long[]) found[1];
            Object[] items = (Object[]) found[2];
            for (int i = 0; i < stamps.length; i++) {
                elements.add(new Seen(stamps[i], (byte[]) items[i]));
            }
        }

        List<E> toList() {
            List<E> list = new ArrayList<>(elements.size());
            elements.forEach(each -> list.add(each.element));
            return list;
        }
    }

    // ---- one element ----

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public E get(int index) {
        return decode(calls.get(index));
    }

    @Override
    public E set(int index, E element) {
        return decode(calls.set(index, remote.encode(element)));
    }

    @Override
    public boolean add(E element) {
        calls.add(remote.encode(element));
        return true;
    }

    @Override
    public void add(int index, E element) {
        calls.add(index, remote.encode(element));
    }

    @Override
    public E remove(int index) {
        return decode(calls.remove(index));
    }

    @Override
    public E getFirst() {
        return decode(calls.getFirst());
    }

    @Override
    public E getLast() {
        return decode(calls.getLast());
    }

    @Override
    public E removeFirst() {
        return decode(calls.removeFirst());
    }

    @Override
    public E removeLast() {
        return decode(calls.removeLast());
    }

    @Override
    public boolean remove(@Nullable Object element) {
        boolean found = true;
        while (found) {
            found = false;
            for (Seen each : new Snapshot().elements) {
                if (Objects.equals(each.element, element)) {
                    if (calls.removeStamped(new long[] {each.stamp}) == 1) {
                        return true;
                    }
                    found = true; // it went meanwhile, but another may have come
                }
            }
        }
        return false;
    }

    // ---- many ----

    @Override
    public boolean addAll(Collection<? extends E> elements) {
        Object[] encoded = remote.encodeAll(elements);
        calls.addAll(encoded);
        return encoded.length > 0;
    }

    @Override
    public boolean addAll(int index, Collection<? extends E> elements) {
        Object[] encoded = remote.encodeAll(elements);
        calls.addAll(index, encoded);
        return encoded.length > 0;
    }

    @Override
    public void clear() {
        calls.clear();
    }

    @Override
    protected void removeRange(int from, int to) {
        calls.removeRange(from, to);
    }

    @Override
    public boolean removeIf(Predicate<? super E> doomed) {
        requireNonNull(doomed, "doomed");
        long[] stamps = new Snapshot()
                .elements.stream()
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
    public void replaceAll(UnaryOperator<E> operator) {
        requireNonNull(operator, "operator");
        Snapshot now;
        Object[] replaced;
        do {
            now = new Snapshot();
            replaced = now.elements.stream()
                    .map(each -> remote.encode(operator.apply(each.element)))
                    .toArray();
        } while (!calls.setAll(now.version, replaced));
    }

    @Override
    public void sort(@Nullable Comparator<? super E> comparator) {
        Snapshot now;
        do {
            now = new Snapshot();
            now.elements.sort((one, other) -> compare(one.element, other.element, comparator));
        } while (!calls.setAll(
                now.version, now.elements.stream().map(each -> each.bytes).toArray()));
    }

    @SuppressWarnings("unchecked") // as List.sort has it: without a comparator they are to be comparable
    private static <E> int compare(E one, E other, @Nullable Comparator<? super E> comparator) {
        return comparator != null ? comparator.compare(one, other) : ((Comparable<? super E>) one).compareTo(other);
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return indexOf(element) >= 0;
    }

    @Override
    public int indexOf(@Nullable Object element) {
        return new Snapshot().toList().indexOf(element);
    }

    @Override
    public int lastIndexOf(@Nullable Object element) {
        return new Snapshot().toList().lastIndexOf(element);
    }

    @Override
    public boolean containsAll(Collection<?> elements) {
        return new Snapshot().toList().containsAll(elements);
    }

    @Override
    public Object[] toArray() {
        return new Snapshot().toList().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return new Snapshot().toList().toArray(array);
    }

    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliterator(new Snapshot().toList(), Spliterator.ORDERED);
    }

    @Override
    public Iterator<E> iterator() {
        return listIterator(0);
    }

    @Override
    public ListIterator<E> listIterator(int index) {
        List<Seen> elements = new Snapshot().elements;
        return new Each(elements, Objects.checkIndex(index, elements.size() + 1));
    }

    /** Goes through a snapshot, which it changes along with the list. */
    private final class Each implements ListIterator<E> {
        private final List<Seen> elements;
        private int cursor;

        /** Where what was shown last is; -1 if nothing was, or it is no more. */
        private int last = -1;

        Each(List<Seen> elements, int cursor) {
            this.elements = elements;
            this.cursor = cursor;
        }

        @Override
        public boolean hasNext() {
            return cursor < elements.size();
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            last = cursor++;
            return elements.get(last).element;
        }

        @Override
        public boolean hasPrevious() {
            return cursor > 0;
        }

        @Override
        public E previous() {
            if (!hasPrevious()) {
                throw new NoSuchElementException();
            }
            last = --cursor;
            return elements.get(last).element;
        }

        @Override
        public int nextIndex() {
            return cursor;
        }

        @Override
        public int previousIndex() {
            return cursor - 1;
        }

        private void ensureShown() {
            if (last < 0) {
                throw new IllegalStateException("nothing was shown, or it was removed, or one was added since");
            }
        }

        @Override
        public void remove() {
            ensureShown();
            calls.removeStamped(new long[] {elements.get(last).stamp});
            elements.remove(last);
            cursor -= last < cursor ? 1 : 0;
            last = -1;
        }

        @Override
        public void set(E element) {
            ensureShown();
            byte[] bytes = remote.encode(element);
            elements.set(last, new Seen(calls.setStamped(elements.get(last).stamp, bytes), bytes));
        }

        @Override
        public void add(E element) {
            byte[] bytes = remote.encode(element);
            elements.add(cursor, new Seen(calls.insert(cursor, bytes), bytes));
            cursor++;
            last = -1;
        }
    }
}
