package dev.procession.process.manager;

import dev.procession.core.SerializableAction;
import dev.procession.process.socket.PeerUser;
import dev.procession.process.socket.SocketFolder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a manager's process does: it takes its place, tells its parent that it has, and serves until it is told to stop.
 *
 * @param address where, and with what key
 * @param rules what clients may send
 * @param door a socket of the parent, to which it connects once clients may come
 * @param folder whose the folder of the socket is
 */
public record ManagerMain(Address address, Rules rules, String door, Folder folder) implements SerializableAction {
    /** Whose the folder of a manager's socket is. */
    public enum Folder {
        /** Made for this manager; it goes with it. */
        OWN,
        /** The user's. */
        NAMED
    }

    /**
     * What clients may send.
     *
     * @param filter which classes may be built, as a pattern of {@link java.io.ObjectInputFilter.Config}; empty for all
     * @param maxMessageBytes how long a message may be
     */
    public record Rules(String filter, int maxMessageBytes) implements java.io.Serializable {}

    @Override
    public void run() throws IOException {
        Server server = Server.bind(address, rules, PeerUser.self());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(server), "manager-leave"));
        SocketChannel.open(UnixDomainSocketAddress.of(door)).close();
        server.serve();
        leave(server); // not only when the last thread of a user's object has ended
    }

    private void leave(Server server) {
        server.close();
        if (folder == Folder.OWN) {
            SocketFolder.remove(Objects.requireNonNull(Path.of(address.socket()).getParent()));
        }
    }
}
