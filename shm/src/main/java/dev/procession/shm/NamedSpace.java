package dev.procession.shm;

import dev.procession.core.CountingSemaphore;
import dev.procession.core.FencedLock;
import dev.procession.core.Latch;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.Space;
import dev.procession.core.SpaceGoneException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.NamedEntry;
import dev.procession.shm.engine.SpaceFolder;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What {@link ShmSpaceProvider} opens: one opening of a named space. */
final class NamedSpace implements Space {
    /** What a primitive without limits and types is made as. */
    private static final String PLAIN = "";

    private final String name;
    private final AttachedSpace space;
    private final AtomicBoolean closed = new AtomicBoolean();

    NamedSpace(String name, AttachedSpace space) {
        this.name = name;
        this.space = space;
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.LOCK);
    }

    @Override
    public <E> LeasedQueue<E> queue(String name, Class<E> type, QueueLimits limits) {
        throw unsupported("queues");
    }

    @Override
    public <K, V> ConcurrentMap<K, V> map(String name, Class<K> keyType, Class<V> valueType) {
        throw unsupported("maps");
    }

    @Override
    public FencedLock lock(String name) {
        return named(Kind.REENTRANT_LOCK, name, PLAIN, (space, naming) -> {
            Consumer<Entry> initialize = SharedReentrantLock::initialize;
            return space.create(Kind.REENTRANT_LOCK, 0, naming.andThen(initialize), SharedReentrantLock::new);
        });
    }

    @Override
    public CountingSemaphore semaphore(String name, int permits) {
        throw unsupported("semaphores");
    }

    @Override
    public Latch latch(String name, long count) {
        throw unsupported("latches");
    }

    private static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException("shm: spaces have no " + what + " yet");
    }

    /** Makes a primitive in a space; the first step of its initialization gives it its name. */
    private interface Creation<T> {
        T create(AttachedSpace space, Consumer<Entry> naming);
    }

    /** The primitive of that name: the one there is, if it is of that kind and was declared so; else one made now. */
    @SuppressWarnings("unchecked") // a kind has one type, and callers ask for that
    private <T> T named(Kind kind, String entryName, String declaration, Creation<T> creation) {
        ensureOpen();
        SpaceFolder.ensureName(entryName);
        while (true) {
            NamedEntry found = space.find(entryName);
            if (found == null) {
                T made = space.underNamingLock(() -> space.find(entryName) != null
                        ? null
                        : creation.create(space, space.naming(entryName, declaration)));
                if (made != null) {
                    return made;
                }
                continue; // somebody else was faster
            }
            ensureSame(found, kind, declaration);
            try {
                return (T) kind.resolve(space, found.index(), found.generation());
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
