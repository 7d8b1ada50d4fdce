package dev.procession.shm;

import dev.procession.core.Space;
import dev.procession.core.spi.SpaceProvider;
import dev.procession.shm.engine.DeadlockPolicy;
import dev.procession.shm.engine.SpaceFolder;
import dev.procession.shm.engine.SpaceTerms;
import java.io.ObjectInputFilter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code shm:NAME}: a space in the memory of this machine, for all JVMs of this user that know its name. Use it
 * through {@link Space#open(URI)}; this class is public for {@link java.util.ServiceLoader} alone.
 *
 * {@snippet :
 * try (Space space = Space.open(URI.create("shm:shop"))) {
 *     FencedLock lock = space.lock("stock");
 *     lock.lock();
 *     ...
 * }
 * }
 *
 * <p><b>Where.</b> In a file {@code NAME.space}, mode 0600, of the folder {@code procession-UID}, mode 0700, of /dev/shm.
 * A folder or file that is another user's, open to others, or a symbolic link, is refused. The memory is as fast wherever
 * the file is; another place than /dev/shm is for more room.
 *
 * <table>
 * <caption>Settings of {@link Space#open(URI, Map)}</caption>
 * <tr><th>name</th><th>value</th><th>meaning</th></tr>
 * <tr><td>{@code dir}</td><td>{@link Path} or {@link String}</td><td>an existing folder to use in place of /dev/shm, or of
 *     what the system property {@code procession.shm.dir} names</td></tr>
 * <tr><td>{@code limitBytes}</td><td>{@link Number}</td><td>how much memory the space may take, at least 256 KiB;
 *     who asks for more gets a {@link dev.procession.core.SpaceFullException}. Set by the first, and refused with {@link IllegalArgumentException} if it
 *     was made with another. Without it memory is the limit</td></tr>
 * <tr><td>{@code deadlocks}</td><td>{@link String}</td><td>what is done about threads, of whatever processes, that wait for
 *     each other's locks in a circle. {@code throw}: whoever would close the circle gets a {@link
 *     dev.procession.core.DeadlockException}; where any thread may release, it is logged. {@code report}: it is logged.
 *     {@code break}: it is logged, and after a second whoever closed it gets the exception. {@code off}: nobody looks. Set by
 *     the first, and refused with {@link IllegalArgumentException} if the space was made with another; without it what the
 *     system property {@code procession.deadlocks} says, else {@code throw}</td></tr>
 * <tr><td>{@code filter}</td><td>{@link ObjectInputFilter}</td><td>which classes queues and maps may build from what is
 *     in them. By default the declared types, their packages and those below, and the value classes of the JDK</td></tr>
 * </table>
 *
 * <p><b>Life.</b> A space and what is in it live until the space is removed, by {@link NamedSpaces#remove} or {@code
 * ./procession spaces rm NAME}, or the machine is started anew. Processes come and go; a space that all have left is
 * kept, and whoever opens it next finds what was there, with everything repaired that dead processes left undone.
 * {@link Space#close()} detaches this JVM: what it holds is given up as if it had died, and primitives it got from the
 * space throw {@link IllegalStateException}. Closing a queue ends that opening of it alone. Opened several times by one JVM, a space is detached by the last close; if a
 * primitive of it has come in as a serialized handle, when the JVM ends. A lock, semaphore, latch or map of a space is a
 * {@code Shared...} object, whose {@code close()} ends it for everybody; its name is free then.
 *
 * <p><b>Errors.</b> {@link dev.procession.core.SpaceFullException} if there is no memory for a new space; nothing is made
 * then. {@link IllegalStateException} with file and field if what is there is no space, is damaged, or was made by another
 * version or in another container. {@link UnsupportedOperationException} where there is no shared memory.
 */
public final class ShmSpaceProvider implements SpaceProvider {
    private static final String DIR = "dir";
    private static final String LIMIT_BYTES = "limitBytes";
    private static final long LEAST_LIMIT_BYTES = 256 << 10;
    private static final String FILTER = "filter";
    private static final String DEADLOCKS = "deadlocks";
    private static final Set<String> SETTINGS = new TreeSet<>(Set.of(DIR, LIMIT_BYTES, FILTER, DEADLOCKS));

    /** For the service loader. */
    public ShmSpaceProvider() {}

    @Override
    public String scheme() {
        return "shm";
    }

    @Override
    public Space open(URI uri, Map<String, ?> settings) {
        String name = uri.getRawSchemeSpecificPart();
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not shm:NAME: uri=" + uri);
        }
        SpaceFolder.ensureName(name);
        ensureKnown(settings.keySet());
        Path place = placeOf(settings.get(DIR));
        SpaceTerms terms = new SpaceTerms(limitOf(settings.get(LIMIT_BYTES)), policyOf(settings.get(DEADLOCKS)));
        ObjectInputFilter filter = filterOf(settings.get(FILTER));
        return new NamedSpace(name, Spaces.open(SpaceFolder.in(place).opened(), name, terms), filter);
    }

    private static void ensureKnown(Set<String> names) {
        for (String name : names) {
            if (!SETTINGS.contains(name)) {
                throw new IllegalArgumentException(
                        "shm: spaces have no such setting: setting=" + name + ", known=" + SETTINGS);
            }
        }
    }

    private static Path placeOf(@Nullable Object value) {
        return switch (value) {
            case null -> SpaceFolder.defaultPlace();
            case Path path -> path;
            case String text -> Path.of(text);
            default -> throw wrong(DIR, "a Path or a String", value);
        };
    }

    private static long limitOf(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Number number when number.longValue() >= LEAST_LIMIT_BYTES -> number.longValue();
            default -> throw wrong(LIMIT_BYTES, "a number of at least " + LEAST_LIMIT_BYTES, value);
        };
    }

    private static @Nullable DeadlockPolicy policyOf(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String name -> DeadlockPolicy.named(name);
            default -> throw wrong(DEADLOCKS, "a String", value);
        };
    }

    private static @Nullable ObjectInputFilter filterOf(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case ObjectInputFilter filter -> filter;
            default -> throw wrong(FILTER, "an ObjectInputFilter", value);
        };
    }

    private static IllegalArgumentException wrong(String setting, String expected, Object value) {
        return new IllegalArgumentException(
                "wrong setting of a shm: space: setting=" + setting + ", expected " + expected + ", value=" + value);
    }
}
