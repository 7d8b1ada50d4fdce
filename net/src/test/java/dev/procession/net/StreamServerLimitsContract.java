package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every strategy promises of limits. */
@ExtendWith(NothingLeft.class)
abstract class StreamServerLimitsContract {
    private static final int TOO_MUCH = 64 << 20;

    /** What carries the connections. */
    abstract ServerStrategy strategy();

    /** How many connections to make where it takes many. */
    int crowd(int usual) {
        return usual;
    }

    private StreamServer.Builder builder(Handler handler) {
        return StreamServer.builder()
                .name("limits")
                .strategy(strategy())
                .workers(1)
                .handler(handler);
    }

    @Test
    void c07APeerThatNeverReadsStopsTheServerAndIsCut() throws Exception {
        try (StreamServer server = builder(Handlers::echo)
                        .writeTimeout(Duration.ofSeconds(1))
                        .start();
                SocketChannel client = SocketChannel.open()) {
            client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            client.configureBlocking(false);
            long sent = 0;
            while (server.statistics().cutStalled() == 0) {
                sent += trySend(client);
                assertThat(sent)
                        .as("bytes that a server took of a peer that reads none")
                        .isLessThan(TOO_MUCH);
            }
            Client.until("it has gone", () -> server.statistics().active() == 0);
        }
    }

    private static int trySend(SocketChannel client) throws InterruptedException {
        try {
            int sent = client.write(ByteBuffer.allocate(64 << 10));
            if (sent == 0) {
                Thread.sleep(1);
            }
            return sent;
        } catch (java.io.IOException cut) {
            return 0;
        }
    }

    @Test
    void c09SlowLorisesAreCutThoughNeverIdle() throws Exception {
        List<Client> slow = new ArrayList<>();
        try (StreamServer server = builder(Handlers::lines)
                        .frameTimeout(Duration.ofSeconds(1))
                        .idleTimeout(Duration.ofMinutes(5))
                        .start();
                Client other = new Client(server)) {
            for (int i = 0; i < crowd(30); i++) {
                slow.add(new Client(server));
            }
            while (server.statistics().cutSlow() < slow.size()) {
                for (Client client : slow) {
                    dribble(client);
                }
                assertThat(other.ask("still")).isEqualTo("STILL");
                Thread.sleep(20);
            }
            slow.forEach(Client::assertGone);
            assertThat(server.statistics().cutIdle()).isZero();
        } finally {
            slow.forEach(Client::close);
        }
    }

    private static void dribble(Client client) {
        try {
            client.send("x");
        } catch (java.io.IOException cut) {
            // this one is gone already
        }
    }

    @Test
    void linesThatComeOneAfterTheOtherInHalvesAreNotSlow() throws Exception {
        try (StreamServer server = builder(Handlers::lines)
                        .frameTimeout(Duration.ofSeconds(20))
                        .start();
                Client client = new Client(server)) {
            client.send("first ");
            for (int i = 0; i < 50; i++) {
                client.send("line\nnext ");
                client.receiveLine();
                assertThat(server.statistics().cutSlow()).isZero();
            }
        }
    }

    @Test
    void c10SilentPeersAreCutAndActiveOnesStay() throws Exception {
        try (StreamServer server = builder(Handlers::lines)
                        .idleTimeout(Duration.ofSeconds(4))
                        .start();
                Client silent = new Client(server);
                Client active = new Client(server)) {
            while (server.statistics().cutIdle() == 0) {
                assertThat(active.ask("active")).isEqualTo("ACTIVE");
                Thread.sleep(20);
            }
            silent.assertEnded();
            assertThat(active.ask("active")).isEqualTo("ACTIVE");
        }
    }

    @Test
    void c14PeerThatVanishedIsCutByIdleTime() throws Exception {
        try (StreamServer server = builder(Handlers::lines)
                        .idleTimeout(Duration.ofSeconds(1))
                        .start();
                VanishingPeer peer = new VanishingPeer(server.port())) {
            Client.until("it is served", () -> server.statistics().accepted() == 1);
            peer.vanish();
            Client.until("it is cut", () -> server.statistics().cutIdle() == 1);
            Client.until("it is gone", () -> server.statistics().active() == 0);
        }
    }

    @Test
    void c17BeyondTheLimitClientsWaitAndAreServedLater() throws Exception {
        int limit = 5;
        try (StreamServer server =
                        builder(Handlers::lines).maxConnections(limit).start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < crowd(60); i++) {
                answers.add(clients.submit(() -> {
                    try (Client client = new Client(server)) {
                        return client.ask("flood");
                    }
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("FLOOD");
            }
            assertThat(server.statistics().peak()).isBetween(1L, (long) limit);
            assertThat(server.statistics().rejected()).isZero();
        }
    }

    @Test
    void aClientBeyondTheLimitIsServedWhenAnotherLeaves() throws Exception {
        try (StreamServer server = builder(Handlers::lines).maxConnections(1).start();
                Client first = new Client(server)) {
            assertThat(first.ask("first")).isEqualTo("FIRST");
            try (Client second = new Client(server)) {
                second.send("second\n");
                CompletableFuture<String> answer = new CompletableFuture<>();
                Thread.ofVirtual().start(() -> {
                    try {
                        answer.complete(second.receiveLine());
                    } catch (java.io.IOException | AssertionError e) {
                        answer.completeExceptionally(e);
                    }
                });
                assertThat(first.ask("again")).isEqualTo("AGAIN");
                assertThat(answer).isNotDone();
                first.close();
                assertThat(answer.get()).isEqualTo("SECOND");
            }
        }
    }

    @Test
    void aHandshakeThatStallsIsCutAndKeepsOutNobody() throws Exception {
        try (StreamServer server = builder(Handlers::lines)
                        .layer(Handlers::greeted)
                        .handshakeTimeout(Duration.ofSeconds(2))
                        .start();
                Client silent = new Client(server);
                Client polite = new Client(server)) {
            polite.send("!");
            assertThat(polite.ask("hello")).isEqualTo("HELLO");
            silent.assertEnded();
            Client.until("it is counted", () -> server.statistics().cutHandshake() == 1);
            assertThat(polite.ask("again")).isEqualTo("AGAIN");
        }
    }
}
