package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** File descriptors that no Java object owns. */
final class Descriptors {
    private static final MethodHandle CLOSE = Libc.bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL =
            Libc.bindVariadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private Descriptors() {}

    /** Closes a descriptor; a failure is ignored, since on Linux the descriptor is gone even then. */
    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(Libc.errnoBuffer(arena), descriptor);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    /**
     * Asks the system about a descriptor, or tells it.
     *
     * @throws IOException if the system refuses
     */
    static int control(int descriptor, int command, int argument) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            int result = (int) FCNTL.invokeExact(errno, descriptor, command, argument);
            if (result < 0) {
                throw new IOException(
                        "fcntl failed: fd=" + descriptor + ", command=" + command + ", errno=" + Libc.errno(errno));
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
