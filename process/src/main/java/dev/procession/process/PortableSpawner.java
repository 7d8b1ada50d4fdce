package dev.procession.process;

import dev.procession.shm.os.AnonymousPipe;
import dev.procession.shm.os.Signals;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import org.jspecify.annotations.Nullable;

/**
 * By the JDK's own means, wherever it runs: the child knocks at a {@link Door}, makes its own process group, and watches
 * over its parent itself.
 */
final class PortableSpawner implements Spawner {
    private static final File NOTHING = new File("/dev/null");

    @Override
    public Spawned spawn(Order order) throws IOException {
        ensureNoSocket(order.stdin());
        Door door = Door.open(order.token());
        try {
            var builder = new ProcessBuilder(order.command())
                    .directory(
                            order.workingDirectory() == null
                                    ? null
                                    : order.workingDirectory().toFile())
                    .redirectInput(NOTHING)
                    .redirectOutput(to(order.stdout()))
                    .redirectError(to(order.stderr()));
            order.changes().forEach((variable, value) -> {
                if (value == null) {
                    builder.environment().remove(variable);
                } else {
                    builder.environment().put(variable, value);
                }
            });
            builder.environment().put(ChildMain.PARENT, "door:" + door.path());
            builder.environment().put(ChildMain.TOKEN, order.token().hex());
            return new Started(builder.start(), door);
        } catch (IOException | RuntimeException | Error e) {
            door.close();
            throw e;
        }
    }

    /** A process builder passes on files, and this JVM's own standard input, which others may be reading. */
    private static void ensureNoSocket(@Nullable ListeningSocket stdin) {
        if (stdin != null) {
            throw new UnsupportedOperationException(
                    "a child cannot be given a socket by the JDK's own means: " + stdin + ", spawner=portable");
        }
    }

    private static Redirect to(Target target) {
        return switch (target) {
            case Target.ToPipe(AnonymousPipe pipe) ->
                Redirect.to(pipe.writerPath().toFile());
            case Target.Shared() -> Redirect.INHERIT;
            case Target.Discarded() -> Redirect.DISCARD;
        };
    }

    private record Started(Process process, Door door) implements Spawned {
        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public ControlChannel admit() throws IOException {
            try (door) {
                return door.admit();
            }
        }

        @Override
        public int awaitEnd() {
            try (door) {
                return Spawner.exitCodeOf(process.onExit().join().exitValue());
            }
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
