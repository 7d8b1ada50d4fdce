package dev.procession.shm.os;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process, told from every other that may get its number later: a process number together with the time the process
 * started. Both are kept in one long, so that one atomic store publishes them.
 *
 * <p>The start time counts clock ticks since boot on Linux (/proc/PID/stat, field 22) and milliseconds elsewhere, in 40
 * bits; it means something only on one host, within one boot.
 *
 * @param pid the process number
 * @param startTime when it started
 */
public record ProcessIdentity(long pid, long startTime) {
    private static final int START_BITS = 40;
    private static final long START_MASK = (1L << START_BITS) - 1;
    private static final int PID_BITS = 22;
    private static final long PID_MASK = (1L << PID_BITS) - 1;
    private static final boolean HAS_PROC = Files.exists(Path.of("/proc/self/stat"));

    /** Set in {@link #flagsOf field 9} of a task's stat once the task runs no more of its program. */
    private static final long PF_EXITING = 0x4;

    private static final ProcessIdentity CURRENT = identifyCurrent();

    /**
     * Refuses what does not fit.
     *
     * @throws IllegalArgumentException if the process number needs more than 22 bits
     */
    public ProcessIdentity {
        if (pid <= 0 || pid > PID_MASK) {
            throw new IllegalArgumentException("not a process number: pid=" + pid);
        }
        startTime &= START_MASK;
    }

    /**
     * This process.
     *
     * @return its identity
     */
    public static ProcessIdentity current() {
        return CURRENT;
    }

    private static ProcessIdentity identifyCurrent() {
        ProcessIdentity identity = of(ProcessHandle.current().pid());
        return identity != null
                ? identity
                : new ProcessIdentity(ProcessHandle.current().pid(), 0);
    }

    /**
     * The process that has a number now.
     *
     * @param pid the number
     * @return its identity, or null if there is none or it is a zombie
     */
    public static @Nullable ProcessIdentity of(long pid) {
        if (HAS_PROC) {
            String[] fields = statOf(Path.of("/proc/" + pid + "/stat"));
            return fields == null || fields[0].equals("Z") || fields[0].equals("X")
                    ? null
                    : new ProcessIdentity(pid, Long.parseLong(fields[19]));
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle -> new ProcessIdentity(
                        pid,
                        handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L)))
                .orElse(null);
    }

    /**
     * Tells whether the process is still there.
     *
     * @return false once it has ended, also while its parent has not collected it, and also if another process has its
     *     number now
     */
    public boolean isAlive() {
        return equals(of(pid));
    }

    /**
     * Tells whether the process runs nothing of its program any more, and never will: it is gone, or each of its threads
     * is past the point of no return on its way out. The first thread of a killed process may be there microseconds
     * before the last; the memory of the process can take far longer to go.
     *
     * @return true if no store of the process can come any more
     */
    public boolean isQuiescent() {
        if (!HAS_PROC) {
            return !isAlive();
        }
        String[] leader = statOf(Path.of("/proc/" + pid + "/stat"));
        if (leader == null || (Long.parseLong(leader[19]) & START_MASK) != startTime) {
            return true;
        }
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                String[] fields = statOf(task.resolve("stat"));
                if (fields != null && !fields[0].equals("Z") && (flagsOf(fields) & PF_EXITING) == 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | java.nio.file.DirectoryIteratorException gone) {
            return !isAlive();
        }
    }

    private static long flagsOf(String[] fields) {
        return Long.parseLong(fields[6]);
    }

    /** The fields of a stat file from the third on: what comes before holds the command, which may hold anything. */
    private static String @Nullable [] statOf(Path file) {
        try {
            String stat = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 24);
            return fields.length > 20 ? fields : null;
        } catch (IOException | IndexOutOfBoundsException gone) {
            return null;
        }
    }

    /** By hand: what a record is given for free is made of method handles at its first use, in every new JVM. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProcessIdentity(long otherPid, long otherStart)
                && pid == otherPid
                && startTime == otherStart;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pack());
    }

    /**
     * Both parts in 62 bits; never 0.
     *
     * @return the word to keep in shared memory
     */
    public long pack() {
        return (pid << START_BITS) | startTime;
    }

    /**
     * Reads what {@link #pack} made.
     *
     * @param word the word; its upper two bits do not count
     * @return the identity, or null if the word holds none
     */
    public static @Nullable ProcessIdentity unpack(long word) {
        long pid = (word >>> START_BITS) & PID_MASK;
        return pid == 0 ? null : new ProcessIdentity(pid, word & START_MASK);
    }
}
