package dev.procession.process.manager;

import dev.procession.process.ManagedValue;
import dev.procession.process.manager.MapCalls.Claimed;
import java.io.Serializable;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A value of a manager, seen from a client: a map with one key. */
final class ValueProxy<T extends @Nullable Object> implements ManagedValue<T>, RemoteBacked, Serializable {
    private static final long serialVersionUID = 1;
    private static final byte[] KEY = {};

    private final Remote remote;
    private final transient MapCalls calls;

    ValueProxy(Remote remote) {
        this.remote = remote;
        this.calls = remote.as(MapCalls.class);
    }

    private Object readResolve() {
        return new ValueProxy<>(remote);
    }

    @Override
    public Remote remote() {
        return remote;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what was set under the type of the value
    private T decode(byte @Nullable [] value) {
        return (T) remote.decode(Objects.requireNonNull(value, "set when it was made"));
    }

    @Override
    public T get() {
        return decode(calls.get(KEY));
    }

    @Override
    public void set(T value) {
        calls.put(KEY, remote.encode(value));
    }

    @Override
    public T update(UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        byte[] now = calls.claim(KEY, Claimed.SOMETHING);
        return MapCalls.settle(calls, KEY, () -> change.apply(decode(now)), remote::encode);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValueProxy<?> proxy && remote.equals(proxy.remote);
    }

    @Override
    public int hashCode() {
        return remote.hashCode();
    }

    @Override
    public String toString() {
        return "value, " + remote;
    }
}
