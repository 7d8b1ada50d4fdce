package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import dev.procession.process.Hello.Token;
import dev.procession.process.JvmCommand.Model;
import dev.procession.process.Sinks.Capture;
import dev.procession.process.Sinks.Tail;
import dev.procession.process.Spawner.Order;
import dev.procession.process.Spawner.Spawned;
import dev.procession.process.Spawner.Target;
import dev.procession.shm.FamilySpace;
import dev.procession.shm.os.AnonymousPipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The start of one child, in the order in which things can fail: the action becomes bytes, the door and the pipes are
 * made, the process is made, and from then on an {@link Attendant} looks after it. What fails on the way takes back what
 * was made before, so that nothing is left.
 */
final class ChildStart {
    private static final Spawner SPAWNER = Spawner.choose();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MARK_BYTES = 8;

    /** They would be heard twice, since the options in them are among those a child inherits. */
    private static final List<String> OPTION_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private ChildStart() {}

    /**
     * Asks whether children can be given a socket here.
     *
     * @throws UnsupportedOperationException if not
     */
    static void ensureSocketsCanBeGiven() {
        if (!(SPAWNER instanceof NativeSpawner)) {
            throw new UnsupportedOperationException("children cannot be given a socket here: os="
                    + System.getProperty("os.name") + ", spawner=portable");
        }
    }

    static ChildProcess of(ChildProcess.Builder choices, SerializableAction action) {
        byte[] task = Codec.standard().encode(action);
        Lineage self = Lineage.current();
        List<Integer> path = self.nextChildPath();
        String name = choices.name != null ? choices.name : Lineage.nameOf(path);
        Children.ours().ensureAllowed(name, choices.ending);
        try {
            Optional<ClassSource> classes = ClassSource.of(action);
            Welcome.Code code = classes.isPresent() ? Welcome.Code.FETCHED : Welcome.Code.ON_PATH;
            return spawn(choices, new Welcome(name, path, choices.ending, self.self(), code), task, classes);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start a child: name=" + name + ", java="
                            + Model.current().java() + ", workingDirectory=" + choices.workingDirectory
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static ChildProcess spawn(
            ChildProcess.Builder choices, Welcome welcome, byte[] task, Optional<ClassSource> classes)
            throws IOException {
        try (var stdout = new Stream(welcome.name(), choices.stdout, Standard.OUTPUT);
                var stderr = new Stream(welcome.name(), choices.stderr, Standard.ERROR)) {
            Model model = Model.current();
            Optional<TrainedArchive> archive = TrainedArchive.of(model, choices.jvmOptions);
            List<String> own = new ArrayList<>(choices.heap);
            archive.ifPresent(trained -> own.addAll(trained.options()));
            String mark = mark();
            var crashFile = CrashFile.of(model, choices.jvmOptions, choices.workingDirectory, mark);
            own.addAll(crashFile.option());
            var order = new Order(
                    command(model, choices, own, stdout.charset, stderr.charset),
                    changes(choices, mark),
                    choices.workingDirectory,
                    choices.stdin,
                    stdout.target(),
                    stderr.target(),
                    Token.random());
            Spawned process = CpuBinding.on(choices.cpus, () -> SPAWNER.spawn(order));
            var postmortem = new Postmortem(
                    welcome.name() + " (pid " + process.pid() + ")", process.pid(), stderr.tail, crashFile);
            var child = new ChildProcess(
                    welcome.name(), welcome.ending(), process, stdout.capture, stderr.capture, postmortem);
            var attendant = new Attendant(child, process, welcome, task, classes, archive);
            stdout.pump().ifPresent(pump -> attendant.carry(pump, "stdout"));
            stderr.pump().ifPresent(pump -> attendant.carry(pump, "stderr"));
            child.attendedBy(attendant);
            Children.ours().add(child);
            attendant.start();
            return child;
        }
    }

    private static List<String> command(
            Model model, ChildProcess.Builder choices, List<String> own, Charset stdout, Charset stderr) {
        return JvmCommand.of(
                model,
                own,
                choices.jvmOptions,
                Map.of("stdout.encoding", stdout.name(), "stderr.encoding", stderr.name()),
                ChildMain.class);
    }

    private static Map<String, @Nullable String> changes(ChildProcess.Builder choices, String mark) {
        Map<String, @Nullable String> changes = new HashMap<>();
        OPTION_VARIABLES.forEach(variable -> changes.put(variable, null));
        FamilySpace.handoverIfBegun().ifPresent(handover -> changes.put(FamilySpace.VARIABLE, handover));
        changes.putAll(choices.environment);
        String lineage = System.getenv(ChildMain.LINEAGE);
        changes.put(ChildMain.LINEAGE, (lineage == null ? "" : lineage) + "/" + mark);
        return changes;
    }

    private static String mark() {
        byte[] mark = new byte[MARK_BYTES];
        RANDOM.nextBytes(mark);
        return HexFormat.of().formatHex(mark);
    }

    /** This process's own streams, as set at the moment of asking. */
    private enum Standard {
        OUTPUT,
        ERROR;

        PrintStream ours() {
            return this == OUTPUT ? System.out : System.err;
        }
    }

    /** One stream of the child's output: what it is written to, in what character set, and who takes it. */
    private static final class Stream implements AutoCloseable {
        final Charset charset;
        final @Nullable Capture capture;

        /** The last lines, kept where they are read at all: they tell why a child died. */
        final @Nullable Tail tail;

        private final @Nullable AnonymousPipe pipe;

        /** Opened while there is no process yet, since it can fail. Closed by the pump, once there is one. */
        private @Nullable InputStream source;

        private final Output output;

        Stream(String name, Output output, Standard standard) throws IOException {
            this.output = output;
            this.charset = switch (output.kind()) {
                case PREFIXED, SHARED -> standard.ours().charset();
                case CAPTURED, LINES, DISCARDED -> StandardCharsets.UTF_8;
            };
            this.capture = output.kind() == Output.Kind.CAPTURED ? new Capture(charset) : null;
            this.tail = switch (output.kind()) {
                case PREFIXED -> new Tail(Sinks.prefixed(name, standard::ours), charset);
                case LINES -> new Tail(Sinks.lines(charset, output.consumer()), charset);
                case CAPTURED -> new Tail(Objects.requireNonNull(capture), charset);
                case SHARED, DISCARDED -> null;
            };
            this.pipe = tail == null ? null : AnonymousPipe.open();
            this.source = pipe == null ? null : openOrClose(pipe);
        }

        private static InputStream openOrClose(AnonymousPipe pipe) throws IOException {
            try {
                return pipe.reader();
            } catch (IOException e) {
                pipe.close();
                throw e;
            }
        }

        Target target() {
            return pipe != null
                    ? new Target.ToPipe(pipe)
                    : output.kind() == Output.Kind.DISCARDED ? new Target.Discarded() : new Target.Shared();
        }

        /** Hands the reading end over. */
        Optional<LinePump> pump() {
            if (source == null || tail == null) {
                return Optional.empty();
            }
            var pump = new LinePump(source, tail);
            source = null;
            return Optional.of(pump);
        }

        @Override
        public void close() throws IOException {
            if (pipe != null) {
                pipe.close();
            }
            if (source != null) {
                source.close();
            }
        }
    }
}
