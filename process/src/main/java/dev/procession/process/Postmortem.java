package dev.procession.process;

import dev.procession.process.Attendant.Stage;
import dev.procession.process.Sinks.Tail;
import dev.procession.shm.os.Signals;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what there is to know of a child that ended otherwise than well.
 *
 * <p>The JVM exits with 3 when memory ran out and it was told to end then; so does many a program, for reasons of its
 * own. What tells them apart is a line the JVM writes, which children are told to write to stderr.
 *
 * @param child its name and pid, as in {@code Process-1 (pid 4711)}
 * @param pid its pid
 * @param lastErrors its stderr, where that is read
 * @param crashFile where its JVM would write about a crash
 */
record Postmortem(String child, long pid, @Nullable Tail lastErrors, CrashFile crashFile) {
    private static final int EXIT_ON_OUT_OF_MEMORY = 3;
    private static final String OUT_OF_MEMORY_LINE = "Terminating due to java.lang.OutOfMemoryError: ";

    ChildFailedException explain(int exitCode, @Nullable Throwable thrown, Stage stage) {
        List<String> lines = lastErrors == null ? List.of() : lastErrors.last();
        boolean memoryRanOut = isOutOfMemory(thrown)
                || (exitCode == EXIT_ON_OUT_OF_MEMORY
                        && lines.stream().anyMatch(line -> line.startsWith(OUT_OF_MEMORY_LINE)));
        Optional<Path> crash = crashFile.leftBy(pid);
        var message = new StringBuilder(child).append(' ');
        message.append(
                thrown != null
                        ? (stage == Stage.TOLD ? "threw " : "could not be told its action: ") + thrown
                        : exitCode < 0
                                ? "was ended by " + Signals.nameOf(-exitCode)
                                : stage != Stage.TOLD
                                        ? "ended before it took its action"
                                        : memoryRanOut ? "ran out of memory" : "exited");
        message.append(": exitCode=").append(exitCode);
        crash.ifPresent(file -> message.append(", crashFile=").append(file));
        if (thrown == null && !lines.isEmpty()) {
            message.append("; its last lines on stderr:");
            lines.forEach(line -> message.append("\n    ").append(line));
        }
        return new ChildFailedException(message.toString(), exitCode, memoryRanOut, crash.orElse(null), thrown);
    }

    private static boolean isOutOfMemory(@Nullable Throwable thrown) {
        return thrown instanceof OutOfMemoryError
                || (thrown instanceof RemoteThrowable remote
                        && remote.className().equals(OutOfMemoryError.class.getName()));
    }
}
