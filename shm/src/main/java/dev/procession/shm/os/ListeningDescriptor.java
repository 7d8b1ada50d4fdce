package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * A stream socket that listens, as a bare descriptor, to be given to processes that accept from it.
 *
 * <p>The JDK's own channels do not tell their descriptor. This one passes to no process that this one starts, unless
 * given to it. Not thread-safe.
 *
 * <p>Source: {@code socket(2)}, {@code bind(2)}, {@code listen(2)}; layouts of {@code ip(7)}, {@code ipv6(7)} and {@code
 * unix(7)}, constants of Linux on x86-64 and aarch64.
 */
public final class ListeningDescriptor implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SHUT_RDWR = 2;
    private static final int OWNER_ONLY = 0600;

    private static final int MAX_ADDRESS_BYTES = 112;
    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 28;
    private static final int UNIX_PATH = 2;
    private static final int UNIX_PATH_BYTES = 108;
    private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final Libc.Function SOCKET = Libc.function("socket");
    private static final Libc.Function SET_OPTION = Libc.function("setsockopt");
    private static final Libc.Function BIND = Libc.function("bind");
    private static final Libc.Function CHMOD = Libc.function("chmod");
    private static final Libc.Function LISTEN = Libc.function("listen");
    private static final Libc.Function OWN_NAME = Libc.function("getsockname");
    private static final Libc.Function SHUTDOWN = Libc.function("shutdown");

    /** The character set in which the JDK itself hands paths to the system. */
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private final int descriptor;
    private final SocketAddress address;
    private boolean closed;

    private ListeningDescriptor(int descriptor, SocketAddress address) {
        this.descriptor = descriptor;
        this.address = address;
    }

    /**
     * Makes a socket that listens.
     *
     * @param address an IPv4, IPv6 or Unix-domain address; port 0 for any that is free. The file of a Unix-domain one
     *     must not exist, and is made with mode 0600 before anybody can connect
     * @param backlog how many connections may wait to be accepted
     * @return the socket
     * @throws BindException if the address is in use, or not for this process; the message names it
     * @throws IOException if the system refuses otherwise
     * @throws UnsupportedOperationException for another kind of address
     */
    public static ListeningDescriptor open(SocketAddress address, int backlog) throws IOException {
        int family = familyOf(address);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int descriptor = SOCKET.call(errno, family, SOCK_STREAM | SOCK_CLOEXEC, 0);
            ensure(descriptor, "cannot make a socket", address, errno);
            try {
                if (family != AF_UNIX) {
                    allow(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, arena);
                }
                if (family == AF_INET6) {
                    allow(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0, arena);
                }
                Encoded name = encode(address, arena);
                ensure(BIND.call(errno, descriptor, name.bytes().address(), name.length()), "bind", address, errno);
                if (family == AF_UNIX) {
                    long path = name.bytes().address() + UNIX_PATH;
                    ensure(CHMOD.call(errno, path, OWNER_ONLY), "chmod", address, errno);
                }
                ensure(LISTEN.call(errno, descriptor, backlog), "listen", address, errno);
                return new ListeningDescriptor(descriptor, bound(descriptor, address, arena));
            } catch (IOException | RuntimeException | Error e) {
                Descriptors.close(descriptor);
                throw e;
            }
        }
    }

    private static int familyOf(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress _ -> AF_UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> AF_INET;
            case InetSocketAddress inet when !inet.isUnresolved() -> AF_INET6;
            default -> throw new UnsupportedOperationException("cannot listen there: address=" + address);
        };
    }

    private record Encoded(MemorySegment bytes, int length) {}

    private static Encoded encode(SocketAddress address, Arena arena) throws IOException {
        MemorySegment bytes = arena.allocate(MAX_ADDRESS_BYTES, 8);
        bytes.set(JAVA_SHORT, 0, (short) familyOf(address));
        return switch (address) {
            case UnixDomainSocketAddress unix -> {
                byte[] path = unix.getPath().toString().getBytes(NATIVE);
                if (path.length == 0 || path.length >= UNIX_PATH_BYTES) {
                    throw new BindException("a socket's path has 1 to " + (UNIX_PATH_BYTES - 1) + " bytes: pathBytes="
                            + path.length + ", path=" + unix);
                }
                MemorySegment.copy(path, 0, bytes, JAVA_BYTE, UNIX_PATH, path.length);
                yield new Encoded(bytes, UNIX_PATH + path.length + 1);
            }
            case InetSocketAddress inet -> {
                bytes.set(PORT, 2, (short) inet.getPort());
                byte[] host = inet.getAddress().getAddress();
                boolean ipv4 = inet.getAddress() instanceof Inet4Address;
                MemorySegment.copy(host, 0, bytes, JAVA_BYTE, ipv4 ? 4 : 8, host.length);
                if (inet.getAddress() instanceof Inet6Address scoped) {
                    bytes.set(JAVA_INT, 24, scoped.getScopeId());
                }
                yield new Encoded(bytes, ipv4 ? IPV4_BYTES : IPV6_BYTES);
            }
            default -> throw new AssertionError(address);
        };
    }

    /** The address with the port that the system chose. */
    private static SocketAddress bound(int descriptor, SocketAddress asked, Arena arena) throws IOException {
        if (!(asked instanceof InetSocketAddress inet)) {
            return asked;
        }
        MemorySegment errno = Libc.errnoBuffer(arena);
        MemorySegment name = arena.allocate(MAX_ADDRESS_BYTES, 8);
        MemorySegment length = arena.allocate(JAVA_INT);
        length.set(JAVA_INT, 0, MAX_ADDRESS_BYTES);
        ensure(OWN_NAME.call(errno, descriptor, name.address(), length.address()), "getsockname", asked, errno);
        return new InetSocketAddress(inet.getAddress(), Short.toUnsignedInt(name.get(PORT, 2)));
    }

    private static void allow(int descriptor, int level, int option, int value, Arena arena) throws IOException {
        MemorySegment errno = Libc.errnoBuffer(arena);
        MemorySegment given = arena.allocate(JAVA_INT);
        given.set(JAVA_INT, 0, value);
        if (SET_OPTION.call(errno, descriptor, level, option, given.address(), JAVA_INT.byteSize()) != 0) {
            throw new IOException(
                    "setsockopt: level=" + level + ", option=" + option + ", errno=" + Errno.nameOf(Libc.errno(errno)));
        }
    }

    private static void ensure(int result, String what, SocketAddress address, MemorySegment errno) throws IOException {
        if (result < 0) {
            String reason = "address=" + address + ", errno=" + Libc.errno(errno) + " ("
                    + Errno.nameOf(Libc.errno(errno)) + ")";
            throw what.equals("bind")
                    ? new BindException("cannot listen: " + reason)
                    : new IOException(what + ": " + reason);
        }
    }

    /**
     * Where it listens.
     *
     * @return the address, with the port that the system chose where that was left to it
     */
    public SocketAddress address() {
        return address;
    }

    /**
     * The socket, to be given to a process.
     *
     * @return the descriptor's number; valid until {@link #close}
     */
    public int descriptor() {
        return descriptor;
    }

    /**
     * Ends the listening for every process that has this socket: whoever waits in its queue is refused, and so is
     * whoever comes. The descriptor stays.
     */
    public void refuse() {
        int _ = SHUTDOWN.call(Libc.IGNORED, descriptor, SHUT_RDWR);
    }

    /** Closes this process's descriptor; others that were given the socket still have it. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(descriptor);
        }
    }
}
