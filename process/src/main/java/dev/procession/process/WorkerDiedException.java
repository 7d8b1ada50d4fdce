package dev.procession.process;

import dev.procession.shm.os.Signals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A worker of a {@link ProcessPool} died while it ran a task: what that task's future fails with. Other tasks are not
 * touched by it, and the pool goes on with another worker.
 *
 * <p>The message tells how the process ended, and its last lines on standard error.
 */
public final class WorkerDiedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String task;
    private final int worker;
    private final long pid;
    private final Cause cause;
    private final boolean exitCodeKnown;
    private final int exitCode;
    private final int deaths;
    private final ArrayList<String> lastErrors;
    private final String crashFile;

    /** Why a worker died, as far as it can be told. */
    public enum Cause {
        /** {@code System.exit} or {@code Runtime.halt}. */
        EXIT,
        /** A signal, such as somebody's SIGKILL, or the kernel's when memory ran out. */
        SIGNAL,
        /** The JVM has crashed, as by native code; there is a crash file. */
        CRASH,
        /** The JVM had no more heap, and said so. */
        OUT_OF_MEMORY,
        /** Nobody can say. */
        UNKNOWN
    }

    /**
     * What is known.
     *
     * @param task the task's name
     * @param worker the worker's number in its pool
     * @param name the worker's name
     * @param pid its process
     * @param cause why it died
     * @param exitCode its exit code, minus the signal's number if a signal ended it
     * @param deaths how many workers have died with this task
     * @param lastErrors its last lines on standard error
     * @param crashFile the JVM's report of a crash
     */
    public record Report(
            String task,
            int worker,
            String name,
            long pid,
            Cause cause,
            OptionalInt exitCode,
            int deaths,
            List<String> lastErrors,
            Optional<Path> crashFile) {}

    /**
     * Makes the exception.
     *
     * @param report what is known
     */
    public WorkerDiedException(Report report) {
        super(messageOf(report));
        task = report.task();
        worker = report.worker();
        pid = report.pid();
        cause = report.cause();
        exitCodeKnown = report.exitCode().isPresent();
        exitCode = report.exitCode().orElse(0);
        deaths = report.deaths();
        lastErrors = new ArrayList<>(report.lastErrors());
        crashFile = report.crashFile().map(Path::toString).orElse("");
    }

    private static String messageOf(Report report) {
        var message = new StringBuilder();
        message.append(report.name())
                .append(" (pid ")
                .append(report.pid())
                .append(") died while it ran ")
                .append(report.task())
                .append(": ");
        int code = report.exitCode().orElse(0);
        message.append(
                switch (report.cause()) {
                    case EXIT -> "it exited, exitCode=" + code;
                    case SIGNAL -> "it was ended by " + Signals.nameOf(-code) + ", exitCode=" + code;
                    case CRASH -> "the JVM crashed, exitCode=" + code;
                    case OUT_OF_MEMORY -> "its heap was full, exitCode=" + code;
                    case UNKNOWN -> "nobody can say how";
                });
        report.crashFile().ifPresent(file -> message.append(", crashFile=").append(file));
        if (report.deaths() > 1) {
            message.append(", workers that died with this task=").append(report.deaths());
        }
        if (!report.lastErrors().isEmpty()) {
            message.append("; its last lines on stderr:");
            report.lastErrors().forEach(line -> message.append("\n    ").append(line));
        }
        return message.toString();
    }

    /**
     * The task it ran.
     *
     * @return its name
     */
    public String task() {
        return task;
    }

    /**
     * The worker.
     *
     * @return its number in its pool, from 1 on
     */
    public int worker() {
        return worker;
    }

    /**
     * The worker's process.
     *
     * @return its id
     */
    public long pid() {
        return pid;
    }

    /**
     * Why it died.
     *
     * @return the reason
     */
    public Cause reason() {
        return cause;
    }

    /**
     * How it ended.
     *
     * @return the exit code; minus the signal's number if a signal ended it; empty if nobody can say
     */
    public OptionalInt exitCode() {
        return exitCodeKnown ? OptionalInt.of(exitCode) : OptionalInt.empty();
    }

    /**
     * How many workers have died with this task: one more than it was retried.
     *
     * @return at least 1
     */
    public int deaths() {
        return deaths;
    }

    /**
     * What the worker said last.
     *
     * @return its last lines on standard error, 50 at most
     */
    public List<String> lastErrors() {
        return List.copyOf(lastErrors);
    }

    /**
     * The JVM's report of a crash.
     *
     * @return the file, which is in the worker's working directory unless {@code -XX:ErrorFile} says otherwise
     */
    public Optional<Path> crashFile() {
        return crashFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(crashFile));
    }
}
