package dev.procession.process.pool;

import dev.procession.process.WorkerDiedException;
import dev.procession.shm.os.Signals;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a worker died, from what the system and its own last words say.
 *
 * <p>The system knows the exit code long before the process is gone, whose memory has to be taken down first; so this asks
 * for the code and not for the end.
 *
 * @param worker its number
 * @param name what it is called
 * @param pid its process
 * @param exitCode its exit code, or minus the signal; empty if nobody can say
 * @param lines its last lines on standard error
 */
record Obituary(int worker, String name, long pid, OptionalInt exitCode, List<String> lines) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long OUTPUT_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int OUT_OF_MEMORY = 3;
    private static final String OUT_OF_MEMORY_MARK = "Terminating due to java.lang.OutOfMemoryError";
    private static final String CRASH_MARK = "# A fatal error has been detected by the Java Runtime Environment";
    private static final String CRASH_FILE_MARK = "# An error report file with more information is saved as:";

    /** Waits for what can be known soon. */
    static Obituary of(Link link) {
        WorkerProcess process = link.process;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        OptionalInt code = process.decidedExitCode();
        while (code.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            code = process.decidedExitCode();
        }
        if (code.isEmpty()) {
            process.killTree(); // its life has ended, whatever still runs there
        }
        awaitOutput(process, code);
        return new Obituary(link.worker, process.name(), process.pid(), code, process.lastErrors());
    }

    /** Somebody else may hold the other end of its output. But what tells a full heap from a program's own 3 is worth a wait. */
    private static void awaitOutput(WorkerProcess process, OptionalInt code) {
        boolean mayBeFullHeap = code.orElse(0) == OUT_OF_MEMORY;
        long deadline = System.nanoTime() + (mayBeFullHeap ? PATIENCE_NANOS : OUTPUT_PATIENCE_NANOS);
        while (!process.isOutputRead()
                && !(mayBeFullHeap && isMarked(process.lastErrors()))
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean isMarked(List<String> lines) {
        return lines.stream().anyMatch(line -> line.contains(OUT_OF_MEMORY_MARK));
    }

    /** Whether somebody sent it SIGKILL or SIGTERM. */
    boolean isByKill() {
        int code = exitCode.orElse(0);
        return code == -Signals.KILL || code == -Signals.TERM;
    }

    String summary() {
        return name + " (pid " + pid + "), exitCode="
                + (exitCode.isPresent() ? exitCode.getAsInt() : "unknown")
                + (lines.isEmpty() ? "" : ", last on stderr: " + lines.getLast());
    }

    private boolean isOutOfMemory() {
        return exitCode.isPresent() && exitCode.getAsInt() == OUT_OF_MEMORY && isMarked(lines);
    }

    /** The line after the mark, without its comment sign. */
    private Optional<Path> crashFile() {
        int mark = lines.lastIndexOf(CRASH_FILE_MARK);
        if (mark < 0 || mark + 1 >= lines.size() || !lines.get(mark + 1).startsWith("# ")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(lines.get(mark + 1).substring(2).strip()));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private WorkerDiedException.Cause cause() {
        if (exitCode.isEmpty()) {
            return WorkerDiedException.Cause.UNKNOWN;
        }
        if (isOutOfMemory()) {
            return WorkerDiedException.Cause.OUT_OF_MEMORY;
        }
        // A JVM that may leave no core file exits with 1 after its report instead of dying by a signal.
        if (exitCode.getAsInt() != 0 && lines.stream().anyMatch(line -> line.startsWith(CRASH_MARK))) {
            return WorkerDiedException.Cause.CRASH;
        }
        return exitCode.getAsInt() < 0 ? WorkerDiedException.Cause.SIGNAL : WorkerDiedException.Cause.EXIT;
    }

    /** What the future of a call gets that this worker held. */
    WorkerDiedException exception(Call call) {
        return new WorkerDiedException(new WorkerDiedException.Report(
                call.task.name(), worker, name, pid, cause(), exitCode, call.deaths, lines, crashFile()));
    }
}
