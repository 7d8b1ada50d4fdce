package dev.procession.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives away the bytes of classes that another JVM cannot find: those of a class loader other than the system's. That is
 * how code travels from {@code java Program.java} and from JShell, whose classes are in memory only, and from
 * applications whose classes a container has loaded.
 *
 * <p>It answers for one loader, and for classes only: no other resources, and no hidden classes, which have no bytes to
 * ask for (lambdas need none; they are made anew from the class they stand in). Static fields have in the other JVM what
 * their initializers give them, but for the {@linkplain TravellingClass variables of a JShell session}.
 *
 * @param loader whom to ask; safe for use by many threads
 */
record ClassSource(ClassLoader loader) {
    private static final Pattern BINARY_NAME = Pattern.compile("[^/\\\\;\\[\\x00-\\x20]+");

    /** The source that a task needs: by the loader of its class, or else of the thread that hands it over. */
    static Optional<ClassSource> of(Object task) {
        return Stream.of(
                        Optional.ofNullable(task.getClass().getClassLoader()),
                        Optional.ofNullable(Thread.currentThread().getContextClassLoader()))
                .flatMap(Optional::stream)
                .filter(loader -> !isReachedByClassPath(loader))
                .findFirst()
                .map(ClassSource::new);
    }

    private static boolean isReachedByClassPath(ClassLoader loader) {
        for (ClassLoader each = ClassLoader.getSystemClassLoader(); each != null; each = each.getParent()) {
            if (each.equals(loader)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds a class.
     *
     * @param name its binary name
     * @return the class, or null if the loader has none of that name
     */
    @Nullable
    TravellingClass find(String name) {
        if (!BINARY_NAME.matcher(name).matches()) {
            return null;
        }
        try {
            byte[] file = read(name);
            if (file == null && load(name) != null) {
                // A program of several source files compiles those it has not used yet when they are loaded, not
                // before.
                file = read(name);
            }
            Class<?> snippet = file != null && TravellingClass.hasVariables(name) ? load(name) : null;
            return file == null
                    ? null
                    : snippet == null ? new TravellingClass(file, List.of()) : TravellingClass.of(file, snippet);
        } catch (IOException _) {
            return null;
        }
    }

    private byte @Nullable [] read(String name) throws IOException {
        try (InputStream file = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
            return file == null ? null : file.readAllBytes();
        }
    }

    private @Nullable Class<?> load(String name) {
        try {
            Class<?> found = Class.forName(name, /* initialize= */ false, loader);
            return loader.equals(found.getClassLoader()) ? found : null;
        } catch (ClassNotFoundException | LinkageError _) {
            return null;
        }
    }
}
