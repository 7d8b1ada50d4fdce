package dev.procession.shm;

import dev.procession.core.CountingSemaphore;
import dev.procession.core.FencedLock;
import dev.procession.core.Latch;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.Space;
import dev.procession.core.SpaceGoneException;
import dev.procession.core.codec.Codec;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.NamedEntry;
import dev.procession.shm.engine.SpaceFolder;
import dev.procession.shm.map.StripedTable;
import dev.procession.shm.queue.QueueSetup;
import java.io.ObjectInputFilter;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@link ShmSpaceProvider} opens: one opening of a named space. */
final class NamedSpace implements Space {
    /** What a primitive without limits and types is made as. */
    private static final String PLAIN = "";

    private final String name;
    private final AttachedSpace space;
    private final @Nullable ObjectInputFilter filter;
    private final AtomicBoolean closed = new AtomicBoolean();

    NamedSpace(String name, AttachedSpace space, @Nullable ObjectInputFilter filter) {
        this.name = name;
        this.space = space;
        this.filter = filter;
    }

    @Override
    public Set<Feature> features() {
        return Set.of(
                Feature.QUEUE,
                Feature.MAP,
                Feature.LOCK,
                Feature.SEMAPHORE,
                Feature.LATCH,
                Feature.FIFO,
                Feature.DELAYED_NACK,
                Feature.RENEW,
                Feature.CAPACITY_BYTES);
    }

    @Override
    public <E> LeasedQueue<E> queue(String name, Class<E> type, QueueLimits limits) {
        String declaration = "items=" + type.getName() + ", capacity=" + limits.capacity() + ", capacityBytes="
                + limits.capacityBytes() + ", maxDeliveries=" + limits.maxDeliveries();
        Codec codec = DeclaredCodec.of(filter, type);
        return new NamedQueue<>(
                this + "/" + name,
                type,
                this.<SharedQueue<E>>findOrMake(
                        Kind.QUEUE,
                        name,
                        declaration,
                        (space, naming) -> {
                            QueueSetup setup = new QueueSetup(limits);
                            space.create(
                                    Kind.QUEUE,
                                    setup.rangeBytes(),
                                    setup.setAsideBytes(),
                                    naming.andThen(setup::initialize),
                                    SharedQueue::new);
                        },
                        found -> space.resolveApart(
                                Kind.QUEUE,
                                found.index(),
                                found.generation(),
                                SharedQueue::new,
                                entry -> new SharedQueue<>(entry, codec))));
    }

    @Override
    public <K, V> ConcurrentMap<K, V> map(String name, Class<K> keyType, Class<V> valueType) {
        Codec codec = DeclaredCodec.of(filter, keyType, valueType);
        return findOrMake(
                Kind.MAP,
                name,
                "keys=" + keyType.getName() + ", values=" + valueType.getName(),
                (space, naming) -> space.create(
                        Kind.MAP,
                        StripedTable.rangeBytes(SharedMap.DEFAULT_MAXIMUM_BYTES),
                        StripedTable.initialBytes(),
                        naming.andThen(StripedTable::initialize),
                        entry -> new SharedMap<>(new StripedTable(entry))),
                found -> space.resolveApart(
                        Kind.MAP,
                        found.index(),
                        found.generation(),
                        entry -> new SharedMap<>(new StripedTable(entry)),
                        entry -> new SharedMap<K, V>(new StripedTable(entry), codec)));
    }

    @Override
    public FencedLock lock(String name) {
        return named(Kind.REENTRANT_LOCK, name, PLAIN, SharedReentrantLock::initialize, SharedReentrantLock::new);
    }

    @Override
    public CountingSemaphore semaphore(String name, int permits) {
        ensureNotNegative("permits", permits);
        return named(
                Kind.SEMAPHORE,
                name,
                "permits=" + permits,
                entry -> SharedSemaphore.initialize(entry, permits, 0, Integer.MAX_VALUE),
                SharedSemaphore::new);
    }

    @Override
    public Latch latch(String name, long count) {
        ensureNotNegative("count", count);
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "too much for a shm: latch: count=" + count + ", most=" + Integer.MAX_VALUE);
        }
        return named(
                Kind.LATCH,
                name,
                "count=" + count,
                entry -> SharedCountDownLatch.initialize(entry, (int) count),
                SharedCountDownLatch::new);
    }

    private static void ensureNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative: " + what + "=" + value);
        }
    }

    /** Makes a primitive; the first step of its initialization gives it its name. */
    private interface Creation {
        void create(AttachedSpace space, Consumer<Entry> naming);
    }

    /** A primitive whose object here is the one that handles lead to as well. */
    @SuppressWarnings("unchecked") // a kind has one type, and callers ask for that
    private <T> T named(
            Kind kind, String entryName, String declaration, Consumer<Entry> initialize, Function<Entry, T> wrap) {
        return findOrMake(
                kind,
                entryName,
                declaration,
                (space, naming) -> space.create(kind, 0, naming.andThen(initialize), wrap),
                found -> (T) kind.resolve(space, found.index(), found.generation()));
    }

    /** The primitive of that name: the one there is, if it is of that kind and was declared so; else one made now. */
    private <T> T findOrMake(
            Kind kind, String entryName, String declaration, Creation creation, Function<NamedEntry, T> resolve) {
        ensureOpen();
        SpaceFolder.ensureName(entryName);
        while (true) {
            NamedEntry found = space.find(entryName);
            if (found == null) {
                space.underNamingLock(() -> {
                    if (space.find(entryName) == null) {
                        creation.create(space, space.naming(entryName, declaration));
                    }
                });
                continue;
            }
            ensureSame(found, kind, declaration);
            try {
                return resolve.apply(found);
            } catch (SpaceGoneException closed) {
                // closed just now, so the name is free
            }
        }
    }

    private void ensureSame(NamedEntry found, Kind kind, String declaration) {
        if (found.kind() != kind.number()) {
            throw new IllegalArgumentException(
                    "the name is that of another kind of thing: name=" + found.name() + ", expected=" + kind.label()
                            + ", found=" + Kind.of(found.kind()).label() + ", in " + this);
        }
        if (!found.isDeclaredAs(declaration)) {
            throw new IllegalArgumentException("the " + kind.label() + " was made as another: name=" + found.name()
                    + ", expected " + declaration + ", found " + found.declaration() + ", in " + this);
        }
    }

    private void ensureOpen() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Spaces.release(space);
        }
    }

    /** Such as {@code shm:jobs}. */
    @Override
    public String toString() {
        return "shm:" + name;
    }
}
