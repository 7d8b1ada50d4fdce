package dev.procession.shm;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * What a process has done, in a mapped file that outlives its being killed: numbers, appended one by one, or only their
 * count.
 */
final class MappedLog implements Serializable {
    private static final int MOST = 1 << 24; // the file is as long as what was written

    private final String path;

    private MappedLog(Path path) {
        this.path = path.toString();
    }

    static MappedLog create(Path folder, String name) {
        return new MappedLog(folder.resolve(name));
    }

    private MemorySegment map(Arena arena) {
        try (FileChannel file = FileChannel.open(
                Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, 8L * MOST, arena);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Appends from one process; the log is mapped as long as that lives. */
    Writer writer() {
        return new Writer(map(Arena.global()));
    }

    /** Appends numbers. */
    static final class Writer {
        private final MemorySegment memory;
        private int count;

        Writer(MemorySegment memory) {
            this.memory = memory;
        }

        void append(long number) {
            if (count + 1 == MOST) {
                throw new AssertionError("log is full");
            }
            memory.setAtIndex(ValueLayout.JAVA_LONG, ++count, number);
            memory.setAtIndex(ValueLayout.JAVA_LONG, 0, count);
        }

        void count() {
            memory.setAtIndex(ValueLayout.JAVA_LONG, 0, ++count);
        }
    }

    /** How many were appended or counted. */
    int count() {
        if (!Files.exists(Path.of(path))) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            return (int) map(arena).getAtIndex(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Shows all numbers; of a process that has ended. */
    void forEach(LongConsumer action) {
        int count = count();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = map(arena);
            for (int i = 1; i <= count; i++) {
                action.accept(memory.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
    }
}
