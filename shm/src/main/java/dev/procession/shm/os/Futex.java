package dev.procession.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocking on a 32-bit word of shared memory: the Linux futex, in its process-shared form.
 *
 * <p>All methods take plain addresses, not segments: a segment given to a native call keeps its arena open for as long
 * as the call lasts, and a waiter must not keep memory mapped that somebody wants to close. A wait on an address that
 * was unmapped meanwhile simply ends.
 *
 * <p>A return from a wait says nothing about the word: it may have been woken, interrupted by a signal, timed out, or
 * have never waited since the word had another value. The caller looks again. A thread's interrupt status neither ends
 * a wait nor is touched by it, so callers wait in short slices.
 *
 * <p>Thread-safe. Source: U. Drepper, "Futexes Are Tricky", 2011; futex(2), futex_waitv(2).
 */
public final class Futex {
    /** The most words that {@link #awaitAny} takes: the kernel's FUTEX_WAITV_MAX. */
    public static final int MOST_WORDS = 128;

    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int SIZE_U32 = 2;
    private static final int CLOCK_MONOTONIC = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** One entry of futex_waitv: expected value, address, flags, reserved. */
    private static final long WAIT_ENTRY_BYTES = 24;

    private Futex() {}

    /** Bound on first use, so that asking {@link #isAvailable} elsewhere than on Linux links nothing. */
    private static final class Calls {
        static final Architecture NUMBERS = numbers();
        static final Libc.Function SYSCALL = Libc.function("syscall");
        static final boolean WAITV_WORKS = probeWaitv();

        private static Architecture numbers() {
            Architecture current = Architecture.CURRENT;
            if (current == null) {
                throw new UnsupportedOperationException("no futex on this platform: os=" + System.getProperty("os.name")
                        + ", arch=" + System.getProperty("os.arch"));
            }
            return current;
        }

        /** Old kernels have no futex_waitv and some sandboxes refuse it: a wait for a word that has changed tells. */
        private static boolean probeWaitv() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment word = arena.allocate(4, 4);
                MemorySegment entry = arena.allocate(WAIT_ENTRY_BYTES, 8);
                putEntry(entry, 0, word.address(), 0);
                // The word holds what is expected and nobody wakes: a call that works takes this millisecond.
                long before = System.nanoTime();
                waitv(entry, 1, deadline(arena, before + 1_000_000L));
                return System.nanoTime() - before >= 1_000_000L;
            }
        }
    }

    private static final class Availability {
        static final boolean FUTEX_WORKS = probe();

        private static boolean probe() {
            if (Architecture.CURRENT == null) {
                return false;
            }
            try (Arena arena = Arena.ofConfined()) {
                return wake(arena.allocate(4, 4).address(), 1) == 0;
            }
        }
    }

    /**
     * Tells whether futexes work here: on a Linux we know, where no sandbox refuses the call.
     *
     * @return whether the other methods may be called
     */
    public static boolean isAvailable() {
        return Availability.FUTEX_WORKS;
    }

    /**
     * Tells whether {@link #awaitAny} works here: on Linux 5.16 or newer, where no sandbox refuses the call.
     *
     * @return whether it may be called
     */
    public static boolean canAwaitAny() {
        return isAvailable() && Calls.WAITV_WORKS;
    }

    /**
     * Blocks while the word holds a value, until woken, for a time at most.
     *
     * @param address of the word, a multiple of four
     * @param expected the value to wait on; the call returns at once if the word holds another
     * @param timeoutNanos how long at most; none or less does not wait
     */
    public static void await(long address, int expected, long timeoutNanos) {
        if (timeoutNanos <= 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int _ = Calls.SYSCALL.call(
                    Libc.IGNORED,
                    Calls.NUMBERS.futex,
                    address,
                    WAIT,
                    expected,
                    timespec(arena, timeoutNanos).address());
        }
    }

    /**
     * Wakes threads, of any process, that wait for a word.
     *
     * @param address of the word
     * @param count how many at most
     * @return how many were woken, or -1 if the address is not mapped
     */
    public static int wake(long address, int count) {
        return Calls.SYSCALL.call(Libc.IGNORED, Calls.NUMBERS.futex, address, WAKE, count);
    }

    /**
     * Blocks while every word holds its expected value, until one of them is woken, for a time at most.
     *
     * @param addresses of the words
     * @param expected their values
     * @param count how many of them count, 1 to {@link #MOST_WORDS}
     * @param timeoutNanos how long at most; none or less does not wait
     */
    public static void awaitAny(long[] addresses, int[] expected, int count, long timeoutNanos) {
        if (timeoutNanos <= 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate(WAIT_ENTRY_BYTES * count, 8);
            for (int i = 0; i < count; i++) {
                putEntry(entries, i, addresses[i], expected[i]);
            }
            waitv(entries, count, deadline(arena, System.nanoTime() + timeoutNanos));
        }
    }

    private static void putEntry(MemorySegment entries, int index, long address, int expected) {
        long at = index * WAIT_ENTRY_BYTES;
        entries.set(ValueLayout.JAVA_LONG, at, Integer.toUnsignedLong(expected));
        entries.set(ValueLayout.JAVA_LONG, at + 8, address);
        entries.set(ValueLayout.JAVA_INT, at + 16, SIZE_U32);
        entries.set(ValueLayout.JAVA_INT, at + 20, 0);
    }

    private static void waitv(MemorySegment entries, int count, MemorySegment deadline) {
        int _ = Calls.SYSCALL.call(
                Libc.IGNORED,
                Calls.NUMBERS.futexWaitv,
                entries.address(),
                count,
                /* flags */ 0,
                deadline.address(),
                CLOCK_MONOTONIC);
    }

    /** {@code System.nanoTime} reads CLOCK_MONOTONIC on Linux, so its values are deadlines to the kernel. */
    private static MemorySegment deadline(Arena arena, long nanoTime) {
        return timespec(arena, nanoTime);
    }

    private static MemorySegment timespec(Arena arena, long nanos) {
        MemorySegment timespec = arena.allocate(16, 8);
        timespec.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        timespec.set(ValueLayout.JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
        return timespec;
    }
}
