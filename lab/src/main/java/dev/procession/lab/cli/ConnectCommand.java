package dev.procession.lab.cli;

import dev.procession.lab.experiment.UsageException;
import dev.procession.net.StreamClient;
import dev.procession.net.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code connect}: a client of any server that is spoken to in text. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Connects to a TCP server, sends what is typed, line by line, and shows what comes; q quits.",
            "Where the input is a pipe or a file, all of it is sent, and the output is what came until the server ended."
        },
        footer = {"", "Try: echo hello | ./procession connect localhost:8081"})
final class ConnectCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([0-9a-fA-F:.%\\w]+)]|([^:\\s]+)):(\\d{1,5})");
    private static final int MOST_PORT = 0xFFFF;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final Dialogue.Manner manner;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            description = "The server, as in localhost:8081 or [::1]:8081.")
    private @Nullable String address;

    @Option(names = "--unix", paramLabel = "PATH", description = "A Unix-domain socket instead.")
    private @Nullable Path unix;

    @Option(names = "--tls", description = "Speak TLS 1.3.")
    private boolean tls;

    @Option(
            names = "--tls-trust",
            paramLabel = "FILE",
            description = "Trust the authorities in this file alone, PEM; implies --tls.")
    private @Nullable Path trust;

    ConnectCommand(PrintStream out, PrintStream err, InputStream in, Dialogue.Manner manner) {
        this.out = out;
        this.err = err;
        this.in = in;
        this.manner = manner;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        StreamClient.Builder builder = builder();
        try (StreamClient client = builder.connect()) {
            return talk(client);
        } catch (UncheckedIOException nobody) {
            err.println("procession: " + nobody.getMessage());
            return ExitCode.NO_CONNECTION;
        }
    }

    private int talk(StreamClient client) throws IOException, InterruptedException {
        try {
            new Dialogue(client.connection(), in, out).hold(manner);
            return ExitCode.OK;
        } catch (UncheckedIOException broken) {
            err.println("procession: the connection with " + (unix == null ? address : unix) + " broke: "
                    + Objects.requireNonNullElse(broken.getCause(), broken).getMessage());
            return ExitCode.NO_CONNECTION;
        }
    }

    private StreamClient.Builder builder() {
        StreamClient.Builder builder = StreamClient.builder().connectTimeout(PATIENCE);
        if (unix != null) {
            builder.unix(unix);
        } else {
            Matcher parts = ADDRESS.matcher(String.valueOf(address));
            if (!parts.matches() || Integer.parseInt(parts.group(3)) > MOST_PORT) {
                throw new UsageException("expected HOST:PORT, as in localhost:8081"
                        + (address == null ? "" : ", not " + address) + " (see: procession connect --help)");
            }
            builder.host(parts.group(1) == null ? parts.group(2) : parts.group(1))
                    .port(Integer.parseInt(parts.group(3)));
        }
        if (trust != null) {
            builder.tls(Tls.system().trusting(trust));
        } else if (tls) {
            builder.tls(Tls.system());
        }
        return builder;
    }
}
