package dev.procession.lab.cli;

import dev.procession.lab.experiment.UsageException;
import dev.procession.net.Connection;
import dev.procession.net.FullPolicy;
import dev.procession.net.ServerStrategy;
import dev.procession.net.StreamServer;
import dev.procession.net.Tls;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve upper}: answers what it hears in upper case, as it hears it, in whichever way connections are carried. */
@Command(
        name = "upper",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Answers what it hears in upper case: the server of the course.",
            "Text is UTF-8, in pieces of any size; what ends a line is kept.",
            "SIGTERM or Ctrl-C: no new connection, what is under way is finished; a second one ends at once."
        },
        footer = {"", "Try: ./procession serve upper --port 8081, and elsewhere ./procession connect localhost:8081"})
final class ServeUpperCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--strategy",
            defaultValue = "green",
            paramLabel = "NAME",
            description = "What carries connections: process, process-per-connection, thread, green or loop"
                    + " (default: ${DEFAULT-VALUE}).")
    private String strategy = "";

    @Option(
            names = "--host",
            defaultValue = "localhost",
            paramLabel = "NAME",
            description = "The address to listen on, 0.0.0.0 or :: for all (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "8081",
            paramLabel = "N",
            description = "The port; 0 for one that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--unix", paramLabel = "PATH", description = "Listen on a Unix-domain socket instead.")
    private @Nullable Path unix;

    @Option(names = "--workers", paramLabel = "N", description = "How many processes (default: one for each CPU).")
    private @Nullable Integer workers;

    @Option(names = "--max-connections", paramLabel = "N", description = "At once (default: no limit).")
    private @Nullable Integer maxConnections;

    @Option(names = "--per-address", paramLabel = "N", description = "At once from one address (default: no limit).")
    private @Nullable Integer perAddress;

    @Option(
            names = "--when-full",
            defaultValue = "wait",
            paramLabel = "WHAT",
            description = "Have further clients wait, or reject them (default: ${DEFAULT-VALUE}).")
    private String whenFull = "";

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "Close a connection on which nothing comes for so long (default: never).")
    private double idleSeconds;

    @Option(
            names = "--write-time",
            paramLabel = "SECONDS",
            description = "Close a connection whose client takes nothing for so long (default: never).")
    private double writeSeconds;

    @Option(
            names = "--drain",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "How long connections may go on after SIGTERM (default: ${DEFAULT-VALUE}).")
    private double drainSeconds;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Speak TLS 1.3: the certificate and its chain, PEM.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The certificate's private key, PEM, not encrypted.")
    private @Nullable Path key;

    @Option(
            names = "--tls-clients",
            paramLabel = "FILE",
            description = "Clients must show a certificate of one of these authorities, PEM.")
    private @Nullable Path clients;

    ServeUpperCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Static, so that it travels to worker processes without this command. */
    private static void answer(Connection client) {
        client.text().forEach(heard -> client.write(heard.toUpperCase(Locale.ROOT)));
    }

    @Override
    public Integer call() throws InterruptedException {
        StreamServer.Builder builder = builder();
        try (StreamServer server = builder.start()) {
            out.println("serving upper on " + where(server) + ", strategy=" + strategy
                    + "; Ctrl-C ends it when what is under way has ended, a second one at once");
            server.join();
            return ExitCode.OK;
        } catch (UncheckedIOException refused) {
            err.println("procession: " + refused.getMessage());
            return ExitCode.NO_CONNECTION;
        }
    }

    private StreamServer.Builder builder() {
        StreamServer.Builder builder = StreamServer.builder()
                .name("upper")
                .strategy(choice("--strategy", strategy, ServerStrategy.values()))
                .whenFull(choice("--when-full", whenFull, FullPolicy.values()))
                .drainGrace(seconds("--drain", drainSeconds))
                .idleTimeout(seconds("--idle", idleSeconds))
                .writeTimeout(seconds("--write-time", writeSeconds))
                .handler(ServeUpperCommand::answer);
        if (unix == null) {
            builder.host(host).port(atLeast(0, "--port", port));
        } else {
            builder.unix(unix);
        }
        if (workers != null) {
            builder.workers(atLeast(1, "--workers", workers));
        }
        if (maxConnections != null) {
            builder.maxConnections(atLeast(1, "--max-connections", maxConnections));
        }
        if (perAddress != null) {
            builder.maxConnectionsPerAddress(atLeast(1, "--per-address", perAddress));
        }
        Tls tls = tls();
        return tls == null ? builder : builder.tls(tls);
    }

    private @Nullable Tls tls() {
        if (certificate == null && key == null && clients == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new UsageException("TLS needs a certificate and its key: give both --tls-cert and --tls-key");
        }
        Tls tls = Tls.of(certificate, key);
        return clients == null ? tls : tls.trusting(clients);
    }

    private String where(StreamServer server) {
        return unix == null ? host + ":" + server.port() : unix.toString();
    }

    private static <T extends Enum<T>> T choice(String option, String text, T[] values) {
        List<String> names = Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new UsageException(option + " " + text + " is none of " + String.join(", ", names)
                    + Suggestion.didYouMean(text, names));
        }
        return values[index];
    }

    private static int atLeast(int least, String option, int number) {
        if (number < least) {
            throw new UsageException(option + " must be at least " + least + ": " + number);
        }
        return number;
    }

    private static Duration seconds(String option, double seconds) {
        if (!(seconds >= 0 && seconds < Integer.MAX_VALUE)) {
            throw new UsageException(option + " must be a number of seconds, 0 or more: " + seconds);
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
