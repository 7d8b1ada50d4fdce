package dev.procession.net;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets the first SIGTERM or SIGINT end servers that somebody waits for without cutting what they are about. The second one does what
 * it does to any JVM: it ends it at once. A shutdown hook could do the first, not the second.
 *
 * <p>The signals are {@code sun.misc.Signal}'s, of the module {@code jdk.unsupported}. The compiler warns of every mention of it and
 * cannot be told not to; so it is called by its names.
 */
final class Termination implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private static final ReentrantLock LOCK = new ReentrantLock();

    // Guarded by the lock.
    private static final List<Termination> WAITING = new ArrayList<>();

    /** By signal, what handled it before. */
    private static final Map<Object, Object> USUAL = new HashMap<>();

    private final Runnable drain;

    private Termination(Runnable drain) {
        this.drain = drain;
    }

    /** From now on until this is closed, a signal has this done, in a thread of its own. */
    static Termination firstDoes(Runnable drain) {
        Termination waiting = new Termination(drain);
        LOCK.lock();
        try {
            WAITING.add(waiting);
            if (WAITING.size() == 1) {
                listen();
            }
        } finally {
            LOCK.unlock();
        }
        return waiting;
    }

    private static void listen() {
        try {
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object drains = Proxy.newProxyInstance(
                    Termination.class.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            drainAll();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                            case "hashCode" -> System.identityHashCode(proxy);
                            default -> "drains";
                        };
                    });
            Class<?> signals = Class.forName("sun.misc.Signal");
            for (String name : SIGNALS) {
                Object signal = signals.getConstructor(String.class).newInstance(name);
                USUAL.put(signal, handle(signal, drains));
            }
        } catch (ReflectiveOperationException leftToTheSystem) {
            // java -Xrs, or a JDK without them: a signal ends the JVM at once
        }
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, handler);
    }

    private static void drainAll() {
        LOCK.lock();
        try {
            beAsUsual();
            WAITING.forEach(waiting ->
                    Thread.ofPlatform().daemon().name("procession-drain").start(waiting.drain));
        } finally {
            LOCK.unlock();
        }
    }

    private static void beAsUsual() {
        USUAL.forEach((signal, handler) -> {
            try {
                Object _ = handle(signal, handler);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("it worked before: " + signal, e);
            }
        });
        USUAL.clear();
    }

    @Override
    public void close() {
        LOCK.lock();
        try {
            WAITING.remove(this);
            if (WAITING.isEmpty()) {
                beAsUsual();
            }
        } finally {
            LOCK.unlock();
        }
    }
}
