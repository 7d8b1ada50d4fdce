package dev.procession.process;

import dev.procession.process.Hello.Token;
import dev.procession.shm.os.AnonymousPipe;
import dev.procession.shm.os.Lifeline;
import dev.procession.shm.os.PosixSpawn;
import dev.procession.shm.os.Signals;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By the system's own means. The process leads its own group from its first instruction, gets its line to this one as
 * open descriptors, so that there is no name for others to find, and is killed by the kernel with all its group when
 * this process ends. It need not load the native interface for any of that, which saves a third of its start.
 *
 * <pre>{@code
 *   descriptor in the child      here
 *   0  standard input            /dev/null, or a listening socket
 *   1  standard output           pipe, or this process's own
 *   2  standard error            pipe, or this process's own
 *   3  lifeline, never read      the only writing end
 *   4  line, reading end         frames to the child
 *   5  line, writing end         frames from the child
 * }</pre>
 *
 * <p>A parent that is killed before the lifeline is bound leaves a child that finds end of file on descriptor 4 instead
 * of its welcome, which is sent after; see {@link ChildMain}.
 */
final class NativeSpawner implements Spawner {
    private static final int LINE_IN = 4;
    private static final int LINE_OUT = 5;
    private static final Path OWN_ENVIRONMENT = Path.of("/proc/self/environ");
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    static boolean isSupported() {
        try {
            PosixSpawn.ensureSupported();
            Lifeline.ensureSupported();
            return Files.isReadable(OWN_ENVIRONMENT);
        } catch (IOException | UnsupportedOperationException | LinkageError _) {
            return false;
        }
    }

    @Override
    public Spawned spawn(Order order) throws IOException {
        return order.stdin() == null
                ? spawn(order, PosixSpawn.NOTHING)
                : order.stdin().give(listener -> spawn(order, listener));
    }

    private static Spawned spawn(Order order, int stdin) throws IOException {
        try (AnonymousPipe lifeline = AnonymousPipe.open();
                AnonymousPipe toChild = AnonymousPipe.open();
                AnonymousPipe fromChild = AnonymousPipe.open()) {
            // Opened first: what can fail must fail while there is no process.
            var frames = new Line(fromChild.reader(), toChild.writer());
            try {
                long pid = PosixSpawn.start(new PosixSpawn.Order(
                        order.command(),
                        environment(order),
                        order.workingDirectory() == null
                                ? null
                                : order.workingDirectory().toString(),
                        List.of(
                                stdin,
                                descriptor(order.stdout(), 1),
                                descriptor(order.stderr(), 2),
                                lifeline.readDescriptor(),
                                toChild.readDescriptor(),
                                fromChild.writeDescriptor())));
                return new Started(pid, bind(lifeline, pid), frames, order.token());
            } catch (IOException | RuntimeException | Error e) {
                frames.close();
                throw e;
            }
        }
    }

    private record Line(FileInputStream in, FileOutputStream out) {
        void close() throws IOException {
            try (in;
                    out) {
                // Both are closed.
            }
        }
    }

    private static int descriptor(Target target, int own) {
        return switch (target) {
            case Target.ToPipe(AnonymousPipe pipe) -> pipe.writeDescriptor();
            case Target.Shared() -> own;
            case Target.Discarded() -> PosixSpawn.NOTHING;
        };
    }

    /** A process that cannot be bound must not live. */
    private static Lifeline bind(AnonymousPipe pipe, long pid) throws IOException {
        try {
            return Lifeline.bind(pipe, pid);
        } catch (IOException | RuntimeException | Error e) {
            Signals.sendToGroup(pid, Signals.KILL);
            PosixSpawn.await(pid);
            PosixSpawn.collect(pid);
            throw e;
        }
    }

    /** This process's own variables in their own bytes, but for what the order changes. */
    private static List<byte[]> environment(Order order) throws IOException {
        Map<String, @Nullable String> changes = new HashMap<>(order.changes());
        changes.put(ChildMain.PARENT, "fd:" + LINE_IN + ":" + LINE_OUT);
        changes.put(ChildMain.TOKEN, order.token().hex());
        List<byte[]> variables = new ArrayList<>();
        for (byte[] variable : split(Files.readAllBytes(OWN_ENVIRONMENT))) {
            String text = new String(variable, NATIVE);
            int nameEnd = text.indexOf('=', 1);
            if (nameEnd < 0 || !changes.containsKey(text.substring(0, nameEnd))) {
                variables.add(variable);
            }
        }
        changes.forEach((name, value) -> {
            if (value != null) {
                variables.add((name + "=" + value).getBytes(NATIVE));
            }
        });
        return variables;
    }

    private static List<byte[]> split(byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                if (i > from) {
                    parts.add(Arrays.copyOfRange(bytes, from, i));
                }
                from = i + 1;
            }
        }
        return parts;
    }

    private static final class Started implements Spawned {
        private final long pid;
        private final Lifeline lifeline;
        private final Line line;
        private final Token token;

        /** Once true the pid may belong to another process. Guarded by this. */
        private boolean collected;

        Started(long pid, Lifeline lifeline, Line line, Token token) {
            this.pid = pid;
            this.lifeline = lifeline;
            this.line = line;
            this.token = token;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public ControlChannel admit() throws IOException {
            var channel = new ControlChannel(line.in(), line.out());
            try {
                Hello.expect(token, channel);
                return channel;
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        }

        @Override
        public int awaitEnd() {
            PosixSpawn.Ending ending = PosixSpawn.await(pid);
            synchronized (this) {
                collected = true;
                PosixSpawn.collect(pid);
            }
            lifeline.cut();
            return ending.bySignal() ? -ending.code() : Spawner.exitCodeOf(ending.code());
        }

        @Override
        public synchronized void signal(int signal) {
            if (!collected) {
                Signals.send(pid, signal);
            }
        }
    }
}
