package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.process.ManagedBarrier;
import dev.procession.process.ManagedEvent;
import dev.procession.process.ManagedSemaphore;
import dev.procession.process.ManagedValue;
import dev.procession.process.ManagerUnreachableException;
import dev.procession.process.Namespace;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A manager as its clients use it: makes objects there and proxies here. */
public final class Client {
    private final Address address;
    private final Link link;
    private final RegistryCalls registry;

    private Client(Address address, Link link) {
        this.address = address;
        this.link = link;
        this.registry = proxy(RegistryCalls.OBJECT, RegistryCalls.class);
    }

    /**
     * Connects to a manager.
     *
     * @param address the manager
     * @return the client
     * @throws ManagerUnreachableException if it is not there
     */
    public static Client of(Address address) {
        return new Client(address, Link.open(address));
    }

    /**
     * Connects to whichever manager serves at a place.
     *
     * @param socket the place
     * @param key the secret
     * @return the client
     * @throws ManagerUnreachableException if nobody is there, or the key is another
     */
    public static Client at(String socket, Key key) {
        return Link.find(socket, key);
    }

    static Client over(Address address, Link link) {
        return new Client(address, link);
    }

    /**
     * Where the manager is.
     *
     * @return its address
     */
    public Address address() {
        return address;
    }

    private <T> T proxy(long object, Class<T> type) {
        return remote(object).as(type);
    }

    private Remote remote(long object) {
        return new Remote(address, object);
    }

    /** A new map. */
    public <K, V> ConcurrentMap<K, V> map() {
        return new MapProxy<>(remote(registry.map()));
    }

    /** The map in which objects have names. */
    public ConcurrentMap<String, Object> directory() {
        return new MapProxy<>(remote(RegistryCalls.DIRECTORY));
    }

    /** A new list. */
    public <E> List<E> list() {
        return new ListProxy<>(remote(registry.list()));
    }

    /** A new list that keeps its size. */
    public <E> List<E> array(Collection<? extends E> elements) {
        return new ListProxy<>(remote(
                registry.array(elements.stream().map(Codec.standard()::encode).toArray())));
    }

    /** A new queue. */
    public <E> BlockingQueue<E> queue(int capacity) {
        return new QueueProxy<>(remote(registry.queue(capacity)));
    }

    /** A new lock that anybody releases. */
    public Lock lock() {
        return proxy(registry.lock(ServedLock.Kind.PLAIN), Lock.class);
    }

    /** A new lock that its owner acquires again. */
    public Lock reentrantLock() {
        return proxy(registry.lock(ServedLock.Kind.REENTRANT), Lock.class);
    }

    /** A new semaphore. */
    public ManagedSemaphore semaphore(int permits) {
        return proxy(registry.semaphore(permits), ManagedSemaphore.class);
    }

    /** A new event. */
    public ManagedEvent event() {
        return proxy(registry.event(), ManagedEvent.class);
    }

    /** A new barrier. */
    public ManagedBarrier barrier(int parties) {
        return proxy(registry.barrier(parties), ManagedBarrier.class);
    }

    /** A new namespace. */
    public Namespace namespace() {
        return new NamespaceProxy(remote(registry.map()));
    }

    /** A new value. */
    public <T extends @Nullable Object> ManagedValue<T> value(T initial) {
        ManagedValue<T> value = new ValueProxy<>(remote(registry.map()));
        value.set(initial);
        return value;
    }

    /** Has an object made by the manager's process. */
    public <I> I register(Class<I> type, Supplier<? extends I> maker) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException("not an interface: type=" + type.getName());
        }
        return proxy(registry.register(type.getName(), Codec.standard().encode(maker)), type);
    }

    /** Removes an object; false if it is none of this manager's, or is gone already. */
    public boolean remove(Object proxy) {
        Remote known = Remote.behind(proxy);
        return known != null && known.address().manager().equals(address.manager()) && registry.remove(known.object());
    }

    /** Ends the manager: it answers, or is gone first. */
    public void shutdown() {
        try {
            registry.shutdown();
        } catch (ManagerUnreachableException _) {
            // That is what was asked for.
        }
    }

    /** Ends this use of it. */
    public void close() {
        link.close();
    }
}
