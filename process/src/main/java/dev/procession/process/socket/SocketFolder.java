package dev.procession.process.socket;

import dev.procession.shm.os.Host;
import dev.procession.shm.os.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder for sockets of this process: open to its owner alone (mode 0700), of an unguessable name.
 *
 * <p>It is named {@code procession-NAMESPACE-PID-START-RANDOM} after the process that made it, so that {@linkplain #sweep
 * others} can tell whether that one is dead. The name is short because a socket's path may have 107 bytes only.
 */
public final class SocketFolder {
    private static final System.Logger LOG = System.getLogger(SocketFolder.class.getPackageName());

    /** The longest path of a socket, in bytes. */
    public static final int MAX_PATH_BYTES = 107;

    private static final Pattern NAME = Pattern.compile("procession-(\\d+)-(\\d+)-(\\d+)-[0-9a-f]+");
    private static final SecureRandom RANDOM = new SecureRandom();

    private SocketFolder() {}

    /**
     * Makes a folder, and once per JVM sweeps what dead ones left in the same place.
     *
     * @return the folder, in which a socket's name may have one letter
     * @throws IOException if it cannot be made
     * @throws IllegalStateException if there is no place whose path is short enough
     */
    public static Path make() throws IOException {
        Path base = Base.PLACE;
        ProcessIdentity self = ProcessIdentity.current();
        Path folder = base.resolve("procession-%d-%d-%d-%s"
                .formatted(Host.current().pidNamespace(), self.pid(), self.startTime(), random(4)));
        return Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * Removes a folder, whoever made it. What is already gone is no error.
     *
     * @param folder the folder
     */
    public static void remove(Path folder) {
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        } catch (NoSuchFileException _) {
            // Gone already.
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove a folder: folder=" + folder, e);
        }
    }

    /** Removes the folders of dead processes of this user. */
    static void sweep(Path base) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, "procession-*")) {
            for (Path entry : entries) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches() && isDead(name) && isOwn(entry)) {
                    remove(entry);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot look for stale folders: base=" + base, e);
        }
    }

    /** Only processes of one's own pid namespace can be looked up; of another container's nothing can be said. */
    private static boolean isDead(Matcher name) {
        try {
            return Long.parseLong(name.group(1)) == Host.current().pidNamespace()
                    && !new ProcessIdentity(Long.parseLong(name.group(2)), Long.parseLong(name.group(3))).isAlive();
        } catch (IllegalArgumentException _) {
            return false; // no numbers of ours
        }
    }

    private static boolean isOwn(Path entry) throws IOException {
        return Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(PeerUser.self());
    }

    private static String random(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    /** The place of all folders of this JVM, chosen and swept once. */
    private static final class Base {
        static final Path PLACE = choose();

        private static Path choose() {
            List<String> tried = new ArrayList<>();
            for (String candidate : candidates()) {
                Path place = Path.of(candidate).toAbsolutePath();
                if (fits(place) && Files.isDirectory(place) && Files.isWritable(place)) {
                    sweep(place);
                    return place;
                }
                tried.add(candidate);
            }
            throw new IllegalStateException("no place for a socket: needs a writable folder with a path of at most "
                    + (MAX_PATH_BYTES - longestName()) + " bytes; tried=" + tried
                    + "; set XDG_RUNTIME_DIR or -Djava.io.tmpdir");
        }

        private static List<String> candidates() {
            List<String> candidates = new ArrayList<>();
            String runtimeFolder = System.getenv("XDG_RUNTIME_DIR");
            if (runtimeFolder != null && !runtimeFolder.isBlank()) {
                candidates.add(runtimeFolder);
            }
            candidates.add(System.getProperty("java.io.tmpdir"));
            candidates.add("/tmp");
            return candidates;
        }

        private static boolean fits(Path place) {
            return place.toString().getBytes(StandardCharsets.UTF_8).length + longestName() <= MAX_PATH_BYTES;
        }

        private static int longestName() {
            return "/procession-4026531836-4194304-99999999999-01234567/s".length();
        }
    }
}
