package dev.procession.process;

import dev.procession.process.manager.Address;
import dev.procession.process.manager.Key;
import dev.procession.process.manager.ManagerMain;
import dev.procession.process.manager.ManagerMain.Folder;
import dev.procession.process.manager.ManagerMain.Rules;
import dev.procession.process.socket.SocketFolder;
import dev.procession.shm.os.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The process of one manager, from its start to its end.
 *
 * <p>It is ready when it knocks at a door that was made for that; the door closes when the process ends first.
 */
final class ManagerStart {
    private final Address address;
    private final ChildProcess child;

    /** Of the socket, where it was made for this manager. */
    private final @Nullable Path folder;

    private ManagerStart(Address address, ChildProcess child, @Nullable Path folder) {
        this.address = address;
        this.child = child;
        this.folder = folder;
    }

    /** Starts a manager at a place of its own. */
    static ManagerStart of(ChildProcess.Builder process, Key key, Rules rules) {
        try {
            Path folder = SocketFolder.make();
            return start(process, address(folder.resolve("s"), key), rules, folder, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a manager: " + e.getMessage(), e);
        }
    }

    /** Starts a manager at a place that others know. */
    static ManagerStart at(Path socket, ChildProcess.Builder process, Key key, Rules rules) {
        try {
            PrivateFolder.make(Objects.requireNonNull(socket.getParent(), "the root is no socket"));
            Path folder = SocketFolder.make();
            try {
                return start(process, address(socket, key), rules, folder, null);
            } finally {
                SocketFolder.remove(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start a manager: socket=" + socket + ", reason=" + e.getMessage(), e);
        }
    }

    static Path ensureShort(Path socket) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SocketFolder.MAX_PATH_BYTES) {
            throw new IllegalArgumentException("too long for a socket: lengthBytes=" + length + ", max="
                    + SocketFolder.MAX_PATH_BYTES + ", path=" + socket);
        }
        return socket;
    }

    private static Address address(Path socket, Key key) {
        return new Address(UUID.randomUUID(), socket.toString(), key);
    }

    private static ManagerStart start(
            ChildProcess.Builder process, Address address, Rules rules, Path doorFolder, @Nullable Path own)
            throws IOException {
        Path door = doorFolder.resolve("d");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(door));
            var main = new ManagerMain(address, rules, door.toString(), own == null ? Folder.NAMED : Folder.OWN);
            ChildProcess child = process.daemon().start(main);
            var started = new ManagerStart(address, child, own);
            if (!isReady(listener, child)) {
                started.awaitEnd(Duration.ofSeconds(5));
                throw new IllegalStateException(
                        "the manager's process failed: socket=" + address.socket(),
                        child.failure().orElse(null));
            }
            Files.deleteIfExists(door);
            return started;
        } catch (IOException | RuntimeException | Error e) {
            if (own != null) {
                SocketFolder.remove(own);
            }
            throw e;
        }
    }

    /** Waits for the knock, on a thread that nobody interrupts: the JDK would close the door under it. */
    private static boolean isReady(ServerSocketChannel door, ChildProcess child) {
        var ready = new CompletableFuture<Boolean>();
        Thread.ofVirtual().start(() -> {
            try {
                door.accept().close();
                ready.complete(true);
            } catch (IOException _) {
                ready.complete(false);
            }
        });
        return ready.applyToEither(child.gone().thenApply(_ -> false), Function.identity())
                .join();
    }

    Address address() {
        return address;
    }

    ChildProcess child() {
        return child;
    }

    /** Waits for the end of the process, which is brought about where it does not come. An interrupt is kept for later. */
    void awaitEnd(Duration patience) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    if (!child.join(patience)) {
                        Children.end(List.of(child));
                    }
                    child.join();
                    return;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (folder != null) {
                SocketFolder.remove(folder);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
