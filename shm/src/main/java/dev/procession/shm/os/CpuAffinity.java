package dev.procession.shm.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/**
 * Which processors a thread may run on. A process that a thread makes, and each thread of that process, begins with what
 * the maker has.
 *
 * <p>No method blocks. Source: {@code sched_setaffinity(2)}.
 */
public final class CpuAffinity {
    /** No machine has a processor of this number or a higher one. */
    public static final int MOST_CPUS = 16_384;

    /** The kernel refuses a set that is smaller than its own. */
    private static final int MASK_BYTES = MOST_CPUS / Byte.SIZE;

    /** Bound on first use. */
    private static final class Calls {
        static final Libc.Function GET = Libc.function("sched_getaffinity");
        static final Libc.Function SET = Libc.function("sched_setaffinity");
    }

    private CpuAffinity() {}

    /**
     * Asks whether this system lets processors be chosen.
     *
     * @throws UnsupportedOperationException if it does not; the message names it
     */
    public static void ensureSupported() {
        if (Architecture.CURRENT == null) {
            throw new UnsupportedOperationException("processors can be chosen on Linux only: os="
                    + System.getProperty("os.name") + ", arch=" + System.getProperty("os.arch"));
        }
    }

    /**
     * The processors this process was given.
     *
     * @return their numbers
     * @throws UnsupportedOperationException as {@link #ensureSupported}
     */
    public static BitSet ofProcess() {
        return of(ProcessHandle.current().pid());
    }

    /**
     * The processors the calling thread may run on.
     *
     * @return their numbers
     * @throws UnsupportedOperationException as {@link #ensureSupported}
     */
    public static BitSet ofCurrentThread() {
        return of(0);
    }

    private static BitSet of(long thread) {
        ensureSupported();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            if (Calls.GET.call(errno, thread, MASK_BYTES, mask.address()) != 0) {
                throw new IllegalStateException(
                        "cannot ask for processors: thread=" + thread + ", errno=" + Errno.nameOf(Libc.errno(errno)));
            }
            return BitSet.valueOf(mask.asByteBuffer());
        }
    }

    /**
     * Binds the calling thread, which must be a platform thread, for the rest of its life.
     *
     * @param cpus the processors' numbers, all below {@link #MOST_CPUS}
     * @throws IOException if the system refuses, for instance because none of them is there any more
     * @throws UnsupportedOperationException as {@link #ensureSupported}
     */
    public static void bindCurrentThread(BitSet cpus) throws IOException {
        ensureSupported();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            byte[] bits = cpus.toByteArray();
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            MemorySegment.copy(MemorySegment.ofArray(bits), 0, mask, 0, bits.length);
            if (Calls.SET.call(errno, 0, MASK_BYTES, mask.address()) != 0) {
                throw new IOException(
                        "cannot choose processors: cpus=" + cpus + ", errno=" + Errno.nameOf(Libc.errno(errno)));
            }
        }
    }
}
