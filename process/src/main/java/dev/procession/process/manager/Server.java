package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.process.manager.ManagerMain.Rules;
import dev.procession.process.manager.ObjectTable.Origin;
import dev.procession.process.manager.ObjectTable.Served;
import dev.procession.process.socket.PeerUser;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A manager at work: its objects, its door, and its clients.
 *
 * <p>Who may enter: the socket is in a folder of this user alone, the kernel names the peer's user, and the peer proves
 * that it knows the key. Others are logged and shut out.
 *
 * <p>A place is held by a lock on the file {@code SOCKET.lock}, which the kernel releases however the process ends. So a
 * socket that a dead manager left is known to be dead, and two managers never serve at one place.
 */
final class Server implements Closeable {
    private static final System.Logger LOG = System.getLogger(Server.class.getPackageName());
    private static final int GREETING_SECONDS = 10;
    private static final long SHORTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Address address;
    private final Rules rules;
    private final UserPrincipal user;
    private final Codec users;
    private final FileChannel place;
    private final ServerSocketChannel listener;
    private final ObjectTable objects = new ObjectTable();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Threads for calls of users' objects, which may work rather than wait. */
    private final ExecutorService usersThreads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("manager-call-", 1).factory());

    private Server(Address address, Rules rules, UserPrincipal user, FileChannel place, ServerSocketChannel listener) {
        this.address = address;
        this.rules = rules;
        this.user = user;
        this.users = Building.under(rules.filter());
        this.place = place;
        this.listener = listener;
        objects.add(new Registry(this), RegistryCalls.class, Origin.OURS);
        objects.add(new ServedMap(), MapCalls.class, Origin.OURS);
    }

    /**
     * Takes the place.
     *
     * @param user who may connect
     * @throws BindException if another manager serves there
     */
    static Server bind(Address address, Rules rules, UserPrincipal user) throws IOException {
        Path socket = Path.of(address.socket());
        FileChannel place = FileChannel.open(
                Path.of(address.socket() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ServerSocketChannel listener = null;
        try {
            if (place.tryLock() == null) {
                throw new BindException("another manager serves there: socket=" + socket);
            }
            Files.deleteIfExists(socket); // a dead manager's
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
            return new Server(address, rules, user, place, listener);
        } catch (IOException | RuntimeException | Error e) {
            place.close();
            if (listener != null) {
                listener.close();
            }
            throw e;
        }
    }

    /** Lets clients in, until {@link #stop}. A system that is short of something refuses for a while, and is asked again. */
    void serve() {
        while (listener.isOpen()) {
            try {
                receive(listener.accept());
            } catch (ClosedChannelException _) {
                // That is how it stops.
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot let a client in: socket=" + address.socket(), e);
                LockSupport.parkNanos(SHORTAGE_NANOS);
            }
        }
    }

    private void receive(SocketChannel socket) {
        Session session = new Session(this, socket);
        try {
            PeerUser.ensure(socket, user);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "refused a connection: socket={0}, reason={1}",
                    address.socket(),
                    e.getMessage());
            session.hangUp();
            return;
        }
        Thread.ofPlatform().daemon().name("manager-client").start(session);
        // Who connects and says nothing is not to be kept for ever.
        CompletableFuture.delayedExecutor(GREETING_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!sessions.contains(session)) {
                session.hangUp();
            }
        });
    }

    /** Takes a client in; false if it is too late. */
    boolean admitted(Session session) {
        sessions.add(session);
        return listener.isOpen();
    }

    void ended(Session session) {
        sessions.remove(session);
    }

    String socket() {
        return address.socket();
    }

    Address address() {
        return address;
    }

    String filter() {
        return rules.filter();
    }

    int maxMessageBytes() {
        return rules.maxMessageBytes();
    }

    ObjectTable objects() {
        return objects;
    }

    /** Makes bytes of users' objects and back. */
    Codec users() {
        return users;
    }

    void runForUser(Runnable call) {
        usersThreads.execute(call);
    }

    boolean remove(long object) {
        @Nullable Served removed = objects.remove(object);
        if (removed == null) {
            return false;
        }
        if (removed.target() instanceof ServedLock lock) {
            lock.remove();
        }
        sessions.forEach(session -> session.cutShort(object));
        return true;
    }

    /** Lets {@link #serve} return. */
    void stop() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot stop: socket=" + address.socket(), e);
        }
    }

    /** Hangs up on all clients and gives the place back. A second call does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stop();
        sessions.forEach(Session::hangUp);
        usersThreads.shutdownNow();
        try (place) {
            Files.deleteIfExists(Path.of(address.socket()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot give a place back: socket=" + address.socket(), e);
        }
    }
}
