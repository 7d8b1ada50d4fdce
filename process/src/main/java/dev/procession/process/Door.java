package dev.procession.process;

import dev.procession.process.Hello.Token;
import dev.procession.process.socket.PeerUser;
import dev.procession.process.socket.SocketFolder;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Where one child knocks once: a Unix-domain socket in a folder of its own, both gone as soon as the child is in.
 *
 * <p>A door per start rather than one per JVM, so that nothing lies on disk while children run: a parent that is killed
 * then leaves nothing, and one that is killed while a child starts leaves a folder that the child removes, or else the
 * next JVM of the same user that makes a {@link SocketFolder}.
 *
 * <p>Who may enter: the folder is open to its owner alone (mode 0700, an unguessable name), the kernel names the peer's
 * user, and the peer must know the one-time token. Others are logged and shut out, and the door waits on.
 */
final class Door implements Closeable {
    private static final System.Logger LOG = System.getLogger(Door.class.getPackageName());
    private static final int HELLO_SECONDS = 10;
    private static final String SOCKET = "s";

    private final Path folder;
    private final ServerSocketChannel listener;
    private final Token token;

    private Door(Path folder, ServerSocketChannel listener, Token token) {
        this.token = token;
        this.folder = folder;
        this.listener = listener;
    }

    /** Opens a door. */
    static Door open(Token token) throws IOException {
        Path folder = SocketFolder.make();
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
                PeerUser.ensure(socket, PeerUser.self());
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

    /** Shuts the door and removes it. Whoever waits in {@link #admit} gets an exception. Any number of times. */
    @Override
    public void close() {
        closeQuietly(listener);
        SocketFolder.remove(folder);
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException _) {
            // Nothing more can be done with it.
        }
    }
}
