package dev.procession.process;

import dev.procession.shm.os.Signals;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** By the JDK's own means, wherever it runs. */
final class PortableSpawner implements Spawner {
    private static final int SIGNAL_BASE = 128;
    private static final int MAX_SIGNAL = 64;
    private static final File NOTHING = new File("/dev/null");

    @Override
    public Spawned spawn(Order order) throws IOException {
        var builder = new ProcessBuilder(order.command())
                .directory(order.workingDirectory())
                .redirectInput(NOTHING)
                .redirectOutput(to(order.stdout()))
                .redirectError(to(order.stderr()));
        builder.environment().clear();
        builder.environment().putAll(order.environment());
        return new Started(builder.start());
    }

    private static Redirect to(@Nullable Path target) {
        return target == null ? Redirect.INHERIT : Redirect.to(target.toFile());
    }

    /** A shell's way to tell a signal, which is the JDK's too: 128 and its number. */
    static int exitCodeOf(int status) {
        return status > SIGNAL_BASE && status <= SIGNAL_BASE + MAX_SIGNAL ? SIGNAL_BASE - status : status;
    }

    private record Started(Process process, CompletableFuture<Integer> exited) implements Spawned {
        Started(Process process) {
            this(process, process.onExit().thenApply(ended -> exitCodeOf(ended.exitValue())));
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void signal(int signal) {
            switch (signal) {
                case Signals.KILL -> process.destroyForcibly();
                case Signals.TERM -> process.destroy();
                default -> {
                    if (process.isAlive()) {
                        Signals.send(process.pid(), signal);
                    }
                }
            }
        }
    }
}
