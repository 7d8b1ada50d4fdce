package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import dev.procession.process.ManagedBarrier;
import dev.procession.process.ManagedEvent;
import dev.procession.process.ManagedSemaphore;
import dev.procession.process.RemoteThrowable;
import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Date;
import java.util.Set;
import java.util.UUID;

/**
 * What may be built from bytes: the class filters of a manager and its clients.
 *
 * <p>The objects a manager has of its own need numbers, strings, arrays and exceptions: {@link #PLAIN} builds nothing else.
 * A user's objects and elements are built under the user's filter, which is never asked about those.
 */
public final class Building {
    /** What proxies travel as, and what their methods take. */
    private static final Set<Class<?>> OURS = Set.of(
            Address.class,
            Key.class,
            ListProxy.class,
            MapCalls.Claimed.class,
            MapProxy.class,
            NamespaceProxy.class,
            QueueProxy.class,
            Remote.class,
            Remote.Made.class,
            ServedLock.Kind.class,
            UUID.class,
            ValueProxy.class,
            ManagedBarrier.class,
            ManagedEvent.class,
            ManagedSemaphore.class);

    private static final Set<String> OUR_FAILURES =
            Set.of(RemoteThrowable.class.getPackageName(), UndecodableException.class.getPackageName());

    /** Everything that the user's filter has nothing to say about, and nothing else. */
    static final Codec PLAIN = Codec.accepting(info -> info.serialClass() == null || isPlain(info.serialClass())
            ? ObjectInputFilter.Status.UNDECIDED
            : ObjectInputFilter.Status.REJECTED);

    private Building() {}

    /**
     * The codec of a user's objects.
     *
     * @param pattern as {@link ObjectInputFilter.Config#createFilter} takes it; empty lets everything be built
     * @return the codec
     * @throws IllegalArgumentException if it is no pattern
     */
    public static Codec under(String pattern) {
        if (pattern.isEmpty()) {
            return Codec.standard();
        }
        // A lambda's form says nothing, nor does the hidden class it becomes: the class it is in is asked for beside
        // it.
        ObjectInputFilter users = ObjectInputFilter.Config.createFilter(pattern);
        return Codec.accepting(info -> {
            Class<?> type = info.serialClass();
            return type != null && (isPlain(type) || type == SerializedLambda.class || type.isHidden())
                    ? ObjectInputFilter.Status.UNDECIDED
                    : users.checkInput(info);
        });
    }

    private static boolean isPlain(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        return element.isPrimitive() || isOurs(element) || (isOfTheJdk(element) && isData(element));
    }

    /** A proxy class says nothing; its interfaces and its handler are looked at one by one. */
    private static boolean isOurs(Class<?> type) {
        return OURS.contains(type)
                || (Throwable.class.isAssignableFrom(type) && OUR_FAILURES.contains(type.getPackageName()))
                || Proxy.isProxyClass(type);
    }

    private static boolean isOfTheJdk(Class<?> type) {
        return type.getModule().equals(Object.class.getModule());
    }

    private static boolean isData(Class<?> type) {
        return type == Object.class
                || type == String.class
                || type == Boolean.class
                || type == Character.class
                || type == Number.class
                || (Number.class.isAssignableFrom(type) && type.getPackageName().equals("java.lang"))
                || type == Enum.class
                || type.isEnum()
                || type == Date.class
                || type == ArrayList.class
                || type == Proxy.class
                || (type.getPackageName().equals("java.util.concurrent.locks") && type.isInterface())
                || Throwable.class.isAssignableFrom(type)
                || type == StackTraceElement.class
                || type.getName().equals("java.util.CollSer") // List.of in an exception's list of suppressed ones
                || type.getName().equals("java.util.Collections$EmptyList");
    }
}
