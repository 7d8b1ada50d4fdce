package dev.procession.core;

import dev.procession.core.spi.SpaceProvider;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;

/**
 * A place where processes meet: named queues, maps and locks, behind the interfaces one already uses.
 *
 * <p>Where it is, is said by one URI; a program that outgrows one machine changes that and nothing else.
 *
 * <table>
 * <caption>Schemes</caption>
 * <tr><th>URI</th><th>place</th><th>module</th></tr>
 * <tr><td>{@code shm:NAME}</td><td>memory of this machine</td><td>dev.procession.shm</td></tr>
 * <tr><td>{@code file:} {@code jdbc:} {@code amqp:} {@code kafka:} {@code hazelcast:}</td><td>as the name says</td>
 *     <td>an adapter of its own</td></tr>
 * </table>
 *
 * <p>Names match {@code [A-Za-z0-9._-]{1,64}}. The first to ask for a name makes the thing, everybody after that gets the
 * same; asking for it as another kind, or with limits or element types it was not made with, is refused with
 * {@link IllegalArgumentException}. What a place cannot do throws {@link UnsupportedOperationException} naming the
 * scheme; {@link #features} tells beforehand.
 *
 * <p>A space and everything from it may be used by any thread.
 */
public interface Space extends AutoCloseable {
    /** Something a space can do, or a promise its things keep. */
    enum Feature {
        /** {@link Space#queue}. */
        QUEUE,
        /** {@link Space#map}. */
        MAP,
        /** {@link Space#lock}. */
        LOCK,
        /** {@link Space#semaphore}. */
        SEMAPHORE,
        /** {@link Space#latch}. */
        LATCH,
        /** Queues deliver first in, first out, however many take. */
        FIFO,
        /** {@link Lease#nack(java.time.Duration)} keeps its delay. */
        DELAYED_NACK,
        /** {@link Lease#renew}. */
        RENEW,
        /** A queue's limit of bytes is kept. */
        CAPACITY_BYTES
    }

    /**
     * Opens a space, and makes it if it is not there.
     *
     * @param uri where it is
     * @return the space
     * @throws IllegalArgumentException if the URI has no scheme, or nothing on the class path or module path knows its
     *     scheme
     */
    static Space open(URI uri) {
        return open(uri, Map.of());
    }

    /**
     * Opens a space with settings that do not fit into a URI, and makes it if it is not there.
     *
     * @param uri where it is
     * @param settings what the scheme's documentation says; a setting it does not know is refused
     * @return the space
     * @throws IllegalArgumentException if the URI has no scheme, nothing on the class path or module path knows its
     *     scheme, or a setting is wrong
     */
    static Space open(URI uri, Map<String, ?> settings) {
        return SpaceProvider.forUri(uri).open(uri, settings);
    }

    /**
     * What this space can do.
     *
     * @return the features, unmodifiable
     */
    Set<Feature> features();

    /**
     * A queue.
     *
     * @param name its name in this space
     * @param type the class of its items; nothing else is decoded
     * @param limits what it may hold
     * @param <E> the type of its items
     * @return the queue
     * @throws UnsupportedOperationException if this space has no queues, or cannot keep a limit
     * @throws IllegalArgumentException if the name is malformed, or is that of something else
     */
    <E> LeasedQueue<E> queue(String name, Class<E> type, QueueLimits limits);

    /**
     * A map.
     *
     * @param name its name in this space
     * @param keyType the class of its keys; nothing else is decoded
     * @param valueType the class of its values; nothing else is decoded
     * @param <K> the type of its keys
     * @param <V> the type of its values
     * @return the map
     * @throws UnsupportedOperationException if this space has no maps
     * @throws IllegalArgumentException if the name is malformed, or is that of something else
     */
    <K, V> ConcurrentMap<K, V> map(String name, Class<K> keyType, Class<V> valueType);

    /**
     * A lock.
     *
     * @param name its name in this space
     * @return the lock, unlocked when it is made
     * @throws UnsupportedOperationException if this space has no locks
     * @throws IllegalArgumentException if the name is malformed, or is that of something else
     */
    FencedLock lock(String name);

    /**
     * A semaphore.
     *
     * @param name its name in this space
     * @param permits how many permits it has when it is made
     * @return the semaphore
     * @throws UnsupportedOperationException if this space has no semaphores
     * @throws IllegalArgumentException if the name is malformed, or is that of something else, or {@code permits} is
     *     negative
     */
    CountingSemaphore semaphore(String name, int permits);

    /**
     * A latch.
     *
     * @param name its name in this space
     * @param count how far it is from zero when it is made
     * @return the latch
     * @throws UnsupportedOperationException if this space has no latches
     * @throws IllegalArgumentException if the name is malformed, or is that of something else, or {@code count} is
     *     negative
     */
    Latch latch(String name, long count);

    /** Closes this process's connection to the space. What is in it stays, as far as the place is one that lasts. */
    @Override
    void close();
}
