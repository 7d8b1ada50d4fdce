package dev.procession.process;

import dev.procession.process.Hello.Token;
import dev.procession.shm.os.AnonymousPipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a process is made, and how it and this one come to talk. */
sealed interface Spawner permits NativeSpawner, PortableSpawner {
    /** Names the way, {@code native} or {@code portable}, where it is not to be chosen by what the system offers. */
    String PROPERTY = "procession.spawn";

    /**
     * What to start.
     *
     * @param command the program and its arguments
     * @param changes what differs from this process's environment; null takes a variable out
     * @param workingDirectory its working directory; null for this process's own
     * @param stdin the socket it gets as its standard input; null for an empty one
     * @param stdout where it writes its output
     * @param stderr where it writes its errors
     * @param token what it will know itself by
     */
    record Order(
            List<String> command,
            Map<String, @Nullable String> changes,
            @Nullable Path workingDirectory,
            @Nullable ListeningSocket stdin,
            Target stdout,
            Target stderr,
            Token token) {}

    /** Where a stream of the new process goes. */
    sealed interface Target {
        /** To a pipe of ours. */
        record ToPipe(AnonymousPipe pipe) implements Target {}

        /** Where this process's own goes. */
        record Shared() implements Target {}

        /** Nowhere. */
        record Discarded() implements Target {}
    }

    /** A process that was made. All methods may be called from any thread. */
    interface Spawned {
        long pid();

        /**
         * Waits until the process has said its hello, once.
         *
         * @return the line to it
         * @throws IOException if the process ended first, or said something else
         */
        ControlChannel admit() throws IOException;

        /**
         * Waits until the process is gone, once, and gives back what it held here; not interruptible.
         *
         * @return its {@linkplain ChildProcess#exitCode exit code}
         */
        int awaitEnd();

        /** Sends a signal unless the process is gone. Never hits another process that got its pid. */
        void signal(int signal);
    }

    /**
     * Makes a process that leads a group of its own, or will before it runs any code of the user, and whose standard
     * input is empty unless it is a socket.
     *
     * @throws IOException if the system refuses; nothing is left
     * @throws UnsupportedOperationException if this way cannot pass a socket
     */
    Spawned spawn(Order order) throws IOException;

    /**
     * A shell's way to tell a signal, which is the JVM's too when it has run its shutdown hooks: 128 and the signal's
     * number.
     */
    static int exitCodeOf(int status) {
        int base = 128;
        int maxSignal = 64;
        return status > base && status <= base + maxSignal ? base - status : status;
    }

    /** The way for this system. */
    static Spawner choose() {
        String wanted = System.getProperty(PROPERTY);
        if (wanted == null) {
            return NativeSpawner.isSupported() ? new NativeSpawner() : new PortableSpawner();
        }
        return switch (wanted) {
            case "native" -> new NativeSpawner();
            case "portable" -> new PortableSpawner();
            default ->
                throw new IllegalArgumentException(
                        "no such way to make processes: " + PROPERTY + "=" + wanted + ", expected=native or portable");
        };
    }
}
