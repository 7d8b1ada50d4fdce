package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** File descriptors that no Java object owns. */
final class Descriptors {
    private static final MethodHandle CLOSE = Libc.bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Descriptors() {}

    /** Closes a descriptor; a failure is ignored, since on Linux the descriptor is gone even then. */
    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(Libc.errnoBuffer(arena), descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
