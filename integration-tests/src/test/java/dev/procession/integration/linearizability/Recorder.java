package dev.procession.integration.linearizability;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What one thread does, in a mapped file that outlives its being killed: each call before it is made, and its result after.
 *
 * <pre>
 *   one call   0  call      ordinal
 *              8  argument
 *             16  result
 *             24  begin     System.nanoTime(), stored once the above are; 0 = not made
 *             32  end       System.nanoTime(), stored once the result is; 0 = not returned
 * </pre>
 *
 * <p>On Linux {@code nanoTime} is CLOCK_MONOTONIC, one clock for all processes. A release store may stay in its CPU's
 * store buffer for some nanoseconds after the clock was read; so that these do not look like a call that has returned
 * without effect, there is a full fence before the clock is read.
 */
final class Recorder implements AutoCloseable {
    private static final long CALL_BYTES = 40;
    private static final long ARGUMENT_AT = 8;
    private static final long RESULT_AT = 16;
    private static final long BEGIN_AT = 24;
    private static final long END_AT = 32;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    /** A step makes this many calls at most. */
    private static final int ROOM_FOR_A_STEP = 8;

    private final int actor;
    private final int capacity;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private int count;

    /** Opens the record of an actor, new or as it was left. */
    Recorder(Path folder, int actor, int capacity) throws IOException {
        this.actor = actor;
        this.capacity = capacity;
        try (FileChannel file = FileChannel.open(
                folder.resolve("actor-" + actor),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE)) {
            memory = file.map(FileChannel.MapMode.READ_WRITE, 0, capacity * CALL_BYTES, arena);
        }
    }

    int actor() {
        return actor;
    }

    boolean hasRoom() {
        return count + ROOM_FOR_A_STEP <= capacity;
    }

    /** Makes a call and records it. */
    @SuppressWarnings("EnumOrdinal") // read back by the same build
    long record(Enum<?> call, long argument, Callable<Long> made) throws Exception {
        long at = count++ * CALL_BYTES;
        memory.set(ValueLayout.JAVA_LONG, at, call.ordinal());
        memory.set(ValueLayout.JAVA_LONG, at + ARGUMENT_AT, argument);
        LONG.setRelease(memory, at + BEGIN_AT, System.nanoTime());
        VarHandle.fullFence();
        long result = made.call();
        VarHandle.fullFence();
        long end = System.nanoTime();
        memory.set(ValueLayout.JAVA_LONG, at + RESULT_AT, result);
        LONG.setRelease(memory, at + END_AT, end);
        return result;
    }

    /** The same, of a call that tells whether it did what it was asked for. */
    boolean recordTrial(Enum<?> call, long argument, Callable<Boolean> made) throws Exception {
        return record(call, argument, () -> made.call() ? 1L : 0L) == 1;
    }

    /**
     * Everything that was recorded.
     *
     * @param calls what the ordinals stand for
     * @param gone when the process was known to have ended
     */
    List<Operation> operations(Enum<?>[] calls, long gone) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < capacity; i++) {
            long at = i * CALL_BYTES;
            long begin = (long) LONG.getAcquire(memory, at + BEGIN_AT);
            if (begin == 0) {
                break;
            }
            long end = (long) LONG.getAcquire(memory, at + END_AT);
            operations.add(new Operation(
                    actor,
                    calls[(int) memory.get(ValueLayout.JAVA_LONG, at)],
                    memory.get(ValueLayout.JAVA_LONG, at + ARGUMENT_AT),
                    memory.get(ValueLayout.JAVA_LONG, at + RESULT_AT),
                    begin,
                    end == 0 ? gone : end,
                    end != 0));
        }
        return operations;
    }

    @Override
    public void close() {
        arena.close();
    }
}
