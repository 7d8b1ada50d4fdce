package dev.procession.process;

import dev.procession.process.Hello.Token;
import dev.procession.shm.os.Host;
import dev.procession.shm.os.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Where one child knocks once: a Unix-domain socket in a folder of its own, both gone as soon as the child is in.
 *
 * <p>A door per start rather than one per JVM, so that nothing lies on disk while children run: a parent that is killed
 * then leaves nothing, and one that is killed while a child starts leaves a folder that the child removes, or else the
 * next JVM of the same user that opens a door.
 *
 * <p>Who may enter: the folder is open to its owner alone (mode 0700, an unguessable name), the kernel names the peer's
 * user, and the peer must know the one-time token. Others are logged and shut out, and the door waits on.
 *
 * <p>The folder is named {@code procession-NAMESPACE-PID-START-RANDOM} after the process that made it, so that
 * {@linkplain #sweep others} can tell whether that one is dead. The name is short because a socket's path may have 107
 * bytes only.
 */
final class Door implements Closeable {
    private static final System.Logger LOG = System.getLogger(Door.class.getPackageName());
    private static final int MAX_PATH_BYTES = 107;
    private static final int HELLO_SECONDS = 10;
    private static final String SOCKET = "s";
    private static final Pattern NAME = Pattern.compile("procession-(\\d+)-(\\d+)-(\\d+)-[0-9a-f]+");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final ServerSocketChannel listener;
    private final Token token;

    private Door(Path folder, ServerSocketChannel listener, Token token) {
        this.token = token;
        this.folder = folder;
        this.listener = listener;
    }

    /** Opens a door, and once per JVM sweeps what dead ones left in the same place. */
    static Door open(Token token) throws IOException {
        Path base = Base.PLACE;
        ProcessIdentity self = ProcessIdentity.current();
        Path folder = base.resolve("procession-%d-%d-%d-%s"
                .formatted(Host.current().pidNamespace(), self.pid(), self.startTime(), random(4)));
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Door door = new Door(folder, listener, token);
        try {
            listener.bind(UnixDomainSocketAddress.of(door.path()));
            return door;
        } catch (IOException | RuntimeException | Error e) {
            door.close();
            throw e;
        }
    }

    Path path() {
        return folder.resolve(SOCKET);
    }

    /**
     * Waits until the child that knows the token knocks.
     *
     * @throws AsynchronousCloseException if the door is closed meanwhile; it was the last one to wait for
     */
    ControlChannel admit() throws IOException {
        while (true) {
            SocketChannel socket = listener.accept();
            var channel = ControlChannel.over(socket);
            // A peer that connects and says nothing must not keep the child waiting behind it.
            var impatience = CompletableFuture.runAsync(
                    () -> closeQuietly(channel), CompletableFuture.delayedExecutor(HELLO_SECONDS, TimeUnit.SECONDS));
            try {
                ensureOwnUser(socket);
                Hello.expect(token, channel);
                if (impatience.cancel(/* mayInterruptIfRunning= */ false)) {
                    return channel;
                }
            } catch (IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "refused a connection: socket={0}, reason={1}",
                        path(),
                        e.getMessage());
            }
            impatience.cancel(/* mayInterruptIfRunning= */ false);
            closeQuietly(channel);
        }
    }

    private void ensureOwnUser(SocketChannel socket) throws IOException {
        UnixDomainPrincipal peer = socket.getOption(ExtendedSocketOptions.SO_PEERCRED);
        UserPrincipal self = Files.getOwner(folder);
        if (!peer.user().equals(self)) {
            throw new IOException("another user: peer=" + peer.user() + ", expected=" + self);
        }
    }

    /** Shuts the door and removes it. Whoever waits in {@link #admit} gets an exception. Any number of times. */
    @Override
    public void close() {
        closeQuietly(listener);
        remove(folder);
    }

    /** Removes the folder of a door, whoever made it. What is already gone is no error. */
    static void remove(Path folder) {
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

    /** Removes the doors of dead processes of this user. */
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
        return Files.getOwner(entry, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
    }

    private static String random(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException _) {
            // Nothing more can be done with it.
        }
    }

    /** The place of all doors of this JVM, chosen and swept once. */
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
