package dev.procession.lab.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the time of one thread of some process goes, as the system's scheduler counts it. The count of a thread that runs
 * may be some milliseconds old.
 *
 * <p>Source: Linux {@code Documentation/scheduler/sched-stats.rst}: time spent on the processor, time spent waiting to run,
 * both in nanoseconds.
 */
final class ThreadClock {
    private static final Path PROC = Path.of("/proc");

    private final Path file;

    private ThreadClock(Path file) {
        this.file = file;
    }

    /**
     * The times of a thread so far.
     *
     * @param runNanos on a processor
     * @param readyNanos ready to run
     */
    record Times(long runNanos, long readyNanos) {}

    /**
     * The path of the calling thread below /proc, for another process to look at.
     *
     * @throws UnsupportedOperationException if the system has no such thing
     */
    static String ownPath() {
        try {
            return Files.readSymbolicLink(PROC.resolve("thread-self")).toString();
        } catch (IOException e) {
            throw new UnsupportedOperationException("this system has no /proc/thread-self, which names a thread", e);
        }
    }

    /** The clock of a thread by its path below /proc. */
    static ThreadClock of(String path) {
        return new ThreadClock(PROC.resolve(path).resolve("schedstat"));
    }

    /**
     * Reads it.
     *
     * @throws UnsupportedOperationException if the system does not tell, or the thread is gone
     */
    Times read() {
        try {
            String[] numbers = Files.readString(file).strip().split(" ", 3);
            return new Times(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new UnsupportedOperationException(file + " does not tell a thread's times: " + e.getMessage(), e);
        }
    }
}
