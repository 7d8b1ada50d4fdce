package dev.procession.lab.stage;

import dev.procession.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder for one run, gone when the run or the JVM ends.
 *
 * <p>SIGKILL leaves it behind; the next run of the same user removes it. A folder is such a left-over if it is this user's
 * and its {@code owner} file names a process of this process's own pid namespace (containers may share the temporary
 * folder) that is gone, or whose pid belongs to a later process by now; or if it is old and has no such file yet.
 */
public final class Scratch implements AutoCloseable {
    private static final String PREFIX = "procession-lab-";
    private static final String OWNER = "owner";
    private static final Duration TIME_TO_WRITE_OWNER = Duration.ofHours(1);
    private static final Duration LAST_CHILDREN = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Path outer;
    private final Path folder;

    private Scratch(Path outer, Path folder) {
        this.outer = outer;
        this.folder = folder;
    }

    /**
     * Makes a folder in the temporary folder, and removes what killed runs left there.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    public static Scratch create() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Path outer = Files.createTempDirectory(temporary, PREFIX);
            deleteAtExit(outer);
            sweep(temporary, Files.getOwner(outer));
            Files.write(outer.resolve(OWNER), ownerOf(ProcessHandle.current()));
            return new Scratch(outer, Files.createDirectory(outer.resolve("run")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + temporary, e);
        }
    }

    /** The folder, empty at first. */
    public Path folder() {
        return folder;
    }

    /** Removes it with all it holds. */
    @Override
    public void close() {
        delete(outer);
    }

    /**
     * Removes a folder when this JVM ends, after its last child JVM did: children may load classes from it to the end.
     *
     * @param folder the folder; it may be gone by then
     */
    public static void deleteAtExit(Path folder) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAfterChildren(folder), "scratch-delete"));
    }

    private static void deleteAfterChildren(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        long deadlineNanos = System.nanoTime() + LAST_CHILDREN.toNanos();
        try {
            while (!Processes.activeChildren().isEmpty() && System.nanoTime() - deadlineNanos < 0) {
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Nobody does that to a hook; then it is removed at once.
        }
        delete(folder);
    }

    static void sweep(Path temporary, UserPrincipal user) {
        try (Stream<Path> all = Files.list(temporary)) {
            all.filter(each -> String.valueOf(each.getFileName()).startsWith(PREFIX))
                    .filter(each -> isLeftOver(each, user))
                    .forEach(Scratch::delete);
        } catch (IOException | UncheckedIOException e) {
            // Another run may sweep the same folder; what is left is found next time.
        }
    }

    private static boolean isLeftOver(Path outer, UserPrincipal user) {
        try {
            if (!Files.getOwner(outer, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                return false;
            }
            Path ownerFile = outer.resolve(OWNER);
            if (!Files.exists(ownerFile)) {
                Instant made = Files.getLastModifiedTime(outer).toInstant();
                return made.isBefore(Instant.now().minus(TIME_TO_WRITE_OWNER));
            }
            List<String> owner = Files.readAllLines(ownerFile);
            if (owner.size() != 3 || !owner.get(2).equals(pidNamespace())) {
                return false;
            }
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(owner.getFirst()));
            return process.isEmpty() || !ownerOf(process.get()).equals(owner);
        } catch (IOException | NumberFormatException e) {
            return false; // Not ours to read, or being made or removed right now.
        }
    }

    private static List<String> ownerOf(ProcessHandle process) throws IOException {
        Optional<Instant> start = process.info().startInstant();
        return List.of(
                String.valueOf(process.pid()), start.map(Instant::toString).orElse("unknown"), pidNamespace());
    }

    private static String pidNamespace() throws IOException {
        Path link = Path.of("/proc/self/ns/pid");
        return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "none";
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // Already gone, or another sweeps it: either way there is nothing left to do here.
        }
    }
}
