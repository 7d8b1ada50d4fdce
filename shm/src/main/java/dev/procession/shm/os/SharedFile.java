package dev.procession.shm.os;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int TMPFILE_WITHOUT_DIRECTORY = 0x400000;
    private static final int OWNER_READS_AND_WRITES = 0600;
    private static final int LOCK_NOW = 4;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BLOCKS = 0x400;
    private static final long STATX_BYTES = 256;
    private static final long STATX_BLOCKS_AT = 48;
    private static final long STATX_BLOCK_BYTES = 512;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    private static final int KEEP_SIZE_PUNCH_HOLE = 1 | 2;
    private static final int EINTR = 4;
    private static final int EWOULDBLOCK = 11;
    private static final int ENOMEM = 12;
    private static final int EEXIST = 17;
    private static final int EISDIR = 21;
    private static final int ENOSPC = 28;
    private static final int ELOOP = 40;
    private static final int EOPNOTSUPP = 95;

    /** How a file is held, which the kernel ends with the process. Advisory: it binds those who ask. */
    public enum Hold {
        /** By any number at once. */
        SHARED(1),
        /** By nobody else. */
        EXCLUSIVE(2);

        private final int operation;

        Hold(int operation) {
            this.operation = operation;
        }
    }

    /** Bound on first use. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final Libc.Function MEMFD_CREATE = Libc.function("memfd_create");
        static final Libc.Function OPEN = Libc.function("open");
        static final Libc.Function FLOCK = Libc.function("flock");
        static final Libc.Function STATX = Libc.function("statx");
        static final Libc.Function LINKAT = Libc.function("linkat");
        static final Libc.Function FCNTL = Libc.function("fcntl");
        static final Libc.Function CLOSE = Libc.function("close");
        static final Libc.Function FTRUNCATE = Libc.function("ftruncate");
        static final Libc.Function FALLOCATE = Libc.function("fallocate");
        static final Libc.Function MMAP = Libc.function("mmap");
        static final Libc.Function MUNMAP = Libc.function("munmap");
        static final Libc.Function STRERROR = Libc.function("strerror");
    }

    private final int descriptor;
    private final String path;

    /** The name the file has while it is being made, where the file system has no files without one. */
    private final @Nullable Path temporary;

    private boolean closed;

    private SharedFile(int descriptor, String path) {
        this(descriptor, path, null);
    }

    private SharedFile(int descriptor, String path, @Nullable Path temporary) {
        this.descriptor = descriptor;
        this.path = path;
        this.temporary = temporary;
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
                    Calls.MEMFD_CREATE.call(errno, arena.allocateFrom(label).address(), CLOEXEC_AND_SEALING);
            if (descriptor < 0) {
                throw failure("memfd_create", label, Libc.errno(errno));
            }
            int _ = Calls.FCNTL.call(errno, descriptor, F_ADD_SEALS, SEAL_SHRINK);
            long pid = ProcessHandle.current().pid();
            return new SharedFile(descriptor, "/proc/" + pid + "/fd/" + descriptor);
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
                    Calls.OPEN.call(errno, arena.allocateFrom(path.toString()).address(), O_RDWR | O_CLOEXEC);
            if (descriptor < 0) {
                throw failure("open", path.toString(), Libc.errno(errno));
            }
            return new SharedFile(descriptor, path.toString());
        }
    }

    /**
     * Opens a file that only this user can have put there and can read.
     *
     * @param path where it is; not a symbolic link
     * @return the file
     * @throws NoSuchFileException if there is none
     * @throws RefusedException if it is something else
     * @throws IOException if it cannot be opened
     */
    public static SharedFile openPrivate(Path path) throws IOException {
        int descriptor = openOrMinus(path, O_RDWR | O_NONBLOCK | Architecture.noFollow(), 0);
        if (descriptor == -ELOOP) {
            throw new RefusedException("a symbolic link, which is not followed: file=" + path);
        }
        if (descriptor < 0) {
            throw openFailure(path, -descriptor);
        }
        SharedFile file = new SharedFile(descriptor, path.toString());
        try {
            PrivateFolder.ensurePrivate(file.self(), path, PrivateFolder.Expected.REGULAR_FILE);
            return file;
        } catch (IOException | RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    /**
     * Opens, to {@linkplain #read read} only, a file that another process of this user has open.
     *
     * @param descriptor the link in /proc that stands for the other's descriptor
     * @return the file
     * @throws NoSuchFileException if the other has closed it
     * @throws RefusedException if it is another user's, or no ordinary file
     * @throws IOException if it cannot be opened
     */
    public static SharedFile openThrough(Path descriptor) throws IOException {
        int own = openOrMinus(descriptor, O_NONBLOCK, 0);
        if (own < 0) {
            throw openFailure(descriptor, -own);
        }
        SharedFile file = new SharedFile(own, descriptor.toString());
        try {
            PrivateFolder.ensureOwn(file.self(), descriptor, PrivateFolder.Expected.REGULAR_FILE);
            return file;
        } catch (IOException | RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    /**
     * Makes a file for this user alone that has no name yet: if this process ends before {@link #publish}, nothing is
     * left of it. Where the file system has no such files, it gets the temporary name meanwhile, and is held {@link
     * Hold#SHARED} as long as it has it, so that a leftover can be told: nobody holds that.
     *
     * @param path the name it will have
     * @param temporary the name to fall back to, in the same folder
     * @return the file, empty
     * @throws IOException if it cannot be made
     */
    public static SharedFile unnamed(Path path, Path temporary) throws IOException {
        Path folder = path.resolveSibling("");
        int descriptor = openOrMinus(
                folder, O_RDWR | TMPFILE_WITHOUT_DIRECTORY | Architecture.directory(), OWNER_READS_AND_WRITES);
        if (descriptor == -EISDIR || descriptor == -EOPNOTSUPP) {
            return named(path, temporary);
        }
        if (descriptor < 0) {
            throw openFailure(folder, -descriptor);
        }
        return new SharedFile(descriptor, path.toString());
    }

    /**
     * Makes a file for this user alone that never has a name: it ends with the last process that has it open, like one
     * {@linkplain #inMemory in memory}, but its memory is that of a folder's file system.
     *
     * @param folder where its memory is
     * @param temporary a name in that folder for the moment of its making, where the file system has no such files
     * @return the file, empty; its path leads through this process
     * @throws IOException if it cannot be made
     */
    public static SharedFile anonymousIn(Path folder, Path temporary) throws IOException {
        SharedFile file = unnamed(folder.resolve("anonymous"), temporary);
        file.forgetTemporaryName();
        return new SharedFile(
                file.descriptor, "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.descriptor);
    }

    /** What {@link #unnamed} falls back to. */
    static SharedFile named(Path path, Path temporary) throws IOException {
        int descriptor = openOrMinus(temporary, O_RDWR | O_CREAT | O_EXCL, OWNER_READS_AND_WRITES);
        if (descriptor < 0) {
            throw openFailure(temporary, -descriptor);
        }
        SharedFile file = new SharedFile(descriptor, path.toString(), temporary);
        boolean _ = file.tryHold(Hold.SHARED);
        return file;
    }

    /** The descriptor, or the error's number below zero. */
    private static int openOrMinus(Path path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int descriptor =
                    Calls.OPEN.call(errno, arena.allocateFrom(path.toString()).address(), flags | O_CLOEXEC, mode);
            return descriptor >= 0 ? descriptor : -Libc.errno(errno);
        }
    }

    private static IOException openFailure(Path path, int errno) {
        if (errno == ENOSPC || errno == ENOMEM) {
            return new NoRoomException(path.toString(), 0);
        }
        if (errno == 2) {
            return new NoSuchFileException(path.toString());
        }
        return failure("open", path.toString(), errno);
    }

    /**
     * Gives an {@linkplain #unnamed unnamed} file its name: it is there whole, or not at all.
     *
     * @return false if there is a file of that name already
     * @throws IOException if the file system refuses
     */
    public boolean publish() throws IOException {
        String from = temporary == null ? self().toString() : temporary.toString();
        int reason;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int result = Calls.LINKAT.call(
                    errno,
                    AT_FDCWD,
                    arena.allocateFrom(from).address(),
                    AT_FDCWD,
                    arena.allocateFrom(path).address(),
                    temporary == null ? AT_SYMLINK_FOLLOW : 0);
            reason = result == 0 ? 0 : Libc.errno(errno);
            if (reason != 0 && reason != EEXIST) {
                throw failure("linkat", path, reason);
            }
        }
        forgetTemporaryName();
        return reason == 0;
    }

    private void forgetTemporaryName() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Holds the file, or holds it otherwise than before, if nobody else holds it in a way that is against that. Never
     * waits. A hold ends with {@link #close}, or with the process; changing one gives up the old before it asks for the
     * new.
     *
     * @param how in which way
     * @return whether it is held so now
     * @throws IOException if the file system keeps no holds
     */
    public boolean tryHold(Hold how) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            if (Calls.FLOCK.call(errno, descriptor, how.operation | LOCK_NOW) == 0) {
                return true;
            }
            if (Libc.errno(errno) != EWOULDBLOCK) {
                throw failure("flock", path, Libc.errno(errno));
            }
            return false;
        }
    }

    /**
     * Whether the file has no name any more: somebody removed it.
     *
     * @return true if whoever looks for its name does not find this file
     * @throws IOException if that cannot be told
     */
    public boolean isUnlinked() throws IOException {
        return (int) Files.getAttribute(self(), "unix:nlink") == 0;
    }

    /**
     * Reads without mapping: safe also where no memory is set aside, or the file is shorter than it ought to be.
     *
     * @param offsetBytes where to begin
     * @param target gets what is there, to its end or the file's
     * @return how many bytes were read
     * @throws IOException if it cannot be read
     */
    public int read(long offsetBytes, byte[] target) throws IOException {
        // Not a channel: a thread that is interrupted closes the channel it reads from.
        try (RandomAccessFile view = new RandomAccessFile(self().toString(), "r")) {
            view.seek(offsetBytes);
            int count = 0;
            while (count < target.length) {
                int more = view.read(target, count, target.length - count);
                if (more < 0) {
                    break;
                }
                count += more;
            }
            return count;
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
     * How much memory, or room in the file system, the file takes: what was set aside, and not given back.
     *
     * @return the memory in bytes
     * @throws IOException if that cannot be told
     */
    public long memoryBytes() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            MemorySegment found = arena.allocate(STATX_BYTES, Long.BYTES);
            int result = Calls.STATX.call(
                    errno, descriptor, arena.allocateFrom("").address(), AT_EMPTY_PATH, STATX_BLOCKS, found.address());
            if (result != 0) {
                throw failure("statx", path, Libc.errno(errno));
            }
            return found.get(ValueLayout.JAVA_LONG, STATX_BLOCKS_AT) * STATX_BLOCK_BYTES;
        }
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
            if (Calls.FTRUNCATE.call(errno, descriptor, sizeBytes) != 0) {
                throw failure("ftruncate", path, Libc.errno(errno));
            }
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
                result = Calls.FALLOCATE.call(errno, descriptor, mode, offsetBytes, lengthBytes);
            } while (result != 0 && Libc.errno(errno) == EINTR);
            if (result == 0) {
                return;
            }
            int reason = Libc.errno(errno);
            if (reason == ENOSPC || reason == ENOMEM) {
                throw new NoRoomException(path, lengthBytes);
            }
            throw failure("fallocate", path, reason);
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
            address =
                    Calls.MMAP.callLong(errno, 0, lengthBytes, PROT_READ_WRITE, MAP_SHARED, descriptor, offsetBytes, 0);
            if (address == -1) {
                throw failure("mmap", path, Libc.errno(errno));
            }
        }
        return MemorySegment.ofAddress(address).reinterpret(lengthBytes, arena, SharedFile::unmap);
    }

    private static void unmap(MemorySegment memory) {
        int _ = Calls.MUNMAP.call(Libc.IGNORED, memory.address(), memory.byteSize());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException stays) {
                // nobody will hold it, so it is swept
            }
        }
        int _ = Calls.CLOSE.call(Libc.IGNORED, descriptor);
    }

    @Override
    public String toString() {
        return "SharedFile[path=" + path + "]";
    }

    @SuppressWarnings("restricted")
    private static IOException failure(String call, String path, int errno) {
        long text = Calls.STRERROR.callLong(Libc.IGNORED, errno, 0, 0, 0, 0, 0, 0);
        return new IOException(call + " failed: "
                + MemorySegment.ofAddress(text).reinterpret(256).getString(0) + ": errno=" + errno + ", file=" + path);
    }

    /** What is there is not what only this user can have made. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
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
