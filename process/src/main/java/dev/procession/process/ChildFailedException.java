package dev.procession.process;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A child ended otherwise than well. The message tells which child and how; the {@linkplain #getCause cause}, where there
 * is one, is the exception its action threw, with the stack of the child.
 */
public final class ChildFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** The exit code, as {@link ChildProcess#exitCode} tells it. */
    private final int exitCode;

    private final boolean memoryRanOut;

    /** A path, as text since paths do not travel. */
    private final @Nullable String crashFile;

    ChildFailedException(
            String message, int exitCode, boolean memoryRanOut, @Nullable Path crashFile, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.memoryRanOut = memoryRanOut;
        this.crashFile = crashFile == null ? null : crashFile.toString();
    }

    /**
     * How the child ended.
     *
     * @return its exit code; minus the signal's number if a signal ended it
     */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Whether memory ran out in the child, for sure: its action threw {@link OutOfMemoryError}, or its JVM was started with
     * {@code -XX:+ExitOnOutOfMemoryError}, exited with 3 and said on stderr that this is why.
     *
     * @return false also where that is not known: stderr {@linkplain Output#shared shared} or discarded, or a SIGKILL by the
     *     system for lack of memory, which looks like any other
     */
    public boolean ranOutOfMemory() {
        return memoryRanOut;
    }

    /**
     * What the JVM wrote about its own crash.
     *
     * @return the path of the file, which is the caller's to remove; empty if the JVM did not crash or could not write
     */
    public Optional<Path> crashFile() {
        return Optional.ofNullable(crashFile).map(Path::of);
    }
}
