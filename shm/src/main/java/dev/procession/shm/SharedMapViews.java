package dev.procession.shm;

import dev.procession.shm.map.Binding;
import dev.procession.shm.map.StripedTable;
import java.util.AbstractCollection;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The views of a shared map, and the iterator they have in common.
 *
 * <p>The iterator takes a copy of one stripe after the other, in bytes, and builds objects as they are asked for.
 */
final class SharedMapViews {
    private SharedMapViews() {}

    /** Keys, values, or both. */
    private static final class Cursor<T> implements Iterator<T> {
        private final SharedMap<?, ?> map;
        private final Function<Binding, T> shown;
        private Iterator<Binding> here = Collections.emptyIterator();
        private int nextStripe;
        private @Nullable Binding last;

        Cursor(SharedMap<?, ?> map, Function<Binding, T> shown) {
            this.map = map;
            this.shown = shown;
        }

        @Override
        public boolean hasNext() {
            while (!here.hasNext()) {
                if (nextStripe == StripedTable.STRIPES) {
                    return false;
                }
                here = map.snapshot(nextStripe++).iterator();
            }
            return true;
        }

        Binding nextBinding() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return here.next();
        }

        @Override
        public T next() {
            Binding next = nextBinding();
            T element = shown.apply(next);
            last = next;
            return element;
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("nothing was shown, or it was removed already");
            }
            map.remove(last);
            last = null;
        }
    }

    private static <T> boolean removeIf(SharedMap<?, ?> map, Function<Binding, T> shown, Predicate<? super T> filter) {
        boolean removed = false;
        for (var cursor = new Cursor<>(map, shown); cursor.hasNext(); ) {
            Binding binding = cursor.nextBinding();
            if (filter.test(shown.apply(binding))) {
                removed |= map.removeIfStill(binding);
            }
        }
        return removed;
    }

    private static <T> Spliterator<T> spliterator(Collection<T> view, int characteristics) {
        return Spliterators.spliteratorUnknownSize(
                view.iterator(), characteristics | Spliterator.NONNULL | Spliterator.CONCURRENT);
    }

    /** {@link SharedMap#keySet}. */
    static final class Keys<K> extends AbstractSet<K> {
        private final SharedMap<K, ?> map;

        Keys(SharedMap<K, ?> map) {
            this.map = map;
        }

        @Override
        public Iterator<K> iterator() {
            return new Cursor<>(map, map::keyOf);
        }

        @Override
        public Spliterator<K> spliterator() {
            return SharedMapViews.spliterator(this, Spliterator.DISTINCT);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(Object key) {
            return map.containsKey(key);
        }

        @Override
        public boolean remove(Object key) {
            return map.remove(key) != null;
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** {@link SharedMap#values}. */
    static final class Values<V> extends AbstractCollection<V> {
        private final SharedMap<?, V> map;

        Values(SharedMap<?, V> map) {
            this.map = map;
        }

        @Override
        public Iterator<V> iterator() {
            return new Cursor<>(map, map::valueOf);
        }

        @Override
        public Spliterator<V> spliterator() {
            return SharedMapViews.spliterator(this, 0);
        }

        @Override
        public boolean removeIf(Predicate<? super V> filter) {
            return SharedMapViews.removeIf(map, map::valueOf, filter);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(Object value) {
            return map.containsValue(value);
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** {@link SharedMap#entrySet}. */
    static final class Entries<K, V> extends AbstractSet<Map.Entry<K, V>> {
        private final SharedMap<K, V> map;

        Entries(SharedMap<K, V> map) {
            this.map = map;
        }

        private Map.Entry<K, V> entryOf(Binding binding) {
            return new LiveEntry<>(map, map.keyOf(binding), map.valueOf(binding));
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            return new Cursor<>(map, this::entryOf);
        }

        @Override
        public Spliterator<Map.Entry<K, V>> spliterator() {
            return SharedMapViews.spliterator(this, Spliterator.DISTINCT);
        }

        @Override
        public boolean removeIf(Predicate<? super Map.Entry<K, V>> filter) {
            return SharedMapViews.removeIf(map, this::entryOf, filter);
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public boolean contains(Object object) {
            if (!(object instanceof Map.Entry<?, ?> entry) || entry.getKey() == null || entry.getValue() == null) {
                return false;
            }
            V value = map.get(entry.getKey());
            return value != null && value.equals(entry.getValue());
        }

        @Override
        public boolean remove(Object object) {
            return object instanceof Map.Entry<?, ?> entry
                    && entry.getKey() != null
                    && map.remove(entry.getKey(), entry.getValue());
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    /** A copy of a binding, whose {@code setValue} writes through. */
    private static final class LiveEntry<K, V> extends SimpleEntry<K, V> {
        private static final long serialVersionUID = 1;

        private final SharedMap<K, V> map;

        LiveEntry(SharedMap<K, V> map, K key, V value) {
            super(key, value);
            this.map = map;
        }

        @Override
        public V setValue(V value) {
            V _ = map.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
