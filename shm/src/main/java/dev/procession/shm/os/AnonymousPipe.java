package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A pipe of which one end stays here and the other is given to a process to be started.
 *
 * <p>Why not the pipes of {@link ProcessBuilder}: when a process ends, the JDK drains and closes its pipe from a thread
 * of its own, beside the reader, so that lines can change places or get lost at the moment of death. Here one reader
 * reads to the end of file, which comes when the last writer has closed its end.
 *
 * <p>Neither end passes to a process that this one starts, unless given to it. {@link #close} closes both descriptors;
 * the streams opened on them have descriptors of their own. Not thread-safe.
 *
 * <p>Source: {@code pipe2(2)}; {@code /dev/fd} as a door to one's own descriptors, {@code proc(5)}.
 */
public final class AnonymousPipe implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;
    private static final Libc.Function PIPE2 = Libc.function("pipe2");

    private final int readDescriptor;
    private final int writeDescriptor;
    private boolean closed;

    private AnonymousPipe(int readDescriptor, int writeDescriptor) {
        this.readDescriptor = readDescriptor;
        this.writeDescriptor = writeDescriptor;
    }

    /**
     * Makes a pipe.
     *
     * @return the pipe
     * @throws IOException if the system refuses, for instance because too many files are open
     */
    public static AnonymousPipe open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment errno = Libc.errnoBuffer(arena);
            if (PIPE2.call(errno, ends.address(), O_CLOEXEC) != 0) {
                throw new IOException("cannot make a pipe: errno=" + Libc.errno(errno));
            }
            return new AnonymousPipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }

    /**
     * A stream on the reading end.
     *
     * @return the stream; its end of file comes when every writer has closed, this object's descriptor included
     * @throws IOException if it cannot be opened
     */
    public FileInputStream reader() throws IOException {
        return new FileInputStream(path(readDescriptor).toFile());
    }

    /**
     * A stream on the writing end.
     *
     * @return the stream; a write fails once every reader has closed, this object's descriptor included
     * @throws IOException if it cannot be opened
     */
    public FileOutputStream writer() throws IOException {
        return new FileOutputStream(path(writeDescriptor).toFile());
    }

    /**
     * The writing end as a file that this process can open until {@link #close}.
     *
     * @return its path
     */
    public Path writerPath() {
        return path(writeDescriptor);
    }

    /**
     * The reading end, to be given to a process.
     *
     * @return the descriptor's number; valid until {@link #close}
     */
    public int readDescriptor() {
        return readDescriptor;
    }

    /**
     * The writing end, to be given to a process.
     *
     * @return the descriptor's number; valid until {@link #close}
     */
    public int writeDescriptor() {
        return writeDescriptor;
    }

    private static Path path(int descriptor) {
        return Path.of("/dev/fd", Integer.toString(descriptor));
    }

    /** Closes this object's two descriptors; what was opened through them stays open. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(readDescriptor);
            Descriptors.close(writeDescriptor);
        }
    }
}
