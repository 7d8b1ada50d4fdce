package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.net.ServerStrategy;
import dev.procession.net.StreamServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code connect}, by pipe and by hand, to a server that answers in upper case. */
@ExtendWith(NothingLeft.class)
class ConnectCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int connect(Dialogue.Manner manner, String said, String... arguments) {
        try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            var in = new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8));
            return new CommandLine(new ConnectCommand(outStream, errStream, in, manner))
                    .setExecutionExceptionHandler((fault, _, _) -> {
                        errStream.println(fault.getMessage());
                        return ExitCode.USAGE;
                    })
                    .execute(arguments);
        }
    }

    private static StreamServer upper() {
        return StreamServer.builder()
                .host("127.0.0.1")
                .port(0)
                .strategy(ServerStrategy.GREEN)
                .handler(client -> client.lines().forEach(line -> client.writeLine(line.toUpperCase(Locale.ROOT))))
                .start();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void allOfAPipeIsSentAndAllThatComesIsPrinted() {
        try (StreamServer server = upper()) {
            String said = "straße 你好\n".repeat(20_000);

            assertThat(connect(Dialogue.Manner.PIPED, said, "127.0.0.1:" + server.port()))
                    .as(err.toString(StandardCharsets.UTF_8))
                    .isZero();

            assertThat(out()).isEqualTo("STRASSE 你好\n".repeat(20_000));
        }
    }

    @Test
    void personIsAskedLineByLineUntilQ() {
        try (StreamServer server = upper()) {
            assertThat(connect(Dialogue.Manner.TYPED, "one\ntwo\nq\nnever said\n", "localhost:" + server.port()))
                    .isZero();

            assertThat(out()).contains(">>> ", "ONE\n", "TWO\n").doesNotContain("NEVER");
        }
    }

    @Test
    void endOfTheInputEndsItToo() {
        try (StreamServer server = upper()) {
            assertThat(connect(Dialogue.Manner.TYPED, "", "localhost:" + server.port()))
                    .isZero();
        }
    }

    @Test
    void whereNobodyListensOneLineSaysSo() throws Exception {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }

        assertThat(connect(Dialogue.Manner.PIPED, "", "127.0.0.1:" + port)).isEqualTo(ExitCode.NO_CONNECTION);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("procession: no connection with host=127.0.0.1, port=" + port)
                .hasLineCount(1);
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", ":8081", "localhost:65536", "localhost:http", "a b:1"})
    void whatIsNoAddressIsMisuse(String address) {
        assertThat(connect(Dialogue.Manner.PIPED, "", address)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("expected HOST:PORT");
    }
}
