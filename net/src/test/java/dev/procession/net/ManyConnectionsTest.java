package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten thousand connections for a minute, of which one in a hundred is another one every second. */
@Tag("soak")
@ExtendWith(NothingLeft.class)
class ManyConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int CHANGED_EACH_SECOND = CONNECTIONS / 100;
    private static final Duration HELD = Duration.ofSeconds(60);

    /** The selectors, classes and logs of a process that serves. */
    private static final int DESCRIPTORS_BESIDES = 16;

    private final Deque<Client> held = new ArrayDeque<>(CONNECTIONS);

    private static void serve(ServerStrategy strategy) throws InterruptedException {
        try (StreamServer server = StreamServer.builder()
                .strategy(strategy)
                .handler(Handlers::lines)
                .start()) {
            System.out.println(server.port());
            server.join();
            ServerStatistics end = server.statistics();
            System.out.println("accepted=" + end.accepted() + ", rejected=" + end.rejected() + ", failed="
                    + end.failed() + ", reset=" + end.reset() + ", active=" + end.active());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GREEN", "LOOP"})
    @Timeout(600)
    void tenThousandAreHeldUnderChurnWithoutAnErrorOrADescriptorLeft(ServerStrategy strategy) throws Exception {
        ChildProcess server = ChildProcess.builder().stdout(Output.captured()).start(() -> serve(strategy));
        try {
            Client.until("it listens", () -> server.stdout().endsWith("\n"));
            int port = Integer.parseInt(server.stdout().strip());
            connect(port);
            held.removeFirst().close();
            long before = descriptors(server);

            for (int i = 0; i < CONNECTIONS; i++) {
                connect(port);
            }
            int changed = hold(port);
            for (Client client : held) {
                assertThat(client.ask("still there")).isEqualTo("STILL THERE");
            }
            assertThat(descriptors(server)).isGreaterThanOrEqualTo(before + CONNECTIONS - 1);

            held.forEach(Client::close);
            Client.until("all have left", () -> descriptors(server) <= before + DESCRIPTORS_BESIDES);
            server.terminate();
            server.join();
            assertThat(server.exitCode()).hasValue(0);
            assertThat(server.stdout())
                    .contains("accepted=" + (1 + CONNECTIONS + changed) + ", rejected=0, failed=0, reset=0, active=0");
        } finally {
            held.forEach(Client::close);
            server.kill();
            server.join();
        }
    }

    private void connect(int port) throws IOException {
        Client client = new Client(InetAddress.getLoopbackAddress(), port);
        held.addLast(client);
        assertThat(client.ask("hello")).isEqualTo("HELLO");
    }

    /** Replaces the oldest ones, evenly over the time; how many. */
    private int hold(int port) throws Exception {
        long startNanos = System.nanoTime();
        int changed = 0;
        while (changed < HELD.toSeconds() * CHANGED_EACH_SECOND) {
            long due = Math.min(
                    HELD.toSeconds() * CHANGED_EACH_SECOND,
                    (System.nanoTime() - startNanos) * CHANGED_EACH_SECOND / 1_000_000_000L);
            for (; changed < due; changed++) {
                Client oldest = held.removeFirst();
                assertThat(oldest.ask("bye")).isEqualTo("BYE");
                oldest.sendEnd();
                oldest.assertEnded();
                oldest.close();
                connect(port);
            }
            Thread.sleep(5);
        }
        return changed;
    }

    private static long descriptors(ChildProcess server) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
