package dev.procession.lab.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Whether processes we did not start ourselves are still there. */
final class Pids {
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private Pids() {}

    /** Whether nothing of it runs any more. A zombie, which somebody has yet to reap, is gone. */
    static boolean isGone(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isEmpty() || !process.get().isAlive() || isZombie(pid);
    }

    /**
     * Waits until it is gone.
     *
     * @return whether it is; false if it was still there when the time was over
     */
    static boolean awaitGone(long pid, Duration atMost) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!isGone(pid)) {
            if (System.nanoTime() > deadlineNanos) {
                return false;
            }
            Thread.sleep(LOOK_EVERY);
        }
        return true;
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException e) {
            return false; // No /proc on this system, or gone by now: then the next look says so.
        }
    }
}
