package dev.procession.core.codec;

import java.io.ObjectInputFilter;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds classes by name for one class loader, and remembers them weakly: a loader that nobody else holds can go.
 *
 * <p>Only names that were found are remembered, so wrong names from damaged bytes take no memory.
 */
final class ClassFinder {
    private static final Map<@Nullable ClassLoader, ClassFinder> FINDERS = new WeakHashMap<>();

    /** The one used last; most JVMs only ever have one. */
    private static volatile @Nullable ClassFinder latest;

    private final WeakReference<@Nullable ClassLoader> loader;
    private final boolean bootstrap;
    private final ConcurrentHashMap<String, WeakReference<Class<?>>> found = new ConcurrentHashMap<>();

    private ClassFinder(@Nullable ClassLoader loader) {
        this.loader = new WeakReference<>(loader);
        this.bootstrap = loader == null;
    }

    static ClassFinder of(@Nullable ClassLoader loader) {
        ClassFinder last = latest;
        if (last != null && last.bootstrap == (loader == null) && last.loader.refersTo(loader)) {
            return last;
        }
        synchronized (FINDERS) {
            ClassFinder finder = FINDERS.computeIfAbsent(loader, ClassFinder::new);
            latest = finder;
            return finder;
        }
    }

    /**
     * Finds a class here, or where Procession comes from.
     *
     * @throws UndecodableException if there is none, or the filter refuses it
     */
    Class<?> find(String name, @Nullable ObjectInputFilter filter) {
        Class<?> type;
        try {
            type = findUnfiltered(name);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new UndecodableException(
                    "class not found in this JVM: class=" + name + ", loader=" + loader.get()
                            + "; put it on the class path here too",
                    e);
        }
        if (filter != null) {
            ClassFilter.ensureAllowed(filter, type);
        }
        return type;
    }

    Class<?> findUnfiltered(String name) throws ClassNotFoundException {
        WeakReference<Class<?>> known = found.get(name);
        Class<?> type = known == null ? null : known.get();
        if (type == null) {
            type = load(name);
            found.put(name, new WeakReference<>(type));
        }
        return type;
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader.get());
        } catch (ClassNotFoundException e) {
            try {
                return Class.forName(name, false, ClassFinder.class.getClassLoader());
            } catch (ClassNotFoundException _) {
                throw e;
            }
        }
    }
}
