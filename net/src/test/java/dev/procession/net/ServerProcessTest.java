package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import java.net.InetAddress;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that has a JVM to itself, and the signals that end it. */
@ExtendWith(NothingLeft.class)
class ServerProcessTest {
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
}
