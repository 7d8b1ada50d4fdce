package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.integration.Checkout.Ran;
import dev.procession.integration.Checkout.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./procession serve upper}, as its users run it, and clients that others wrote. */
class ServeTest {
    private static final Pattern SERVING = Pattern.compile("serving upper on \\S+:(\\d+)");
    private static final long PATIENCE_SECONDS = 100;
    private static final String SAID = "straße ﬁ 你好\r\nno end of line: naïve";
    private static final String HEARD = "STRASSE FI 你好\r\nNO END OF LINE: NAÏVE";

    @TempDir
    private Path base;

    private Checkout checkout;
    private Started server;

    @BeforeEach
    void build() throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        checkout = Checkout.built(base);
    }

    @AfterEach
    void noServerIsLeft() {
        if (server != null && server.process().isAlive()) {
            server.process().descendants().forEach(ProcessHandle::destroyForcibly);
            server.process().destroyForcibly();
        }
    }

    /** Starts it on a free port. */
    private int serve(String... options) throws Exception {
        String[] words = new String[options.length + 4];
        System.arraycopy(new String[] {"serve", "upper", "--port", "0"}, 0, words, 0, 4);
        System.arraycopy(options, 0, words, 4, options.length);
        server = checkout.command(words).start();
        return Integer.parseInt(awaitLine(SERVING).group(1));
    }

    private Matcher awaitLine(Pattern line) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Matcher found = line.matcher(Files.readString(server.out()));
        while (!found.find()) {
            assertThat(server.process().isAlive())
                    .as(Files.readString(server.err()))
                    .isTrue();
            assertThat(System.nanoTime() - deadlineNanos).as("time left").isNegative();
            Thread.sleep(20);
            found = line.matcher(Files.readString(server.out()));
        }
        return found;
    }

    private static void terminate(Started started) {
        started.process().toHandle().destroy();
    }

    // ---- clients that others wrote ----

    /** Runs a program of the system with something to say. */
    private Ran client(String packageName, String said, String... command) throws Exception {
        assertThat(List.of("/usr/bin/" + command[0], "/bin/" + command[0]))
                .as("this test needs %s: apt-get install %s", command[0], packageName)
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
        Path in = Files.writeString(base.resolve("said"), said);
        Path out = base.resolve("heard");
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s has ended", command[0])
                    .isTrue();
            return new Ran(process.exitValue(), Files.readString(out), "");
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"green", "thread", "loop", "process", "process-per-connection"})
    void clientsOfTheSystemAreAnswered(String strategy) throws Exception {
        String port = String.valueOf(serve("--strategy", strategy));

        assertThat(client("netcat-openbsd", SAID, "nc", "-N", "127.0.0.1", port).out())
                .isEqualTo(HEARD);
        assertThat(client("socat", SAID, "socat", "-t", "60", "-", "TCP:127.0.0.1:" + port)
                        .out())
                .isEqualTo(HEARD);
    }

    /** Its commands are text, and in upper case still are. */
    @ParameterizedTest
    @ValueSource(strings = {"green", "process"})
    void redisBenchmarkFindsAServerThatEchoes(String strategy) throws Exception {
        String port = String.valueOf(serve("--strategy", strategy));

        Ran ran = client(
                "redis-tools", "", "redis-benchmark", "-p", port, "-n", "2000", "-c", "20", "-q", "echo", "hello");

        assertThat(ran.exitCode()).as(ran.out()).isZero();
        assertThat(ran.out()).contains("requests per second").doesNotContain("Error");
    }

    @Test
    void connectIsAClientOfItAndOfAPipe() throws Exception {
        int port = serve();
        Path said = Files.writeString(base.resolve("said"), SAID);

        Ran ran = checkout.command("-c", "'" + checkout.launcher() + "' connect localhost:" + port + " <'" + said + "'")
                .by("sh")
                .run();

        assertThat(ran).isEqualTo(new Ran(0, HEARD, ""));
    }

    // ---- life and errors ----

    @ParameterizedTest
    @ValueSource(strings = {"green", "process"})
    void terminatedServerEndsWhatIsUnderWayAndLeavesNothing(String strategy) throws Exception {
        int port = serve("--strategy", strategy);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            client.getOutputStream().write("under way\n".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getInputStream().readNBytes(10)).asString().isEqualTo("UNDER WAY\n");

            terminate(server);

            assertThat(client.getInputStream().read()).as("end of stream").isEqualTo(-1);
        }
        Ran ran = checkout.await(server);
        assertThat(ran.exitCode()).as(ran.err()).isIn(0, 143);
    }

    @Test
    void portInUseIsNamed() throws Exception {
        int port = serve();

        Ran second = checkout.run("serve", "upper", "--port", String.valueOf(port));

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err())
                .startsWith("procession: ")
                .contains(String.valueOf(port))
                .hasLineCount(1);
    }

    @Test
    void socketInTheFileSystemIsTheUsersOwnAndGoneAfterwards() throws Exception {
        Path socket = base.resolve("socket");
        server = checkout.command("serve", "upper", "--unix", socket.toString()).start();
        awaitLine(Pattern.compile("serving upper on .*socket"));

        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(client("socat", SAID, "socat", "-t", "60", "-", "UNIX-CONNECT:" + socket)
                        .out())
                .isEqualTo(HEARD);
        terminate(server);
        checkout.await(server);
        assertThat(socket).doesNotExist();
    }

    @Test
    void misuseIsSaidInOneLine() throws Exception {
        assertThat(checkout.run("serve", "uper"))
                .isEqualTo(new Ran(
                        64,
                        "",
                        "procession: unknown command uper. Did you mean upper? (see: procession serve --help)\n"));
        Ran strategy = checkout.run("serve", "upper", "--strategy", "gren");
        assertThat(strategy.exitCode()).isEqualTo(64);
        assertThat(strategy.err()).contains("Did you mean green?").hasLineCount(1);
        Ran nowhere = checkout.run("connect", "localhost");
        assertThat(nowhere.exitCode()).isEqualTo(64);
        assertThat(nowhere.err()).contains("HOST:PORT").hasLineCount(1);
    }
}
