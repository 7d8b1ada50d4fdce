package dev.procession.process;

import dev.procession.conformance.Background;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processes that stand still: SIGSTOP is sent at once, and gets to each thread when that is next on a CPU. */
final class Stopped {
    private Stopped() {}

    /** Stops a process, and returns when all of its threads stand still. */
    static void stop(long pid) throws Exception {
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
        Background.until(() -> isStopped(pid));
    }

    private static boolean isStopped(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.map(thread -> thread.resolve("stat")).allMatch(Stopped::saysStopped);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean saysStopped(Path stat) {
        try {
            return Files.readString(stat).contains(") T ");
        } catch (IOException endedMeanwhile) {
            return true;
        }
    }
}
