package dev.procession.shm;

import static java.util.Objects.requireNonNull;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UnencodableException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.map.Binding;
import dev.procession.shm.map.Change;
import dev.procession.shm.map.Key;
import dev.procession.shm.map.StripedTable;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map that threads of several JVMs share, and that survives the death of any of them: what Python does with a {@code
 * Manager().dict()}, without the manager.
 *
 * <p>It is a {@link ConcurrentMap} with the promises of {@link java.util.concurrent.ConcurrentHashMap}, but for what
 * follows. A map travels: captured by a lambda that runs in a child process, or sent through a shared queue, it is the
 * same map there.
 *
 * <p><b>Keys and values are copies.</b> They are kept as the bytes that {@link Codec#standard()} makes of them. What {@link
 * #get} returns is a new object each time, and changing it changes nothing in the map; put it back, or change it in {@link
 * #compute}. Null is refused.
 *
 * <p><b>Two keys are one if their bytes are</b>, and {@code equals} is not asked. So keys are to be of types where the two
 * agree: strings, boxed primitives, enums, records and lists of such, {@link java.util.UUID}. A {@code byte[]} is a key by
 * its content. Not fit are hash sets and hash maps (whose bytes depend on their history) and objects in which something
 * of the same content is met twice, once as one object and once as two. Two <i>values</i>, where {@link #remove(Object,
 * Object)}, {@link #replace(Object, Object, Object)} and {@link #containsValue} compare them, are equal if their bytes or
 * they themselves are.
 *
 * <p><b>Atomic</b> is each method for one key, across all processes; {@code putAll}, {@code clear}, {@code replaceAll}
 * and what the views do in bulk are not, as a whole. Reading never waits. Changing waits only for a change of one of the
 * keys of the same stripe, of which there are 64; that wait cannot be interrupted, and it ends when the other is done, or
 * with the death of its process.
 *
 * <p><b>While a function runs</b> that was given to {@code compute}, {@code computeIfAbsent}, {@code computeIfPresent} or
 * {@code merge}, the calling thread holds its stripe's lock, and changes of one key in 64 wait in every process: let it
 * be short. It runs once at most. It may read this map, and finds the value before; if it changes this map, the change
 * fails with an {@link IllegalStateException}, whatever the key. If it throws, or its process is killed, the old value
 * stays.
 *
 * <p><b>If a process dies</b>, by {@code kill -9} at any instruction, each of its changes has happened or has not, and the
 * map goes on. There is no doubt to be settled, as there is with a lock.
 *
 * <p><b>Iterators and views</b> are weakly consistent: an iterator shows what was there when it was made, once, except
 * what was changed since, of which it may show either; it never fails because of changes. {@code remove} and {@link
 * java.util.Map.Entry#setValue} write through. Removing in bulk, by {@code removeIf}, removes no value that was put after
 * the predicate had looked.
 *
 * <p><b>Room</b>: a map takes memory as it grows, up to a maximum that counts its own overhead too. A value may be as large
 * as there is room. Expect the map to need two to three times the bytes of what is in it; close to the maximum it packs
 * tighter, and gets slow. Memory of what was removed or replaced is used again by this map, and goes back to the machine
 * when the map is closed. A {@link dev.procession.core.SpaceFullException} leaves everything as it was.
 *
 * <p><b>Memory effects</b>: what a thread did before it put a value <i>happens before</i> what a thread of any process
 * does after it has read that value, for Java's own memory within one JVM and for shared memory across JVMs.
 *
 * <p>{@link #close()} ends the map for every process; until then it lives as long as its family's root process, whether or
 * not anything refers to it. Every method but {@code close} throws {@link IllegalStateException} once it is closed.
 *
 * <p>Thread-safe and process-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class SharedMap<K, V> extends AbstractMap<K, V>
        implements ConcurrentMap<K, V>, AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;

    /** How large a map may become if nothing else was said: 1 GiB. What is not used takes no memory. */
    public static final long DEFAULT_MAXIMUM_BYTES = 1L << 30;

    private final transient StripedTable table;
    private final transient Codec codec;

    SharedMap(StripedTable table) {
        this(table, Codec.standard());
    }

    /** A map whose values are built by a codec that is wary of what it builds. Its bytes are the standard codec's. */
    SharedMap(StripedTable table, Codec codec) {
        this.table = table;
        this.codec = codec;
    }

    /**
     * Makes a map, empty, in the memory of this JVM's family.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     * @return the map, which may grow up to {@link #DEFAULT_MAXIMUM_BYTES}
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static <K, V> SharedMap<K, V> create() {
        return create(DEFAULT_MAXIMUM_BYTES);
    }

    /**
     * Makes a map, empty, in the memory of this JVM's family.
     *
     * @param maximumBytes how much memory it may take, from 1 MiB to 32 GiB
     * @param <K> the type of keys
     * @param <V> the type of values
     * @return the map
     * @throws IllegalArgumentException if the maximum is less or more
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static <K, V> SharedMap<K, V> create(long maximumBytes) {
        return in(Spaces.family(), maximumBytes);
    }

    static <K, V> SharedMap<K, V> in(AttachedSpace space, long maximumBytes) {
        return space.create(
                Kind.MAP,
                StripedTable.rangeBytes(maximumBytes),
                StripedTable.initialBytes(),
                StripedTable::initialize,
                entry -> new SharedMap<>(new StripedTable(entry)));
    }

    // ---- bytes ----

    private Key keyOf(Object key) {
        return Key.of(codec.prepare(requireNonNull(key, "key")));
    }

    /** The key of any object; null if it could not be one. */
    private @Nullable Key keyOfAny(Object key) {
        try {
            return keyOf(key);
        } catch (UnencodableException notSerializable) {
            return null;
        }
    }

    private Encoded valueOf(Object value) {
        return codec.prepare(requireNonNull(value, "value"));
    }

    @SuppressWarnings("unchecked") // what was put under the type of the map
    private V decode(Encoded value) {
        return (V) requireNonNull(codec.open(value, Thread.currentThread().getContextClassLoader()));
    }

    private @Nullable V decodeIfThere(@Nullable Encoded value) {
        return value == null ? null : decode(value);
    }

    @SuppressWarnings("unchecked") // what was put under the type of the map
    K keyOf(Binding binding) {
        return (K) requireNonNull(
                codec.open(binding.key().encoded(), Thread.currentThread().getContextClassLoader()));
    }

    V valueOf(Binding binding) {
        return decode(binding.value());
    }

    private static boolean haveSameBytes(@Nullable Encoded one, Encoded other) {
        if (one == null || one.size() != other.size() || one.isRaw() != other.isRaw()) {
            return false;
        }
        int length = one.isRaw() ? one.size() - 1 : one.size();
        return Arrays.equals(one.array(), 0, length, other.array(), 0, length);
    }

    private boolean isEqual(Encoded stored, Object expected, @Nullable Encoded expectedBytes) {
        return (expectedBytes != null && haveSameBytes(stored, expectedBytes)) || expected.equals(decode(stored));
    }

    private @Nullable Encoded valueOfAny(Object value) {
        try {
            return valueOf(value);
        } catch (UnencodableException notSerializable) {
            return null;
        }
    }

    // Whoever calls the table sees to it that this object stays reachable: without it the memory would be let go of.

    private @Nullable Encoded read(Key key) {
        try {
            return table.read(key);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private @Nullable Encoded update(Key key, Change change) {
        try {
            return table.update(key, change);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void compute(Key key, Change change) {
        try {
            Encoded _ = table.compute(key, change);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    List<Binding> snapshot(int stripe) {
        try {
            return table.snapshot(stripe);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- Map ----

    @Override
    public @Nullable V get(Object key) {
        Key sought = keyOfAny(key);
        return sought == null ? null : decodeIfThere(read(sought));
    }

    @Override
    public boolean containsKey(Object key) {
        Key sought = keyOfAny(key);
        try {
            return sought != null && table.contains(sought);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean containsValue(Object value) {
        Encoded expected = valueOfAny(value);
        for (int stripe = 0; stripe < StripedTable.STRIPES; stripe++) {
            for (Binding binding : snapshot(stripe)) {
                if (isEqual(binding.value(), value, expected)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Associates a value with a key.
     *
     * @return the value before, or null if there was none
     * @throws UnencodableException if the key or the value is not serializable; the message names the path of fields
     * @throws dev.procession.core.SpaceFullException if there is no room; nothing was changed then
     */
    @Override
    public @Nullable V put(K key, V value) {
        Encoded encoded = valueOf(value);
        return decodeIfThere(update(keyOf(key), _ -> encoded));
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        Encoded encoded = valueOf(value);
        Key sought = keyOf(key);
        Encoded present = read(sought);
        return decodeIfThere(present != null ? present : update(sought, old -> old == null ? encoded : old));
    }

    @Override
    public @Nullable V remove(Object key) {
        Key sought = keyOfAny(key);
        return sought == null ? null : decodeIfThere(update(sought, _ -> null));
    }

    @Override
    public boolean remove(Object key, @Nullable Object value) {
        Key sought = keyOfAny(key);
        return sought != null && value != null && replaceIfEqual(sought, value, null);
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        Encoded encoded = valueOf(newValue);
        return replaceIfEqual(keyOf(key), requireNonNull(oldValue, "oldValue"), encoded);
    }

    /** Compares without the lock, since that may call the user's code, and then sees that nothing has changed meanwhile. */
    private boolean replaceIfEqual(Key key, Object expected, @Nullable Encoded next) {
        Encoded expectedBytes = valueOfAny(expected);
        for (Encoded old = read(key); old != null && isEqual(old, expected, expectedBytes); old = read(key)) {
            if (replaceIfStill(key, old, next)) {
                return true;
            }
        }
        return false;
    }

    private boolean replaceIfStill(Key key, Encoded expected, @Nullable Encoded next) {
        return haveSameBytes(update(key, old -> haveSameBytes(old, expected) ? next : old), expected);
    }

    boolean removeIfStill(Binding binding) {
        return replaceIfStill(binding.key(), binding.value(), null);
    }

    void remove(Binding binding) {
        Encoded _ = update(binding.key(), _ -> null);
    }

    @Override
    public @Nullable V replace(K key, V value) {
        Encoded encoded = valueOf(value);
        return decodeIfThere(update(keyOf(key), old -> old == null ? null : encoded));
    }

    /** What a function computed, carried out of the change it ran in. */
    private static final class Computed<V> {
        @Nullable
        V value;

        @Nullable
        Encoded set(@Nullable V computed, Function<V, Encoded> encode) {
            value = computed;
            return computed == null ? null : encode.apply(computed);
        }
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> mappingFunction) {
        requireNonNull(mappingFunction, "mappingFunction");
        Key sought = keyOf(key);
        Encoded present = read(sought);
        if (present != null) {
            return decode(present);
        }
        var computed = new Computed<V>();
        compute(sought, old -> {
            if (old != null) {
                computed.value = decode(old);
                return old;
            }
            return computed.set(mappingFunction.apply(key), this::valueOf);
        });
        return computed.value;
    }

    @Override
    public @Nullable V computeIfPresent(
            K key, BiFunction<? super K, ? super V, ? extends @Nullable V> remappingFunction) {
        requireNonNull(remappingFunction, "remappingFunction");
        var computed = new Computed<V>();
        compute(
                keyOf(key),
                old -> old == null ? null : computed.set(remappingFunction.apply(key, decode(old)), this::valueOf));
        return computed.value;
    }

    @Override
    public @Nullable V compute(
            K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> remappingFunction) {
        requireNonNull(remappingFunction, "remappingFunction");
        var computed = new Computed<V>();
        compute(keyOf(key), old -> computed.set(remappingFunction.apply(key, decodeIfThere(old)), this::valueOf));
        return computed.value;
    }

    @Override
    public @Nullable V merge(
            K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> remappingFunction) {
        requireNonNull(value, "value");
        requireNonNull(remappingFunction, "remappingFunction");
        var computed = new Computed<V>();
        compute(
                keyOf(key),
                old -> computed.set(old == null ? value : remappingFunction.apply(decode(old), value), this::valueOf));
        return computed.value;
    }

    /** How many keys there are; exact while nobody changes the map, and {@link Integer#MAX_VALUE} at most. */
    @Override
    public int size() {
        try {
            return Math.clamp(table.count(), 0, Integer.MAX_VALUE);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Removes everything, a 64th at a time. */
    @Override
    public void clear() {
        try {
            table.clear();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Set<K> keySet() {
        return new SharedMapViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new SharedMapViews.Values<>(this);
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new SharedMapViews.Entries<>(this);
    }

    // ---- the shared thing ----

    /** Ends the map, for every process. Those who use it later get an IllegalStateException. */
    @Override
    public void close() {
        table.entry().close();
    }

    /** The bindings, as any map shows them; or that it is closed. */
    @Override
    public String toString() {
        try {
            return super.toString();
        } catch (IllegalStateException closed) {
            return table.entry() + "[closed]";
        }
    }

    Handle handle() {
        return Handle.to(Kind.MAP, table.entry());
    }

    private Object writeReplace() {
        return handle();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a SharedMap is read as its handle");
    }
}
