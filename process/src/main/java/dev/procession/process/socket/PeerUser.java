package dev.procession.process.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** The user on the other side of a Unix-domain socket, as the kernel tells: nobody can pretend. */
public final class PeerUser {
    private PeerUser() {}

    /**
     * The user this process runs for.
     *
     * @return the user
     * @throws IOException if the system does not say
     */
    public static UserPrincipal self() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }

    /**
     * Makes sure who connected.
     *
     * @param socket connected
     * @param expected who it must be
     * @throws IOException if it is another
     */
    public static void ensure(SocketChannel socket, UserPrincipal expected) throws IOException {
        UserPrincipal peer = socket.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (!peer.equals(expected)) {
            throw new IOException("another user: peer=" + peer + ", expected=" + expected);
        }
    }
}
