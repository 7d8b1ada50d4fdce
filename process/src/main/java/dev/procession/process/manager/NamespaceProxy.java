package dev.procession.process.manager;

import dev.procession.process.Namespace;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A namespace of a manager, seen from a client: a map by names. */
final class NamespaceProxy implements Namespace, RemoteBacked, Serializable {
    private static final long serialVersionUID = 1;

    private final MapProxy<String, Object> attributes;

    NamespaceProxy(Remote remote) {
        this.attributes = new MapProxy<>(remote);
    }

    @Override
    public Remote remote() {
        return attributes.remote();
    }

    @Override
    public <T> T get(String name, Class<T> type) {
        return type.cast(ensureThere(name, attributes.get(name)));
    }

    private static Object ensureThere(String name, @Nullable Object value) {
        if (value == null) {
            throw new NoSuchElementException("no such attribute: name=" + name);
        }
        return value;
    }

    @Override
    public void set(String name, Object value) {
        attributes.put(name, value);
    }

    @Override
    public void remove(String name) {
        ensureThere(name, attributes.remove(name));
    }

    @Override
    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    @Override
    public Set<String> names() {
        return new LinkedHashSet<>(attributes.keySet());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NamespaceProxy proxy && remote().equals(proxy.remote());
    }

    @Override
    public int hashCode() {
        return remote().hashCode();
    }

    /** As in {@code Namespace{x=1, y=2}}. */
    @Override
    public String toString() {
        return "Namespace" + attributes;
    }
}
