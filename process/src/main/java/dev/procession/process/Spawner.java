package dev.procession.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a process is made. */
interface Spawner {
    /**
     * What to start.
     *
     * @param command the program and its arguments
     * @param environment all of its environment
     * @param workingDirectory its working directory; null for this one's
     * @param stdout what it writes its output to; null for this process's own
     * @param stderr what it writes its errors to; null for this process's own
     */
    record Order(
            List<String> command,
            Map<String, String> environment,
            @Nullable File workingDirectory,
            @Nullable Path stdout,
            @Nullable Path stderr) {}

    /** A process that was made. */
    interface Spawned {
        long pid();

        /** Completes when the process is gone, with its {@linkplain ChildProcess#exitCode exit code}. */
        CompletableFuture<Integer> exited();

        /** Sends a signal unless the process is gone. Never hits another process that got its pid. */
        void signal(int signal);
    }

    /**
     * Makes a process whose standard input is empty.
     *
     * @throws IOException if the system refuses
     */
    Spawned spawn(Order order) throws IOException;
}
