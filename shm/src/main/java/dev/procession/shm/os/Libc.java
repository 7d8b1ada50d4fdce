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
        return LINKER.downcallHandle(addressOf(name), type, Linker.Option.captureCallState("errno"));
    }

    /**
     * Binds a function that cannot fail.
     *
     * @param name the function's name in the C library
     * @param type its C signature
     * @return the handle
     * @throws UnsupportedOperationException if this platform's C library has no such function
     */
    static MethodHandle bindPlain(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(addressOf(name), type);
    }

    /**
     * Binds a function with variable arguments that reports failure in errno.
     *
     * @param name the function's name in the C library
     * @param fixed how many of the arguments come before the variable ones
     * @param type its C signature as it will be called
     * @return the handle, which takes a leading {@link #errnoBuffer}
     * @throws UnsupportedOperationException if this platform's C library has no such function
     */
    static MethodHandle bindVariadic(String name, int fixed, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                addressOf(name), type, Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(fixed));
    }

    /**
     * Binds {@code syscall} for one system call whose callers have no use for errno: a failure is just -1.
     *
     * @param type its C signature as it will be called, the call's number first
     * @return the handle
     */
    static MethodHandle bindSystemCall(FunctionDescriptor type) {
        return LINKER.downcallHandle(addressOf("syscall"), type, Linker.Option.firstVariadicArg(1));
    }

    private static MemorySegment addressOf(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "no such function in the C library: name=" + name + ", os=" + System.getProperty("os.name")));
    }

    /** What a handle made here may throw besides what it is declared to: nothing, so this is a fault of ours. */
    static AssertionError unexpected(Throwable thrown) {
        return new AssertionError("a native call threw", thrown);
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
