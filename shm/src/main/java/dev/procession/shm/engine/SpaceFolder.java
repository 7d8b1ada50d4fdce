package dev.procession.shm.engine;

import dev.procession.shm.os.PrivateFolder;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The private folder in which a user's named spaces are.
 *
 * <pre>
 *   /dev/shm/procession-1000/          mode 0700; another place than /dev/shm by -Dprocession.shm.dir
 *       jobs.space                     mode 0600; the space shm:jobs
 *       ~1f0c...                       something half-made, where the file system cannot make files without a name
 * </pre>
 *
 * <p>Files are told by the holds on them, which the kernel ends with the process (see {@link SharedFile.Hold}):
 *
 * <ul>
 *   <li>a member holds its space's file SHARED for as long as it is one;
 *   <li>who holds it EXCLUSIVE knows that there is no member, and that none can come: whoever recovers a space that
 *       everybody left, or removes one;
 *   <li>what begins with ~ and nobody holds was left by a process that died making it, and is swept by the next that
 *       opens the folder.
 * </ul>
 *
 * <p>A space file gets its name when it is whole, in one step. So a name leads to a whole file or to none; and whoever
 * got hold of a file looks whether it still has its name, since it may have been removed in between.
 */
public final class SpaceFolder {
    /** The system property that names the folder to use in place of /dev/shm. */
    public static final String PROPERTY = "procession.shm.dir";

    private static final Path DEFAULT_PLACE = Path.of("/dev/shm");
    private static final String SUFFIX = ".space";
    private static final String HALF_MADE = "~";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Path path;

    private SpaceFolder(Path path) {
        this.path = path;
    }

    /**
     * Where the folder is unless a setting says otherwise: in what the system property names, or in /dev/shm.
     *
     * @return the place
     */
    public static Path defaultPlace() {
        String place = System.getProperty(PROPERTY);
        return place == null || place.isEmpty() ? DEFAULT_PLACE : Path.of(place);
    }

    /**
     * This user's folder.
     *
     * @param place in which folder it is; that one must exist
     * @return the folder, which need not exist
     */
    public static SpaceFolder in(Path place) {
        return new SpaceFolder(place.toAbsolutePath().resolve("procession-" + PrivateFolder.user()));
    }

    /** The folder of a space file. */
    static SpaceFolder of(Path file) {
        return new SpaceFolder(file.resolveSibling(""));
    }

    /**
     * Makes the folder if it is not there, makes sure that it is private, and sweeps it.
     *
     * @return this
     * @throws IllegalStateException if it is not private, or there is nothing to make it in
     */
    public SpaceFolder opened() {
        Path place = path.resolveSibling("");
        if (!Files.isDirectory(place)) {
            throw new IllegalStateException("no folder for shared memory: folder=" + place
                    + "; name one that exists by -D" + PROPERTY + "=FOLDER");
        }
        try {
            PrivateFolder.make(path);
            sweep();
            return this;
        } catch (IOException refused) {
            throw refused(refused);
        }
    }

    /** Makes sure that the folder is private. */
    void ensurePrivate() throws IOException {
        PrivateFolder.check(path);
    }

    private static IllegalStateException refused(IOException refused) {
        return new IllegalStateException(
                "cannot keep shared memory there: "
                        + (refused instanceof SharedFile.RefusedException ? refused.getMessage() : refused.toString()),
                refused);
    }

    /**
     * Where the folder is.
     *
     * @return its absolute path
     */
    public Path path() {
        return path;
    }

    /**
     * The file of a space.
     *
     * @param name the space's name
     * @return its path; there need not be anything
     * @throws IllegalArgumentException if the name is malformed
     */
    public Path fileOf(String name) {
        ensureName(name);
        return path.resolve(name + SUFFIX);
    }

    /**
     * Makes sure that a name is one.
     *
     * @param name of a space, or of a primitive in it
     * @throws IllegalArgumentException if it is malformed
     */
    public static void ensureName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "malformed name: name=" + name + ", expected 1 to 64 of A-Z a-z 0-9 . _ -");
        }
    }

    Path halfMade() {
        return path.resolve(HALF_MADE + UUID.randomUUID());
    }

    /**
     * The names of the spaces, whoever uses them.
     *
     * @return the names in alphabetical order; none if there is no folder
     * @throws IllegalStateException if the folder is not private
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            PrivateFolder.check(path);
            for (Path file : files("*" + SUFFIX)) {
                String name = file.getFileName().toString();
                names.add(name.substring(0, name.length() - SUFFIX.length()));
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException refused) {
            throw refused(refused);
        }
        names.removeIf(name -> !NAME.matcher(name).matches());
        names.sort(null);
        return names;
    }

    private List<Path> files(String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, glob)) {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        return files;
    }

    /** Deletes what dead processes left half-made. */
    private void sweep() throws IOException {
        for (Path leftover : files(HALF_MADE + "*")) {
            try (SharedFile file = SharedFile.openPrivate(leftover)) {
                if (file.tryHold(SharedFile.Hold.EXCLUSIVE)) {
                    Files.deleteIfExists(leftover);
                }
            } catch (NoSuchFileException | SharedFile.RefusedException notOurs) {
                // finished or swept meanwhile, or nothing of ours
            }
        }
    }

    /**
     * Removes a space that has no live member.
     *
     * @param name the space's name
     * @return what came of it
     * @throws IllegalArgumentException if the name is malformed
     * @throws IllegalStateException if the folder or the file is not private
     */
    public Removal remove(String name) {
        Path target = fileOf(name);
        try {
            PrivateFolder.check(path);
        } catch (NoSuchFileException none) {
            return Removal.UNKNOWN;
        } catch (IOException refused) {
            throw refused(refused);
        }
        try (SharedFile file = SharedFile.openPrivate(target)) {
            if (!file.tryHold(SharedFile.Hold.EXCLUSIVE)) {
                return Removal.IN_USE;
            }
            if (file.isUnlinked()) {
                return Removal.UNKNOWN;
            }
            Files.delete(target);
            return Removal.REMOVED;
        } catch (NoSuchFileException none) {
            return Removal.UNKNOWN;
        } catch (SharedFile.RefusedException refused) {
            throw refused(refused);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What came of a removal. */
    public enum Removal {
        /** The space is no more. */
        REMOVED,
        /** It has a live member, or is being opened just now; nothing was changed. */
        IN_USE,
        /** There is no space of that name. */
        UNKNOWN
    }

    /** The folder's path. */
    @Override
    public String toString() {
        return path.toString();
    }
}
