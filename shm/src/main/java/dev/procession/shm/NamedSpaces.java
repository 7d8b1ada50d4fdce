package dev.procession.shm;

import dev.procession.shm.engine.NamedEntry;
import dev.procession.shm.engine.SpaceFolder;
import dev.procession.shm.engine.SpaceSnapshot;
import dev.procession.shm.os.ProcessIdentity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code shm:NAME} spaces of this user: which there are, who uses them, and the way to remove one. What {@code
 * ./procession spaces} shows.
 *
 * <p>Looking does not make this JVM a member of anything and changes nothing. What is told may be out of date on return.
 * Thread-safe; several processes may list and remove at once.
 */
public final class NamedSpaces {
    private final SpaceFolder folder;

    private NamedSpaces(SpaceFolder folder) {
        this.folder = folder;
    }

    /**
     * Those in /dev/shm, or in what the system property {@code procession.shm.dir} names.
     *
     * @return the spaces
     */
    public static NamedSpaces inDefaultPlace() {
        return in(SpaceFolder.defaultPlace());
    }

    /**
     * Those in another folder, as by the setting {@code dir}.
     *
     * @param place the folder
     * @return the spaces
     */
    public static NamedSpaces in(Path place) {
        return new NamedSpaces(SpaceFolder.in(place));
    }

    /**
     * Where their files are.
     *
     * @return the private folder; it need not exist
     */
    public Path folder() {
        return folder.path();
    }

    /**
     * What there is, in alphabetical order.
     *
     * @return one description each
     * @throws IllegalStateException if the folder is not this user's own, closed to others
     */
    public List<Description> list() {
        List<Description> all = new ArrayList<>();
        for (String name : folder.names()) {
            Description description = describe(name);
            if (description != null) {
                all.add(description);
            }
        }
        return List.copyOf(all);
    }

    private @Nullable Description describe(String name) {
        Path file = folder.fileOf(name);
        try {
            return Description.of(name, file, SpaceSnapshot.of(file));
        } catch (NoSuchFileException removedMeanwhile) {
            return null;
        } catch (IOException | IllegalStateException unreadable) {
            return Description.unreadable(name, file, String.valueOf(unreadable.getMessage()));
        }
    }

    /**
     * Looks into a space: its members, locks, queues, who waits for whom, and deadlocks.
     *
     * @param name the space's name
     * @return what was seen; empty if there is no space of that name
     * @throws IllegalStateException if the file cannot be read as a space; the message names file and field
     * @throws IllegalArgumentException if the name is malformed
     */
    public Optional<Examination> examine(String name) {
        try {
            return Optional.of(Examination.of(name, folder.fileOf(name)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new IllegalStateException(
                    "the space cannot be read: name=" + name + ", " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Removes a space that no live process is a member of, with all that is in it. One that is damaged, or of another
     * version, can be removed too.
     *
     * @param name the space's name
     * @return true if it was removed, false if there is none of that name
     * @throws IllegalStateException if a live process is a member of it, or is opening it just now; the message tells
     *     which. Nothing was changed
     * @throws IllegalArgumentException if the name is malformed
     */
    public boolean remove(String name) {
        return switch (folder.remove(name)) {
            case REMOVED -> true;
            case UNKNOWN -> false;
            case IN_USE -> throw new IllegalStateException("the space is in use: name=" + name + ", " + users(name));
        };
    }

    private String users(String name) {
        Description description = describe(name);
        List<Member> alive = description == null
                ? List.of()
                : description.members().stream().filter(Member::alive).toList();
        return alive.isEmpty()
                ? "by a process that cannot be seen from here, or that is opening it just now"
                : "members pid="
                        + String.join(
                                ", ",
                                alive.stream()
                                        .map(member -> Long.toString(member.pid()))
                                        .toList());
    }

    /**
     * A process that uses a space, or died doing so and is not cleared away yet.
     *
     * @param pid its number
     * @param alive whether it lives
     */
    public record Member(long pid, boolean alive) {}

    /**
     * A primitive that has a name.
     *
     * @param name its name
     * @param type such as {@code SharedReentrantLock}
     * @param declaration its element types and limits, maybe cut off; empty if it has none
     */
    public record Primitive(String name, String type, String declaration) {}

    /**
     * One space.
     *
     * @param name its name
     * @param file where it is
     * @param memoryBytes how much memory it takes
     * @param limitBytes how much it may take; 0 for no limit
     * @param members its members, alive and dead
     * @param primitives what has a name in it
     * @param types how many primitives of each type there are, with those that have no name
     * @param creatorPid the process that made it
     * @param creator that process's main class; empty if not known
     * @param created when it was made
     * @param fault why the file cannot be read as a space, or null if it can; all other figures are empty then
     */
    public record Description(
            String name,
            Path file,
            long memoryBytes,
            long limitBytes,
            List<Member> members,
            List<Primitive> primitives,
            Map<String, Integer> types,
            long creatorPid,
            String creator,
            Instant created,
            @Nullable String fault) {

        private static Description of(String name, Path file, SpaceSnapshot snapshot) {
            Map<String, Integer> types = new TreeMap<>();
            snapshot.primitives().forEach(kind -> types.merge(labelOf(kind), 1, Integer::sum));
            ProcessIdentity root = ProcessIdentity.unpack(snapshot.root());
            return new Description(
                    name,
                    file,
                    snapshot.memoryBytes(),
                    snapshot.limitBytes(),
                    snapshot.members().stream()
                            .map(member -> new Member(member.pid(), member.isAlive()))
                            .toList(),
                    snapshot.named().stream().map(Description::primitive).toList(),
                    types,
                    root == null ? 0 : root.pid(),
                    snapshot.creator(),
                    Instant.ofEpochMilli(snapshot.createdMillis()),
                    null);
        }

        private static Primitive primitive(NamedEntry entry) {
            return new Primitive(entry.name(), labelOf(entry.kind()), entry.declaration());
        }

        private static String labelOf(int kind) {
            try {
                return Kind.of(kind).label();
            } catch (IllegalStateException unknown) {
                return "kind " + kind;
            }
        }

        private static Description unreadable(String name, Path file, String fault) {
            return new Description(name, file, 0, 0, List.of(), List.of(), Map.of(), 0, "", Instant.EPOCH, fault);
        }
    }
}
