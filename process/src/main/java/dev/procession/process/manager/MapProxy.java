package dev.procession.process.manager;

import static java.util.Objects.requireNonNull;

import dev.procession.process.manager.MapCalls.Claimed;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map of a manager, seen from a client.
 *
 * <p>Functions run in the caller, once, while it has a claim on the key; so they need not travel.
 */
final class MapProxy<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V>, RemoteBacked, Serializable {
    private static final long serialVersionUID = 1;

    private final Remote remote;
    private final transient MapCalls calls;

    MapProxy(Remote remote) {
        this.remote = remote;
        this.calls = remote.as(MapCalls.class);
    }

    private Object readResolve() {
        return new MapProxy<>(remote);
    }

    @Override
    public Remote remote() {
        return remote;
    }

    // ---- bytes ----

    private byte[] keyOf(K key) {
        return remote.encode(requireNonNull(key, "key"));
    }

    private byte @Nullable [] keyOfAny(Object key) {
        return remote.encodeAny(requireNonNull(key, "key"));
    }

    private byte[] valueOf(V value) {
        return remote.encode(requireNonNull(value, "value"));
    }

    @SuppressWarnings("unchecked") // what was put under the type of the map
    private V decode(byte[] value) {
        return (V) requireNonNull(remote.decode(value));
    }

    private @Nullable V decodeIfThere(byte @Nullable [] value) {
        return value == null ? null : decode(value);
    }

    // ---- one key ----

    @Override
    public int size() {
        return calls.size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public @Nullable V get(Object key) {
        byte[] bytes = keyOfAny(key);
        return bytes == null ? null : decodeIfThere(calls.get(bytes));
    }

    @Override
    public V getOrDefault(Object key, V other) {
        V value = get(key);
        return value == null ? other : value;
    }

    @Override
    public boolean containsKey(Object key) {
        byte[] bytes = keyOfAny(key);
        return bytes != null && calls.get(bytes) != null;
    }

    @Override
    public boolean containsValue(Object value) {
        requireNonNull(value, "value");
        return bindings().stream().anyMatch(binding -> value.equals(binding.value()));
    }

    @Override
    public @Nullable V put(K key, V value) {
        return decodeIfThere(calls.put(keyOf(key), valueOf(value)));
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> others) {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        others.forEach((key, value) -> {
            keys.add(keyOf(key));
            values.add(valueOf(value));
        });
        calls.putAll(keys.toArray(), values.toArray());
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        return decodeIfThere(calls.putIfAbsent(keyOf(key), valueOf(value)));
    }

    @Override
    public @Nullable V remove(Object key) {
        byte[] bytes = keyOfAny(key);
        return bytes == null ? null : decodeIfThere(calls.remove(bytes));
    }

    @Override
    public boolean remove(Object key, @Nullable Object value) {
        byte[] bytes = keyOfAny(key);
        return bytes != null && whileEqual(bytes, value, now -> calls.removeExactly(bytes, now));
    }

    @Override
    public @Nullable V replace(K key, V value) {
        return decodeIfThere(calls.replace(keyOf(key), valueOf(value)));
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        requireNonNull(expected, "expected");
        byte[] bytes = keyOf(key);
        byte[] fresh = valueOf(value);
        return whileEqual(bytes, expected, now -> calls.replaceExactly(bytes, now, fresh));
    }

    /** Tries a change that asks for the exact bytes of the value, as long as the value is equal to what is expected. */
    private boolean whileEqual(byte[] key, @Nullable Object expected, Predicate<byte[]> change) {
        while (true) {
            byte[] now = calls.get(key);
            if (now == null || !decode(now).equals(expected)) {
                return false;
            }
            if (change.test(now)) {
                return true;
            }
        }
    }

    @Override
    public void clear() {
        calls.clear();
    }

    // ---- functions ----

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        byte[] bytes = keyOf(key);
        byte[] now = calls.claim(bytes, Claimed.ANYTHING);
        return settle(bytes, () -> function.apply(key, decodeIfThere(now)));
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        byte[] bytes = keyOf(key);
        byte[] seen = calls.get(bytes);
        byte[] now = seen != null ? seen : calls.claim(bytes, Claimed.NOTHING);
        return now != null ? decode(now) : settle(bytes, () -> function.apply(key));
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        byte[] bytes = keyOf(key);
        byte[] now = calls.claim(bytes, Claimed.SOMETHING);
        return now == null ? null : settle(bytes, () -> function.apply(key, decode(now)));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        byte[] bytes = keyOf(key);
        byte[] fresh = valueOf(value);
        while (true) {
            if (calls.putIfAbsent(bytes, fresh) == null) {
                return value;
            }
            byte[] now = calls.claim(bytes, Claimed.SOMETHING);
            if (now != null) {
                return settle(bytes, () -> function.apply(decode(now), value));
            }
        }
    }

    private @Nullable V settle(byte[] key, Supplier<@Nullable V> function) {
        return MapCalls.settle(calls, key, function, value -> value == null ? null : valueOf(value));
    }

    // ---- views ----

    /** A binding as it was found; both sides are built when they are first asked for. */
    final class Binding {
        private final byte[] keyBytes;
        private final byte[] valueBytes;
        private @Nullable K key;
        private @Nullable V value;

        Binding(byte[] keyBytes, byte[] valueBytes) {
            this.keyBytes = keyBytes;
            this.valueBytes = valueBytes;
        }

        @SuppressWarnings("unchecked") // what was put under the type of the map
        K key() {
            K known = key;
            if (known == null) {
                known = (K) requireNonNull(remote.decode(keyBytes));
                key = known;
            }
            return known;
        }

        V value() {
            V known = value;
            if (known == null) {
                known = decode(valueBytes);
                value = known;
            }
            return known;
        }
    }

    /** What is there at this moment. */
    List<Binding> bindings() {
        Object[] snapshot = calls.snapshot();
        Object[] keys = (Object[]) snapshot[0];
        Object[] values = (Object[]) snapshot[1];
        List<Binding> bindings = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            bindings.add(new Binding((byte[]) keys[i], (byte[]) values[i]));
        }
        return bindings;
    }

    /** Removes the bindings of which this holds, unless they have changed since it looked. */
    boolean removeBindingsIf(Predicate<Binding> doomed) {
        List<Binding> found = bindings().stream().filter(doomed).toList();
        return !found.isEmpty()
                && calls.removeAllExactly(
                                found.stream().map(each -> each.keyBytes).toArray(),
                                found.stream().map(each -> each.valueBytes).toArray())
                        > 0;
    }

    @Override
    public Set<K> keySet() {
        return new MapViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new MapViews.Values<>(this);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new MapViews.Entries<>(this);
    }
}
