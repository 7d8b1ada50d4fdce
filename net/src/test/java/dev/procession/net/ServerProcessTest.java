package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that has a JVM to itself, and the signals that end it. */
@ExtendWith(NothingLeft.class)
class ServerProcessTest {
    private static final int DESCRIPTORS_MORE = 12;

    private static void serve(ServerStrategy strategy) throws InterruptedException {
        try (StreamServer server = StreamServer.builder()
                .strategy(strategy)
                .drainGrace(Client.PATIENCE)
                .handler(Handlers::lines)
                .start()) {
            System.out.println(server.port());
            server.join();
            System.out.println("ended");
        }
    }

    private static ChildProcess start(ServerStrategy strategy) {
        return ChildProcess.builder().stdout(Output.captured()).start(() -> serve(strategy));
    }

    private static Client connect(ChildProcess server) throws Exception {
        Client.until("it listens", () -> server.stdout().endsWith("\n"));
        return new Client(
                InetAddress.getLoopbackAddress(),
                Integer.parseInt(server.stdout().lines().findFirst().orElseThrow()));
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "LOOP"})
    void c20TheFirstSignalDrains(ServerStrategy strategy) throws Exception {
        ChildProcess server = start(strategy);
        try (Client busy = connect(server);
                Client idle = connect(server)) {
            assertThat(idle.ask("idle")).isEqualTo("IDLE");
            assertThat(busy.ask("busy")).isEqualTo("BUSY");
            busy.send("when draining\n");

            server.terminate();

            assertThat(busy.receiveLine()).isEqualTo("drained");
            busy.assertEnded();
            idle.assertEnded();
            busy.close();
            idle.close();
            server.join();
            assertThat(server.exitCode()).hasValue(0);
            assertThat(server.stdout()).endsWith("ended\n");
        } finally {
            server.kill();
            server.join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "LOOP"})
    void theSecondSignalEndsItAtOnce(ServerStrategy strategy) throws Exception {
        ChildProcess server = start(strategy);
        try (Client stuck = connect(server);
                Client idle = connect(server)) {
            assertThat(idle.ask("idle")).isEqualTo("IDLE");
            assertThat(stuck.ask("stuck")).isEqualTo("STUCK");
            stuck.send("never\n");
            server.terminate();
            idle.assertEnded(); // the drain has begun
            assertThat(server.isAlive()).isTrue();

            server.terminate();

            stuck.assertGone();
            server.join();
            assertThat(server.exitCode()).hasValue(-15);
        } finally {
            server.kill();
            server.join();
        }
    }

    /** What a client that was not accepted sees is a queue; what the server does is to wait, and to say so once. */
    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "LOOP"})
    void withoutDescriptorsClientsWaitAndAreServedLater(ServerStrategy strategy) throws Exception {
        ChildProcess server = ChildProcess.builder()
                .stdout(Output.captured())
                .stderr(Output.captured())
                .start(() -> serve(strategy));
        List<Client> clients = new ArrayList<>();
        try {
            clients.add(connect(server));
            assertThat(clients.getFirst().ask("first")).isEqualTo("FIRST");
            allowDescriptors(server, DESCRIPTORS_MORE);
            for (int i = 0; i < DESCRIPTORS_MORE + 1; i++) {
                clients.add(connect(server));
                clients.getLast().send("client " + i + "\n");
            }
            Client.until("the server has said so", () -> server.stderr().contains("cannot take a connection"));

            Duration before = cpu(server);
            assertThat(clients.getFirst().ask("others are served")).isEqualTo("OTHERS ARE SERVED");
            long sinceNanos = System.nanoTime();
            Client.until("two seconds are over", () -> System.nanoTime() - sinceNanos > 2_000_000_000L);
            assertThat(cpu(server).minus(before)).as("CPU time in two seconds").isLessThan(Duration.ofSeconds(1));

            for (int i = 0; i <= DESCRIPTORS_MORE; i++) {
                Client client = clients.get(i + 1);
                assertThat(client.receiveLine()).isEqualTo("CLIENT " + i);
                client.close(); // so that the next one finds a descriptor
            }
            assertThat(server.stderr().split("cannot take a connection", -1))
                    .as(server.stderr())
                    .hasSize(2);
        } finally {
            for (Client client : clients) {
                client.close();
            }
            server.kill();
            server.join();
        }
    }

    /** Lets the process have so many descriptors more than it has. */
    private static void allowDescriptors(ChildProcess server, int more) throws Exception {
        Set<Long> open;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            open = descriptors
                    .map(descriptor -> Long.parseLong(descriptor.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
        long bound = LongStream.iterate(0, number -> number + 1)
                        .filter(number -> !open.contains(number))
                        .skip(more - 1)
                        .findFirst()
                        .orElseThrow()
                + 1;
        Process limit = new ProcessBuilder("prlimit", "--pid", String.valueOf(server.pid()), "--nofile=" + bound)
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).as("prlimit's exit code").isZero();
    }

    private static Duration cpu(ChildProcess server) {
        return ProcessHandle.of(server.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }
}
