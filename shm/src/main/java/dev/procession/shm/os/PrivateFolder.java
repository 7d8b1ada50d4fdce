package dev.procession.shm.os;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;

/**
 * A folder that nobody but this user can look into or change.
 *
 * <p>It is made with mode 0700, and one that is there already is used only if it is a folder, not a symbolic link, of
 * this user, closed to all others. Where its parent is /dev/shm, which is sticky, nobody else can then put another in
 * its place. Checked anew each time it is opened.
 */
public final class PrivateFolder {
    private static final int OTHERS = 077;
    private static final int TYPE_MASK = 0170000;

    private PrivateFolder() {}

    /** What there must be. */
    enum Expected {
        FOLDER(0040000, "folder"),
        REGULAR_FILE(0100000, "file");

        private final int type;
        private final String label;

        Expected(int type, String label) {
            this.type = type;
            this.label = label;
        }
    }

    /** Bound on first use. */
    private static final class Calls {
        static final Libc.Function GETEUID = Libc.function("geteuid");
    }

    /**
     * The user this process acts for.
     *
     * @return the user's number
     */
    public static int user() {
        return Calls.GETEUID.call(Libc.IGNORED);
    }

    /**
     * Makes the folder if it is not there, and makes sure that it is private.
     *
     * @param path the folder
     * @throws SharedFile.RefusedException if what is there is somebody else's, open to others, or no folder
     * @throws IOException if it cannot be made
     */
    public static void make(Path path) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException there) {
            // then it is looked at like any other
        }
        ensurePrivate(path, path, Expected.FOLDER);
    }

    /**
     * Makes sure that a folder is private.
     *
     * @param path the folder
     * @throws SharedFile.RefusedException if it is somebody else's, open to others, or no folder
     * @throws java.nio.file.NoSuchFileException if there is nothing
     * @throws IOException if that cannot be told
     */
    public static void check(Path path) throws IOException {
        ensurePrivate(path, path, Expected.FOLDER);
    }

    /** Looks at {@code where}, which may lead through a descriptor; messages speak of {@code path}. */
    static void ensurePrivate(Path where, Path path, Expected expected) throws IOException {
        int mode = ensureOwn(where, path, expected);
        if ((mode & OTHERS) != 0) {
            throw new SharedFile.RefusedException("a " + expected.label + " that other users may open: mode="
                    + Integer.toOctalString(mode & 07777) + "; close it by chmod go= " + path);
        }
    }

    /** The same without a look at who else may open it; gives its mode. */
    static int ensureOwn(Path where, Path path, Expected expected) throws IOException {
        Map<String, Object> found = where.equals(path)
                ? Files.readAttributes(where, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS)
                : Files.readAttributes(where, "unix:mode,uid");
        int mode = (int) Objects.requireNonNull(found.get("mode"));
        int uid = (int) Objects.requireNonNull(found.get("uid"));
        if ((mode & TYPE_MASK) != expected.type) {
            throw new SharedFile.RefusedException("not a " + expected.label + ", but "
                    + (Files.isSymbolicLink(where) ? "a symbolic link" : "something else") + ": " + expected.label + "="
                    + path);
        }
        if (uid != user()) {
            throw new SharedFile.RefusedException("another user's " + expected.label + ": owner uid=" + uid
                    + ", expected uid=" + user() + ", " + expected.label + "=" + path);
        }
        return mode;
    }
}
