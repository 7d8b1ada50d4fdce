package dev.procession.process.manager;

import static java.util.Objects.requireNonNull;

import java.util.AbstractCollection;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The views of a {@link MapProxy}. Their iterators show what was there when they were made, and write through. */
final class MapViews {
    private MapViews() {}

    static final class Keys<K, V> extends AbstractSet<K> {
        private final MapProxy<K, V> map;

        Keys(MapProxy<K, V> map) {
            this.map = map;
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public Iterator<K> iterator() {
            return new Each<>(map, MapProxy.Binding::key);
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
        public boolean removeIf(Predicate<? super K> doomed) {
            requireNonNull(doomed, "doomed");
            return map.removeBindingsIf(binding -> doomed.test(binding.key()));
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    static final class Values<K, V> extends AbstractCollection<V> {
        private final MapProxy<K, V> map;

        Values(MapProxy<K, V> map) {
            this.map = map;
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public Iterator<V> iterator() {
            return new Each<>(map, MapProxy.Binding::value);
        }

        @Override
        public boolean removeIf(Predicate<? super V> doomed) {
            requireNonNull(doomed, "doomed");
            return map.removeBindingsIf(binding -> doomed.test(binding.value()));
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    static final class Entries<K, V> extends AbstractSet<Entry<K, V>> {
        private final MapProxy<K, V> map;

        Entries(MapProxy<K, V> map) {
            this.map = map;
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public Iterator<Entry<K, V>> iterator() {
            return new Each<>(map, binding -> new Written<>(map, binding.key(), binding.value()));
        }

        @Override
        public boolean contains(Object other) {
            return other instanceof Entry<?, ?> entry
                    && entry.getKey() != null
                    && entry.getValue() != null
                    && entry.getValue().equals(map.get(entry.getKey()));
        }

        @Override
        public boolean remove(Object other) {
            return other instanceof Entry<?, ?> entry
                    && entry.getKey() != null
                    && map.remove(entry.getKey(), entry.getValue());
        }

        @Override
        public boolean removeIf(Predicate<? super Entry<K, V>> doomed) {
            requireNonNull(doomed, "doomed");
            return map.removeBindingsIf(binding -> doomed.test(Map.entry(binding.key(), binding.value())));
        }

        @Override
        public void clear() {
            map.clear();
        }
    }

    private static final class Written<K, V> extends SimpleEntry<K, V> {
        private static final long serialVersionUID = 1;

        private final transient MapProxy<K, V> map;

        Written(MapProxy<K, V> map, K key, V value) {
            super(key, value);
            this.map = map;
        }

        @Override
        public V setValue(V value) {
            map.put(getKey(), value);
            return super.setValue(value);
        }
    }

    private static final class Each<K, V, T> implements Iterator<T> {
        private final MapProxy<K, V> map;
        private final Function<MapProxy<K, V>.Binding, T> shown;
        private final Iterator<MapProxy<K, V>.Binding> bindings;
        private MapProxy<K, V>.@Nullable Binding last;

        Each(MapProxy<K, V> map, Function<MapProxy<K, V>.Binding, T> shown) {
            this.map = map;
            this.shown = shown;
            this.bindings = map.bindings().iterator();
        }

        @Override
        public boolean hasNext() {
            return bindings.hasNext();
        }

        @Override
        public T next() {
            MapProxy<K, V>.Binding next = bindings.next();
            last = next;
            return shown.apply(next);
        }

        @Override
        public void remove() {
            MapProxy<K, V>.Binding shownLast = last;
            if (shownLast == null) {
                throw new IllegalStateException("remove() without a next() before it");
            }
            last = null;
            map.remove(requireNonNull(shownLast.key()));
        }
    }
}
