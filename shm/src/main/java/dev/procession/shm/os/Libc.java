package dev.procession.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The one door to the C library.
 *
 * <p>Each class of this package binds the few functions it needs through {@link #bind} and says what they mean; nothing
 * outside the package makes a native call. No function bound here is {@linkplain Linker.Option#critical critical}: such
 * a call holds up garbage collection for as long as it lasts.
 */
@SuppressWarnings("restricted") // the only class that links native functions
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Libc() {}

    /**
     * Binds a function that reports failure in errno; its handle takes a leading {@link #errnoBuffer}.
     *
     * @param name the function's name in the C library
     * @param type its C signature
     * @return the handle
     * @throws UnsupportedOperationException if this platform's C library has no such function
     */
    static MethodHandle bind(String name, FunctionDescriptor type) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "no such function in the C library: name=" + name + ", os=" + System.getProperty("os.name")));
        return LINKER.downcallHandle(address, type, Linker.Option.captureCallState("errno"));
    }

    /** A fresh place for errno, to be read by {@link #errno} after the call. */
    static MemorySegment errnoBuffer(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment buffer) {
        return (int) ERRNO.get(buffer, 0L);
    }

    /** {@code long} as the C library of every supported platform has it. */
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
}
