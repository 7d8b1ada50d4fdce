package dev.procession.process;

import dev.procession.process.pool.Broadcasts;
import dev.procession.process.pool.Engine;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A value that all workers of a pool have, sent to each once: capture this in tasks instead of the value. See {@link
 * ProcessPool#share}.
 *
 * <p>A worker that starts later gets it with its first task. It is a copy: what a task does to it the next task in that
 * worker sees, and nobody else. Thread-safe. Source: Spark's broadcast variables.
 *
 * @param <T> the type of the value
 */
public final class Broadcast<T> implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1;

    private final long key;

    /** Only in the JVM that made it. */
    private final transient @Nullable Engine engine;

    @SuppressWarnings("serial") // transient
    private final transient @Nullable T value;

    Broadcast(Engine engine, long key, T value) {
        this.engine = engine;
        this.key = key;
        this.value = value;
    }

    /**
     * The value.
     *
     * @return in the JVM that shared it that very object, in a worker its copy, the same each time
     * @throws IllegalStateException if this process is no worker of the pool that shared it
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // what was shared under this key, be it null
    public T get() {
        return (T) (engine != null ? value : Broadcasts.get(key));
    }

    /** Frees it in the workers, each before its next task. In a worker this does nothing. */
    @Override
    public void close() {
        if (engine != null) {
            engine.dropBroadcast(key);
        }
    }
}
