package dev.procession.process;

import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What can happen to a worker, for tasks to call. */
final class Mishaps {
    private Mishaps() {}

    /** Does not return. */
    static void killSelf() {
        boolean _ = Signals.send(ProcessHandle.current().pid(), Signals.KILL);
        while (true) {
            Thread.onSpinWait();
        }
    }

    /** Writes where no memory is mapped. */
    @SuppressWarnings({"removal", "deprecation"})
    static void crash() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putLong", long.class, long.class).invoke(field.get(null), 8L, 1L);
    }

    /** Overflows the stack, unless it is asked for little. */
    static int depth(int wanted) {
        return wanted == 0 ? 0 : depth(wanted - 1) + 1;
    }

    /** Does not return. */
    static void fillHeap() {
        Object[] last = new Object[2];
        while (true) {
            last = new Object[] {last, new byte[1 << 20]};
        }
    }

    /** Adds one to a count that is kept in a file's length, and gives it. */
    static int countIn(String path) throws IOException {
        Files.write(Path.of(path), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return (int) Files.size(Path.of(path));
    }

    /** Loops and heeds no interrupt. */
    static void hang() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
