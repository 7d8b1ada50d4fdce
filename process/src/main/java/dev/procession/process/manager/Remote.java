package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UnencodableException;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One object of a manager, seen from afar: what stands behind every proxy. It travels, and is the same object wherever it
 * arrives.
 *
 * <p>As a handler it sends each call of an interface's method to the manager. An interrupt ends the wait of a method that
 * says it throws {@link InterruptedException}; others keep it for later.
 */
public final class Remote implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1;
    private static final Object[] NOTHING = {};

    private final Address address;
    private final long object;
    private transient @Nullable Link link;

    Remote(Address address, long object) {
        this.address = address;
        this.object = object;
    }

    /** What a proxy stands for; null if it is no proxy of ours. */
    static @Nullable Remote behind(Object proxy) {
        return switch (proxy) {
            case RemoteBacked known -> known.remote();
            case Object other
            when Proxy.isProxyClass(other.getClass()) && Proxy.getInvocationHandler(other) instanceof Remote remote ->
                remote;
            default -> null;
        };
    }

    Address address() {
        return address;
    }

    long object() {
        return object;
    }

    /**
     * Makes bytes of an element.
     *
     * @throws dev.procession.core.codec.UnencodableException if it cannot travel
     */
    byte[] encode(@Nullable Object element) {
        return Codec.standard().encode(element);
    }

    /** Makes bytes of an element; null if it cannot travel, so that it is nowhere. */
    byte @Nullable [] encodeAny(@Nullable Object element) {
        try {
            return encode(element);
        } catch (UnencodableException _) {
            return null;
        }
    }

    Object[] encodeAll(Collection<?> elements) {
        return elements.stream().map(this::encode).toArray();
    }

    /** Makes the element anew, under the manager's class filter. */
    @Nullable
    Object decode(byte[] element) {
        return link().codec().decode(element);
    }

    private Link link() {
        Link known = link;
        if (known == null) {
            known = Link.to(address);
            link = known;
        }
        return known;
    }

    /** The object as something that has this interface. */
    <T> T as(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && arguments[0] != null && equals(behind(arguments[0]));
                case "hashCode" -> hashCode();
                default -> toString();
            };
        }
        Object result = link().call(object, Signature.of(method), arguments == null ? NOTHING : arguments);
        return result instanceof Made made ? new Remote(address, made.object()).as(method.getReturnType()) : result;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Remote remote
                && object == remote.object
                && address.manager().equals(remote.address.manager());
    }

    @Override
    public int hashCode() {
        return 31 * address.manager().hashCode() + Long.hashCode(object);
    }

    /** As in {@code object 12 of the manager at /run/user/1000/...}. */
    @Override
    public String toString() {
        return "object " + object + " of the manager at " + address.socket();
    }

    /** In place of a result that is a new object of the manager's. */
    record Made(long object) implements Serializable {}
}
