package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
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

    private static final FunctionDescriptor OF_POINTER = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final MethodHandle SPAWN = Libc.bind(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ACTIONS_INIT = Libc.bind("posix_spawn_file_actions_init", OF_POINTER);
    private static final MethodHandle ACTIONS_DESTROY = Libc.bind("posix_spawn_file_actions_destroy", OF_POINTER);
    private static final MethodHandle ADD_DUP2 =
            Libc.bind("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ADD_OPEN = Libc.bind(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle ADD_CLOSE_FROM =
            Libc.bind("posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle ADD_CHDIR =
            Libc.bind("posix_spawn_file_actions_addchdir_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle ATTRIBUTES_INIT = Libc.bind("posix_spawnattr_init", OF_POINTER);
    private static final MethodHandle ATTRIBUTES_DESTROY = Libc.bind("posix_spawnattr_destroy", OF_POINTER);
    private static final MethodHandle SET_FLAGS =
            Libc.bind("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle SET_GROUP =
            Libc.bind("posix_spawnattr_setpgroup", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SET_MASK =
            Libc.bind("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SIGACTION =
            Libc.bind("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle WAITID =
            Libc.bind("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

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
            MemorySegment errno = Libc.errnoBuffer(arena);
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            int _ = (int) SIGACTION.invokeExact(errno, SIGCHLD, MemorySegment.NULL, action);
            if (action.get(JAVA_LONG, 0) == SIG_IGN) {
                action.fill((byte) 0);
                int _ = (int) SIGACTION.invokeExact(errno, SIGCHLD, action, MemorySegment.NULL);
            }
        } catch (Throwable e) {
            throw Libc.unexpected(e);
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
            MemorySegment errno = Libc.errnoBuffer(arena);
            MemorySegment actions = arena.allocate(ACTIONS_BYTES, 16);
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, 16);
            ensure("actions_init", (int) ACTIONS_INIT.invokeExact(errno, actions));
            ensure("attributes_init", (int) ATTRIBUTES_INIT.invokeExact(errno, attributes));
            try {
                describeFiles(order, copies, actions, arena, errno);
                ensure("setflags", (int) SET_FLAGS.invokeExact(errno, attributes, (short) (SETPGROUP | SETSIGMASK)));
                ensure("setpgroup", (int) SET_GROUP.invokeExact(errno, attributes, 0));
                ensure("setsigmask", (int)
                        SET_MASK.invokeExact(errno, attributes, arena.allocate(SIGNAL_SET_BYTES, 8)));
                MemorySegment pid = arena.allocate(JAVA_INT);
                MemorySegment arguments = vector(
                        order.command().stream()
                                .map(text -> text.getBytes(NATIVE))
                                .toList(),
                        arena);
                int failure = (int) SPAWN.invokeExact(
                        errno,
                        pid,
                        text(order.command().getFirst(), arena),
                        actions,
                        attributes,
                        arguments,
                        vector(order.environment(), arena));
                ensure("cannot start " + order.command().getFirst(), failure);
                return pid.get(JAVA_INT, 0);
            } finally {
                int _ = (int) ACTIONS_DESTROY.invokeExact(errno, actions);
                int _ = (int) ATTRIBUTES_DESTROY.invokeExact(errno, attributes);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    private static void describeFiles(
            Order order, Copies copies, MemorySegment actions, Arena arena, MemorySegment errno) throws Throwable {
        List<Integer> given = order.descriptors();
        for (int target = 0; target < given.size(); target++) {
            if (given.get(target) == NOTHING) {
                int readWrite = 2;
                ensure("addopen", (int)
                        ADD_OPEN.invokeExact(errno, actions, target, text("/dev/null", arena), readWrite, 0));
            } else {
                int source = copies.above(given.size(), given.get(target));
                ensure("adddup2", (int) ADD_DUP2.invokeExact(errno, actions, source, target));
            }
        }
        ensure("addclosefrom", (int) ADD_CLOSE_FROM.invokeExact(errno, actions, given.size()));
        if (order.workingDirectory() != null) {
            ensure("addchdir", (int) ADD_CHDIR.invokeExact(errno, actions, text(order.workingDirectory(), arena)));
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
            while ((int) WAITID.invokeExact(errno, P_PID, Math.toIntExact(pid), info, options) != 0) {
                if (Libc.errno(errno) != EINTR) {
                    throw new IllegalStateException(
                            "cannot wait for a process: pid=" + pid + ", errno=" + Errno.nameOf(Libc.errno(errno)));
                }
            }
            return new Ending(info.get(JAVA_INT, SI_STATUS), info.get(JAVA_INT, SI_CODE) != CLD_EXITED);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
