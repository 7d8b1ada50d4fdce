package dev.procession.shm.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that several processes map: one without a name that lives in memory until the last process lets go of it, or
 * an ordinary one.
 *
 * <p>Memory beyond what {@link #allocate} has set aside must not be touched: where a memory file system is full the
 * kernel would answer with SIGBUS. Files are mapped by {@code mmap} rather than by {@code FileChannel.map}, because a
 * thread that is interrupted closes the channel it maps through.
 *
 * <p>Thread-safe. {@link #close} lets go of the descriptor; what is mapped stays mapped.
 */
public final class SharedFile implements AutoCloseable {
    private static final int CLOEXEC_AND_SEALING = 1 | 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int SEAL_SHRINK = 2;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    private static final int KEEP_SIZE_PUNCH_HOLE = 1 | 2;
    private static final int EINTR = 4;
    private static final int ENOMEM = 12;
    private static final int ENOSPC = 28;

    /** Bound on first use. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final MethodHandle MEMFD_CREATE = Libc.bind(
                "memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        static final MethodHandle OPEN = Libc.bindVariadic(
                "open", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        static final MethodHandle FCNTL = Libc.bindVariadic(
                "fcntl",
                2,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final MethodHandle CLOSE =
                Libc.bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final MethodHandle FTRUNCATE =
                Libc.bind("ftruncate", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, Libc.LONG));
        static final MethodHandle FALLOCATE = Libc.bind(
                "fallocate",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, Libc.LONG, Libc.LONG));
        static final MethodHandle MMAP = Libc.bind(
                "mmap",
                FunctionDescriptor.of(
                        Libc.LONG,
                        Libc.LONG,
                        Libc.LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        Libc.LONG));
        static final MethodHandle MUNMAP =
                Libc.bind("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, Libc.LONG, Libc.LONG));
        static final MethodHandle STRERROR =
                Libc.bind("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    private final int descriptor;
    private final String path;
    private boolean closed;

    private SharedFile(int descriptor, String path) {
        this.descriptor = descriptor;
        this.path = path;
    }

    /**
     * Makes a file without a name, in memory, that no program started from here inherits and nobody can shrink.
     *
     * @param label what /proc shows for it
     * @return the file, empty
     * @throws IOException if the kernel refuses
     * @throws UnsupportedOperationException if this platform has no such files
     */
    public static SharedFile inMemory(String label) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int descriptor =
                    (int) Calls.MEMFD_CREATE.invokeExact(errno, arena.allocateFrom(label), CLOEXEC_AND_SEALING);
            if (descriptor < 0) {
                throw failure("memfd_create", label, Libc.errno(errno));
            }
            int _ = (int) Calls.FCNTL.invokeExact(errno, descriptor, F_ADD_SEALS, SEAL_SHRINK);
            long pid = ProcessHandle.current().pid();
            return new SharedFile(descriptor, "/proc/" + pid + "/fd/" + descriptor);
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /**
     * Opens a file that exists, for reading and writing.
     *
     * @param path where it is
     * @return the file
     * @throws NoSuchFileException if there is none
     * @throws IOException if it cannot be opened
     */
    public static SharedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int descriptor =
                    (int) Calls.OPEN.invokeExact(errno, arena.allocateFrom(path.toString()), O_RDWR | O_CLOEXEC);
            if (descriptor < 0) {
                throw failure("open", path.toString(), Libc.errno(errno));
            }
            return new SharedFile(descriptor, path.toString());
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /**
     * Where other processes of this user can open the file.
     *
     * @return its path; for a file in memory one that leads through this process
     */
    public String path() {
        return path;
    }

    /**
     * How far the file reaches.
     *
     * @return its size in bytes
     * @throws IOException if that cannot be told
     */
    public long sizeBytes() throws IOException {
        return Files.size(self());
    }

    /**
     * The user who owns the file.
     *
     * @return the user's number
     * @throws IOException if that cannot be told
     */
    public int ownerUid() throws IOException {
        return (int) Files.getAttribute(self(), "unix:uid");
    }

    private Path self() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /**
     * Moves the end of the file, without setting memory aside.
     *
     * @param sizeBytes where to
     * @throws IOException if the kernel refuses
     */
    public void extend(long sizeBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            if ((int) Calls.FTRUNCATE.invokeExact(errno, descriptor, sizeBytes) != 0) {
                throw failure("ftruncate", path, Libc.errno(errno));
            }
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /**
     * Sets memory aside for a range, so that touching it cannot fail; what the range holds stays. The file grows if it
     * must.
     *
     * @param offsetBytes where the range begins
     * @param lengthBytes how long it is
     * @throws NoRoomException if there is not that much left; nothing was set aside then
     * @throws IOException if the kernel refuses for another reason
     */
    public void allocate(long offsetBytes, long lengthBytes) throws IOException {
        fallocate(0, offsetBytes, lengthBytes);
    }

    /**
     * Gives a range's memory back; it reads as zeros from now on.
     *
     * @param offsetBytes where the range begins
     * @param lengthBytes how long it is
     * @throws IOException if the kernel or the file system refuses
     */
    public void release(long offsetBytes, long lengthBytes) throws IOException {
        fallocate(KEEP_SIZE_PUNCH_HOLE, offsetBytes, lengthBytes);
    }

    private void fallocate(int mode, long offsetBytes, long lengthBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int result;
            do {
                result = (int) Calls.FALLOCATE.invokeExact(errno, descriptor, mode, offsetBytes, lengthBytes);
            } while (result != 0 && Libc.errno(errno) == EINTR);
            if (result == 0) {
                return;
            }
            int reason = Libc.errno(errno);
            if (reason == ENOSPC || reason == ENOMEM) {
                throw new NoRoomException(path, lengthBytes);
            }
            throw failure("fallocate", path, reason);
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    /**
     * Maps a range, shared with every process that maps it.
     *
     * @param offsetBytes where the range begins, a multiple of the page size
     * @param lengthBytes how long it is
     * @param arena closing it unmaps the range
     * @return the memory
     * @throws IOException if the kernel refuses
     */
    @SuppressWarnings("restricted")
    public MemorySegment map(long offsetBytes, long lengthBytes, Arena arena) throws IOException {
        long address;
        try (Arena local = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(local);
            address = (long) Calls.MMAP.invokeExact(
                    errno, 0L, lengthBytes, PROT_READ_WRITE, MAP_SHARED, descriptor, offsetBytes);
            if (address == -1) {
                throw failure("mmap", path, Libc.errno(errno));
            }
        } catch (IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, SharedFile::unmap);
    }

    private static void unmap(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Calls.MUNMAP.invokeExact(Libc.errnoBuffer(arena), memory.address(), memory.byteSize());
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Calls.CLOSE.invokeExact(Libc.errnoBuffer(arena), descriptor);
        } catch (Throwable thrown) {
            throw Libc.unexpected(thrown);
        }
    }

    @Override
    public String toString() {
        return "SharedFile[path=" + path + "]";
    }

    @SuppressWarnings("restricted")
    private static IOException failure(String call, String path, int errno) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = (MemorySegment) Calls.STRERROR.invokeExact(Libc.errnoBuffer(arena), errno);
            return new IOException(
                    call + " failed: " + text.reinterpret(256).getString(0) + ": errno=" + errno + ", file=" + path);
        }
    }

    /** There is not as much memory, or room in the file system, as was asked for. */
    public static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1;

        NoRoomException(String path, long lengthBytes) {
            super("no room: lengthBytes=" + lengthBytes + ", file=" + path);
        }
    }
}
