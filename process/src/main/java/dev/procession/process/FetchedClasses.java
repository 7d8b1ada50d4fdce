package dev.procession.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Classes of another JVM, the {@link ClassSource} there, defined here when they are first needed. What the class path has
 * is taken from there; only the rest is asked for.
 *
 * <p>It is the context class loader of the code it serves, and the source for that code's own children in turn. Two such
 * loaders define the same name as two classes, so one JVM has one for each source.
 *
 * <p>Safe for use by many threads.
 */
final class FetchedClasses extends ClassLoader {
    private static final String CLASS_FILE = ".class";

    static {
        registerAsParallelCapable();
    }

    private final Fetch fetch;

    /** Asks the other JVM. */
    interface Fetch {
        /**
         * Waits for a class. Called by many threads.
         *
         * @param name its binary name
         * @return the class, or null if there is none
         * @throws IOException if nobody can be asked any more
         */
        @Nullable
        TravellingClass fetch(String name) throws IOException;
    }

    FetchedClasses(ClassLoader parent, Fetch fetch) {
        super("fetched", parent);
        this.fetch = fetch;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        TravellingClass found;
        try {
            found = fetch.fetch(name);
        } catch (IOException e) {
            throw new ClassNotFoundException("cannot ask the parent process for it: class=" + name, e);
        }
        if (found == null) {
            throw new ClassNotFoundException(
                    "neither on the class path nor known to the parent process: class=" + name);
        }
        Class<?> defined = defineClass(name, found.file(), 0, found.file().length);
        found.unpackInto(defined);
        return defined;
    }

    /** Class files are there as of any other class loader; resources of other kinds only those of the class path. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        InputStream found = super.getResourceAsStream(name);
        if (found != null || !name.endsWith(CLASS_FILE)) {
            return found;
        }
        try {
            TravellingClass wanted = fetch.fetch(
                    name.substring(0, name.length() - CLASS_FILE.length()).replace('/', '.'));
            return wanted == null ? null : new ByteArrayInputStream(wanted.file());
        } catch (IOException _) {
            return null;
        }
    }
}
