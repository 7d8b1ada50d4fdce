package dev.procession.process.manager;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The objects a manager serves, by number. They live until they are removed or the manager ends. */
final class ObjectTable {
    private final ConcurrentHashMap<Long, Served> objects = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Whose class an object is of. */
    enum Origin {
        /** Its calls wait only where they say so, and take plain arguments. */
        OURS,
        /** Its calls may do anything, for any time. */
        USERS
    }

    /**
     * An object.
     *
     * @param target it
     * @param methods those of its interface, by signature
     * @param origin whose class it is of
     */
    record Served(Object target, Map<String, Method> methods, Origin origin) {}

    /** Serves an object at the next number. The first is the registry, the second the directory. */
    long add(Object target, Class<?> type, Origin origin) {
        long number = numbers.getAndIncrement();
        objects.put(number, new Served(target, Signature.methodsOf(type), origin));
        return number;
    }

    @Nullable
    Served find(long number) {
        return objects.get(number);
    }

    @Nullable
    Served remove(long number) {
        return objects.remove(number);
    }

    /** Takes back what a client that is gone left in them. */
    void bury(Session gone) {
        for (Served each : objects.values()) {
            if (each.target() instanceof Bereaved bereaved) {
                bereaved.bury(gone);
            }
        }
    }

    static IllegalStateException removed() {
        return new IllegalStateException("the object was removed from its manager");
    }
}
