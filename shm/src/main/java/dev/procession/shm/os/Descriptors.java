package dev.procession.shm.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** File descriptors that no Java object owns. */
final class Descriptors {
    private static final Libc.Function CLOSE = Libc.function("close");
    private static final Libc.Function FCNTL = Libc.function("fcntl");

    private Descriptors() {}

    /** Closes a descriptor; a failure is ignored, since on Linux the descriptor is gone even then. */
    static void close(int descriptor) {
        int _ = CLOSE.call(Libc.IGNORED, descriptor);
    }

    /**
     * Asks the system about a descriptor, or tells it.
     *
     * @throws IOException if the system refuses
     */
    static int control(int descriptor, int command, int argument) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int result = FCNTL.call(errno, descriptor, command, argument);
            if (result < 0) {
                throw new IOException(
                        "fcntl failed: fd=" + descriptor + ", command=" + command + ", errno=" + Libc.errno(errno));
            }
            return result;
        }
    }
}
