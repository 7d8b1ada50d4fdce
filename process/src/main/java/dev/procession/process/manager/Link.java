package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.process.ManagerUnreachableException;
import java.net.ProtocolException;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This JVM's one line to one manager: connected when it is first needed, and anew when it broke. It is one, so that a
 * thread is the same caller whichever proxy it uses.
 */
final class Link {
    private static final ConcurrentHashMap<UUID, Link> LINKS = new ConcurrentHashMap<>();

    private final Address address;
    private final ReentrantLock connecting = new ReentrantLock();

    private volatile @Nullable Connection connection;

    /** How many managers are open on it. Guarded by connecting. */
    private int users;

    private Link(Address address) {
        this.address = address;
    }

    static Link to(Address address) {
        return LINKS.computeIfAbsent(address.manager(), _ -> new Link(address));
    }

    /**
     * Opens the line for a manager; {@link #close} ends that.
     *
     * @param address the manager's
     * @return the line
     * @throws ManagerUnreachableException if nobody is there
     */
    static Link open(Address address) {
        Link link = to(address);
        link.connecting.lock();
        try {
            link.connection();
            link.users++;
            return link;
        } finally {
            link.connecting.unlock();
        }
    }

    /**
     * Opens the line to whichever manager serves at a place.
     *
     * @param socket the place
     * @param key the secret
     * @return the manager's client
     * @throws ManagerUnreachableException if nobody is there, or the key is another
     */
    static Client find(String socket, Key key) {
        Connection found = Connection.open(socket, key);
        var address = new Address(found.manager(), socket, key);
        Link link = to(address);
        link.connecting.lock();
        try {
            Connection known = link.connection;
            if (known == null || known.isBroken()) {
                link.connection = found;
            } else {
                found.close("another line of this JVM leads there already");
            }
            link.users++;
            return Client.over(address, link);
        } finally {
            link.connecting.unlock();
        }
    }

    /** Ends the use by one manager; the last one cuts the line. Proxies that are used later connect anew. */
    void close() {
        connecting.lock();
        try {
            users--;
            Connection known = connection;
            if (users == 0 && known != null) {
                known.close("closed here");
                connection = null;
            }
        } finally {
            connecting.unlock();
        }
    }

    Codec codec() {
        return connection().codec();
    }

    private Connection connection() {
        Connection known = connection;
        return known != null && !known.isBroken() ? known : connect();
    }

    private Connection connect() {
        connecting.lock();
        try {
            Connection known = connection;
            if (known != null && !known.isBroken()) {
                return known;
            }
            Connection made = Connection.open(address.socket(), address.key());
            if (!made.manager().equals(address.manager())) {
                made.close("another manager");
                throw new ManagerUnreachableException(
                        "the manager is gone, and another one serves at its place: socket=" + address.socket(), null);
            }
            connection = made;
            return made;
        } finally {
            connecting.unlock();
        }
    }

    /** Makes a call and waits for its end. */
    @Nullable
    Object call(long object, Signature method, @Nullable Object[] arguments) throws Throwable {
        Connection line = connection();
        Encoded encoded = line.codec().prepare(arguments);
        Connection.Answer answer = line.call(object, method, encoded);
        Throwable thrown = null;
        try {
            switch (answer.message()) {
                case Message.Returned returned -> {
                    return line.codec()
                            .open(returned.value(), Thread.currentThread().getContextClassLoader());
                }
                case Message.Threw threw -> thrown = Failures.decode(threw.failure(), line.codec());
                default -> thrown = new ProtocolException("out of order");
            }
            throw thrown;
        } finally {
            if (answer.interrupted() && !(thrown instanceof InterruptedException)) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
