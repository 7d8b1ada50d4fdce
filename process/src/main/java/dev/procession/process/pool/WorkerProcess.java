package dev.procession.process.pool;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** The process of a worker, as far as its pool must know it. All methods may be called from any thread; none blocks. */
public interface WorkerProcess {
    /** How processes of workers are made. */
    interface Starter {
        /**
         * Starts one.
         *
         * @param worker its number
         * @param channelPath the channel it is to come to
         * @return the process
         * @throws IllegalStateException if this JVM is ending
         * @throws java.io.UncheckedIOException if the system refuses
         */
        WorkerProcess start(int worker, String channelPath);
    }

    long pid();

    /** Its name in output and messages. */
    String name();

    /** Kills it, and all that it has started, by SIGKILL. */
    void killTree();

    /**
     * How the process ends, as soon as that is decided; the memory of a large process takes far longer to go.
     *
     * @return its exit code, minus the signal's number if a signal ended it; empty if that is not known yet
     */
    OptionalInt decidedExitCode();

    /** Whether all that it has written so far has been read. */
    boolean isOutputRead();

    /** The last lines it wrote to its standard error. */
    List<String> lastErrors();

    /** How much memory it has resident, in bytes; 0 if that is not known. */
    long residentBytes();

    /** Completes with the exit code when the process is gone and its output was read. */
    CompletableFuture<Integer> gone();
}
