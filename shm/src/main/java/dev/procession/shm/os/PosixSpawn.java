package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes processes, and hears how they ended.
 *
 * <p>What {@link ProcessBuilder} cannot do: a process group of its own from the first instruction, descriptors beyond the
 * three standard ones, and an exit status that tells a signal from an exit code.
 *
 * <p>Source: {@code posix_spawn(3)}, {@code waitid(2)}; sizes and constants of the GNU C library, 64 bit.
 */
public final class PosixSpawn {
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGMASK = 0x08;
    private static final int ACTIONS_BYTES = 128; // 80 in glibc 2.36
    private static final int ATTRIBUTES_BYTES = 512; // 336 in glibc 2.36
    private static final int SIGNAL_SET_BYTES = 128;
    private static final int SIGACTION_BYTES = 256; // 152 in glibc 2.36; the handler comes first
    private static final int SIGCHLD = 17;
    private static final long SIG_IGN = 1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int EINTR = 4;
    private static final int P_PID = 1;
    private static final int WEXITED = 0x4;
    private static final int WNOWAIT = 0x01000000;
    private static final int CLD_EXITED = 1;
    private static final int SIGINFO_BYTES = 128;
    private static final long SI_CODE = 8;
    private static final long SI_STATUS = 24;

    private static final Libc.Function SPAWN = Libc.function("posix_spawn");
    private static final Libc.Function ACTIONS_INIT = Libc.function("posix_spawn_file_actions_init");
    private static final Libc.Function ACTIONS_DESTROY = Libc.function("posix_spawn_file_actions_destroy");
    private static final Libc.Function ADD_DUP2 = Libc.function("posix_spawn_file_actions_adddup2");
    private static final Libc.Function ADD_OPEN = Libc.function("posix_spawn_file_actions_addopen");
    private static final Libc.Function ADD_CLOSE_FROM = Libc.function("posix_spawn_file_actions_addclosefrom_np");
    private static final Libc.Function ADD_CHDIR = Libc.function("posix_spawn_file_actions_addchdir_np");
    private static final Libc.Function ATTRIBUTES_INIT = Libc.function("posix_spawnattr_init");
    private static final Libc.Function ATTRIBUTES_DESTROY = Libc.function("posix_spawnattr_destroy");
    private static final Libc.Function SET_FLAGS = Libc.function("posix_spawnattr_setflags");
    private static final Libc.Function SET_GROUP = Libc.function("posix_spawnattr_setpgroup");
    private static final Libc.Function SET_MASK = Libc.function("posix_spawnattr_setsigmask");
    private static final Libc.Function SIGACTION = Libc.function("sigaction");
    private static final Libc.Function WAITID = Libc.function("waitid");

    /** The character set in which the JDK itself hands strings to the system. */
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    static {
        keepEndedChildren();
    }

    private PosixSpawn() {}

    /**
     * Where this process has inherited that SIGCHLD is ignored, ended children would vanish before anybody could ask how
     * they ended. The JDK does the same before its first {@link Process}.
     */
    private static void keepEndedChildren() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            int _ = SIGACTION.call(Libc.IGNORED, SIGCHLD, 0, action.address());
            if (action.get(JAVA_LONG, 0) == SIG_IGN) {
                action.fill((byte) 0);
                int _ = SIGACTION.call(Libc.IGNORED, SIGCHLD, action.address(), 0);
            }
        }
    }

    /**
     * Asks whether this system can do all this.
     *
     * @throws UnsupportedOperationException if it is another system
     * @throws LinkageError if its C library lacks a function
     */
    public static void ensureSupported() {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new UnsupportedOperationException("Linux only: os=" + System.getProperty("os.name"));
        }
    }

    /**
     * What to start.
     *
     * @param command the program's path, and its arguments
     * @param environment all of its environment, each {@code NAME=value} in the bytes the system uses
     * @param workingDirectory its working directory, or null for this process's own
     * @param descriptors what it gets: the n-th of them as its descriptor n; {@link #NOTHING} for an empty one. All
     *     others are closed in it
     */
    public record Order(
            List<String> command,
            List<byte[]> environment,
            @Nullable String workingDirectory,
            List<Integer> descriptors) {}

    /** Stands for {@code /dev/null} among the descriptors. */
    public static final int NOTHING = -1;

    /**
     * Makes a process that leads a group of its own and has no signal blocked.
     *
     * @param order what to start
     * @return its pid, which is its group's number too; the caller must {@linkplain #collect collect} it in the end
     * @throws IOException if the system refuses, for instance because there is no such program
     */
    public static long start(Order order) throws IOException {
        try (Arena arena = Arena.ofConfined();
                Copies copies = new Copies()) {
            long actions = arena.allocate(ACTIONS_BYTES, 16).address();
            long attributes = arena.allocate(ATTRIBUTES_BYTES, 16).address();
            ensure("actions_init", ACTIONS_INIT.call(Libc.IGNORED, actions));
            ensure("attributes_init", ATTRIBUTES_INIT.call(Libc.IGNORED, attributes));
            try {
                describeFiles(order, copies, actions, arena);
                ensure("setflags", SET_FLAGS.call(Libc.IGNORED, attributes, SETPGROUP | SETSIGMASK));
                ensure("setpgroup", SET_GROUP.call(Libc.IGNORED, attributes, 0));
                long noSignals = arena.allocate(SIGNAL_SET_BYTES, 8).address();
                ensure("setsigmask", SET_MASK.call(Libc.IGNORED, attributes, noSignals));
                MemorySegment pid = arena.allocate(JAVA_INT);
                MemorySegment arguments = vector(
                        order.command().stream()
                                .map(text -> text.getBytes(NATIVE))
                                .toList(),
                        arena);
                int failure = SPAWN.call(
                        Libc.IGNORED,
                        pid.address(),
                        text(order.command().getFirst(), arena).address(),
                        actions,
                        attributes,
                        arguments.address(),
                        vector(order.environment(), arena).address());
                ensure("cannot start " + order.command().getFirst(), failure);
                return pid.get(JAVA_INT, 0);
            } finally {
                int _ = ACTIONS_DESTROY.call(Libc.IGNORED, actions);
                int _ = ATTRIBUTES_DESTROY.call(Libc.IGNORED, attributes);
            }
        }
    }

    private static void describeFiles(Order order, Copies copies, long actions, Arena arena) throws IOException {
        List<Integer> given = order.descriptors();
        for (int target = 0; target < given.size(); target++) {
            if (given.get(target) == NOTHING) {
                int readWrite = 2;
                long nothing = text("/dev/null", arena).address();
                ensure("addopen", ADD_OPEN.call(Libc.IGNORED, actions, target, nothing, readWrite, 0));
            } else {
                int source = copies.above(given.size(), given.get(target));
                ensure("adddup2", ADD_DUP2.call(Libc.IGNORED, actions, source, target));
            }
        }
        ensure("addclosefrom", ADD_CLOSE_FROM.call(Libc.IGNORED, actions, given.size()));
        if (order.workingDirectory() != null) {
            long folder = text(order.workingDirectory(), arena).address();
            ensure("addchdir", ADD_CHDIR.call(Libc.IGNORED, actions, folder));
        }
    }

    /** These functions return their error rather than set errno. */
    private static void ensure(String what, int failure) throws IOException {
        if (failure != 0) {
            throw new IOException(what + ": errno=" + failure + " (" + Errno.nameOf(failure) + ")");
        }
    }

    private static MemorySegment text(String text, Arena arena) throws IOException {
        return text(text.getBytes(NATIVE), arena);
    }

    private static MemorySegment text(byte[] bytes, Arena arena) throws IOException {
        MemorySegment copy = arena.allocate(bytes.length + 1L);
        for (byte each : bytes) {
            if (each == 0) {
                throw new IOException("a zero byte within an argument or a variable");
            }
        }
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    private static MemorySegment vector(List<byte[]> texts, Arena arena) throws IOException {
        MemorySegment vector = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            vector.setAtIndex(ADDRESS, i, text(texts.get(i), arena));
        }
        return vector;
    }

    /** Copies of descriptors beyond all targets, so that no source is overwritten before its turn. */
    private static final class Copies implements AutoCloseable {
        private final List<Integer> copies = new ArrayList<>();

        int above(int lowest, int descriptor) throws IOException {
            int copy = Descriptors.control(descriptor, F_DUPFD_CLOEXEC, lowest);
            copies.add(copy);
            return copy;
        }

        @Override
        public void close() {
            copies.forEach(Descriptors::close);
        }
    }

    /**
     * How a process ended.
     *
     * @param code its exit code, or the number of the signal
     * @param bySignal whether a signal ended it
     */
    public record Ending(int code, boolean bySignal) {}

    /**
     * Waits until a child process has ended, and leaves it uncollected: nobody can get its pid before {@link #collect}.
     * Not interruptible.
     *
     * @param pid a process that {@link #start} made and that was not collected
     * @return how it ended
     */
    public static Ending await(long pid) {
        return await(pid, WEXITED | WNOWAIT);
    }

    /**
     * Lets go of a child process that has ended; its pid may be given to another from now on.
     *
     * @param pid a process for which {@link #await} has returned
     */
    public static void collect(long pid) {
        await(pid, WEXITED);
    }

    private static Ending await(long pid, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            MemorySegment info = arena.allocate(SIGINFO_BYTES, 8);
            while (WAITID.call(errno, P_PID, pid, info.address(), options) != 0) {
                if (Libc.errno(errno) != EINTR) {
                    throw new IllegalStateException(
                            "cannot wait for a process: pid=" + pid + ", errno=" + Errno.nameOf(Libc.errno(errno)));
                }
            }
            return new Ending(info.get(JAVA_INT, SI_STATUS), info.get(JAVA_INT, SI_CODE) != CLD_EXITED);
        }
    }
}
