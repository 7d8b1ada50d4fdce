package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import dev.procession.process.Sinks.Capture;
import dev.procession.process.Sinks.Tail;
import dev.procession.process.Spawner.Order;
import dev.procession.process.Spawner.Spawned;
import dev.procession.shm.os.AnonymousPipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The start of one child, in the order in which things can fail: the action becomes bytes, the door and the pipes are
 * made, the process is made, and from then on an {@link Attendant} looks after it. What fails on the way takes back what
 * was made before, so that nothing is left.
 */
final class ChildStart {
    private static final Spawner SPAWNER = new PortableSpawner();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MARK_BYTES = 8;

    /** They would be heard twice, since the options in them are among those a child inherits. */
    private static final List<String> OPTION_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private ChildStart() {}

    static ChildProcess of(ChildProcess.Builder choices, SerializableAction action) {
        byte[] task = Codec.standard().encode(action);
        Lineage self = Lineage.current();
        List<Integer> path = self.nextChildPath();
        String name = choices.name != null ? choices.name : Lineage.nameOf(path);
        Children.ours().ensureAllowed(name, choices.ending);
        try {
            return spawn(choices, new Welcome(name, path, choices.ending, self.self()), task);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start a child: name=" + name + ", java="
                            + JvmCommand.Model.current().java() + ", workingDirectory=" + choices.workingDirectory
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static ChildProcess spawn(ChildProcess.Builder choices, Welcome welcome, byte[] task) throws IOException {
        var stdout = new Stream(welcome.name(), choices.stdout, () -> System.out);
        var stderr = new Stream(welcome.name(), choices.stderr, () -> System.err);
        Door door = Door.open();
        try (AnonymousPipe out = stdout.pipe();
                AnonymousPipe err = stderr.pipe()) {
            // Opened first: what can fail must fail while there is no process.
            InputStream outReader = out == null ? null : out.reader();
            InputStream errReader = err == null ? null : err.reader();
            Spawned process = SPAWNER.spawn(new Order(
                    command(choices, stdout.charset, stderr.charset),
                    environment(choices, door),
                    choices.workingDirectory == null ? null : choices.workingDirectory.toFile(),
                    stdout.target(out),
                    stderr.target(err)));
            Tail tail = errReader == null ? null : new Tail(stderr.sink(), stderr.charset);
            var child =
                    new ChildProcess(welcome.name(), welcome.ending(), process, stdout.capture, stderr.capture, tail);
            var attendant = new Attendant(child, process, door, welcome, task);
            if (outReader != null) {
                attendant.carry(new LinePump(outReader, stdout.sink()), "stdout");
            }
            if (errReader != null && tail != null) {
                attendant.carry(new LinePump(errReader, tail), "stderr");
            }
            child.attendedBy(attendant);
            Children.ours().add(child);
            attendant.start();
            return child;
        } catch (IOException | RuntimeException | Error e) {
            door.close();
            throw e;
        }
    }

    private static List<String> command(ChildProcess.Builder choices, Charset stdout, Charset stderr) {
        return JvmCommand.of(
                JvmCommand.Model.current(),
                choices.heap,
                choices.jvmOptions,
                Map.of("stdout.encoding", stdout.name(), "stderr.encoding", stderr.name()),
                ChildMain.class);
    }

    private static Map<String, String> environment(ChildProcess.Builder choices, Door door) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        OPTION_VARIABLES.forEach(environment::remove);
        choices.environment.forEach((variable, value) -> {
            if (value == null) {
                environment.remove(variable);
            } else {
                environment.put(variable, value);
            }
        });
        String lineage = System.getenv(ChildMain.LINEAGE);
        environment.put(ChildMain.LINEAGE, (lineage == null ? "" : lineage) + "/" + mark());
        environment.put(ChildMain.DOOR, door.path().toString());
        environment.put(ChildMain.TOKEN, door.token().hex());
        return environment;
    }

    private static String mark() {
        byte[] mark = new byte[MARK_BYTES];
        RANDOM.nextBytes(mark);
        return HexFormat.of().formatHex(mark);
    }

    /** One stream of the child's output: what it is written to, in what character set, and who takes it. */
    private static final class Stream {
        private static final Path NOTHING = Path.of("/dev/null");

        final Charset charset;
        final @Nullable Capture capture;
        private final String name;
        private final Output output;
        private final Supplier<PrintStream> ours;

        Stream(String name, Output output, Supplier<PrintStream> ours) {
            this.name = name;
            this.output = output;
            this.ours = ours;
            this.charset = switch (output.kind()) {
                case PREFIXED, SHARED -> ours.get().charset();
                case CAPTURED, LINES, DISCARDED -> StandardCharsets.UTF_8;
            };
            this.capture = output.kind() == Output.Kind.CAPTURED ? new Capture(charset) : null;
        }

        @Nullable
        AnonymousPipe pipe() throws IOException {
            return switch (output.kind()) {
                case PREFIXED, CAPTURED, LINES -> AnonymousPipe.open();
                case SHARED, DISCARDED -> null;
            };
        }

        @Nullable
        Path target(@Nullable AnonymousPipe pipe) {
            return pipe != null ? pipe.writerPath() : output.kind() == Output.Kind.DISCARDED ? NOTHING : null;
        }

        LinePump.Sink sink() {
            return switch (output.kind()) {
                case PREFIXED -> Sinks.prefixed(name, ours);
                case LINES -> Sinks.lines(charset, output.consumer());
                case CAPTURED, SHARED, DISCARDED -> capture != null ? capture : (_, _) -> {};
            };
        }
    }
}
