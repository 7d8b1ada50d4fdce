package dev.procession.shm.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the C library.
 *
 * <p>Each class of this package looks the few functions up that it needs and says what they mean; nothing outside the
 * package makes a native call. No call is {@linkplain Linker.Option#critical critical}: such a call holds up garbage
 * collection for as long as it lasts.
 *
 * <p><b>All calls have one shape,</b> {@code long f(long, long, long, long, long, long, long)}, because each shape that
 * the JDK links costs a starting JVM five to fifteen milliseconds, and a child that uses shared memory would link
 * seventeen. On the supported platforms (x86-64 and aarch64 with Linux's calling convention) that is what any function
 * of up to six numbers and pointers expects: they come in registers, the upper half of an {@code int} is not looked at,
 * and registers that the function has no parameter for are not either. Results narrower than {@code long} have an
 * undefined upper half, hence {@link Function#call}. The seventh is for {@code syscall}.
 */
@SuppressWarnings("restricted") // the only class that links native functions
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    /** On Linux it holds errno alone. */
    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    /** Declared variadic, which tells a function that looks at it that no argument is in a vector register. */
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1));

    /** For calls of whose errno nobody has a use. Written by many threads at once, read by none. */
    static final MemorySegment IGNORED = Arena.global().allocate(STATE);

    private Libc() {}

    /**
     * Looks a function up.
     *
     * @param name its name in the C library
     * @return the function, which takes integers and addresses only
     * @throws UnsupportedOperationException if this platform's C library has no such function
     */
    static Function function(String name) {
        return new Function(LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "no such function in the C library: name=" + name + ", os=" + System.getProperty("os.name"))));
    }

    /**
     * A function of the C library. Where it fails, it leaves a reason in {@code errno}, to be read by {@link #errno}.
     * Memory whose address is an argument must be kept reachable by the caller until the call returns; memory of an
     * arena that a try block closes is.
     */
    record Function(MemorySegment address) {
        int call(MemorySegment errno) {
            return call(errno, 0);
        }

        int call(MemorySegment errno, long a) {
            return call(errno, a, 0);
        }

        int call(MemorySegment errno, long a, long b) {
            return call(errno, a, b, 0);
        }

        int call(MemorySegment errno, long a, long b, long c) {
            return call(errno, a, b, c, 0);
        }

        int call(MemorySegment errno, long a, long b, long c, long d) {
            return call(errno, a, b, c, d, 0);
        }

        int call(MemorySegment errno, long a, long b, long c, long d, long e) {
            return call(errno, a, b, c, d, e, 0);
        }

        /** Calls a function whose result is an {@code int}. */
        int call(MemorySegment errno, long a, long b, long c, long d, long e, long f) {
            return (int) callLong(errno, a, b, c, d, e, f, 0);
        }

        /** Calls a function whose result is a {@code long} or a pointer. */
        long callLong(MemorySegment errno, long a, long b, long c, long d, long e, long f, long g) {
            try {
                return (long) CALL.invokeExact(address, errno, a, b, c, d, e, f, g);
            } catch (Throwable thrown) {
                throw new AssertionError("a native call threw", thrown);
            }
        }
    }

    /** A fresh place for errno. */
    static MemorySegment errnoBuffer(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment buffer) {
        return buffer.get(JAVA_INT, 0);
    }
}
