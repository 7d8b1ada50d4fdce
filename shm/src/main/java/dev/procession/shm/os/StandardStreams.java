package dev.procession.shm.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keeps the standard output and error of this process where they are.
 *
 * <p>Closing the channel of {@link System#inheritedChannel} sends all three standard streams to {@code /dev/null}: what
 * the JDK means for a service that gets one connection as its standard streams. A process that got a listening socket
 * alone would be silent from then on.
 *
 * <p>Source: {@code dup2(2)}; {@code sun.nio.ch.InheritedChannel.detachIOStreams} of the JDK.
 */
public final class StandardStreams {
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FIRST_FREE = 3;
    private static final Libc.Function DUP2 = Libc.function("dup2");

    private StandardStreams() {}

    /** Something that may redirect them. */
    public interface Redirecting {
        /**
         * Does it.
         *
         * @throws IOException if it fails
         */
        void run() throws IOException;
    }

    /**
     * Does something, and then has both streams go where they went before. What is written meanwhile may be lost.
     *
     * @param action what may redirect them
     * @throws IOException what it throws, or if the system refuses
     */
    public static synchronized void keepDuring(Redirecting action) throws IOException {
        int output = Descriptors.control(OUTPUT, F_DUPFD_CLOEXEC, FIRST_FREE);
        int error = Descriptors.control(ERROR, F_DUPFD_CLOEXEC, FIRST_FREE);
        try {
            action.run();
        } finally {
            putBack(output, OUTPUT);
            putBack(error, ERROR);
        }
    }

    private static void putBack(int copy, int stream) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            if (DUP2.call(errno, copy, stream) < 0) {
                throw new IOException("dup2: fd=" + stream + ", errno=" + Errno.nameOf(Libc.errno(errno)));
            }
        } finally {
            Descriptors.close(copy);
        }
    }
}
