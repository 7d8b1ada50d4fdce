package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client: calls, what becomes of them when the server goes, and where nobody answers. */
@ExtendWith(NothingLeft.class)
class StreamClientTest {
    private static StreamServer.Builder server(Handler handler) {
        return StreamServer.builder().handler(handler);
    }

    @Test
    void callsOfLinesAndFrames() {
        try (StreamServer lines = server(Handlers::lines).start();
                StreamClient client = StreamClient.builder().port(lines.port()).connect()) {
            assertThat(client.callLine("one")).isEqualTo("ONE");
            assertThat(client.callLine("two")).isEqualTo("TWO");
        }
        try (StreamServer frames = server(Handlers::frames).start();
                StreamClient client = StreamClient.builder().port(frames.port()).connect()) {
            assertThat(client.callFrame(new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
            assertThat(client.callFrame(new byte[0])).isEmpty();
        }
    }

    @Test
    void aCallUnderWayFailsWithTheServerAndTheNextOneFindsTheNewServer() throws Exception {
        int port;
        try (StreamServer first = server(Handlers::lines).start();
                StreamClient client = StreamClient.builder()
                        .port(first.port())
                        .retryFor(Client.PATIENCE)
                        .connect()) {
            port = first.port();
            assertThat(client.callLine("first")).isEqualTo("FIRST");
            assertThatThrownBy(() -> client.callLine("boom"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("before it answered");
            first.closeNow();
            CompletableFuture<StreamServer> second = new CompletableFuture<>();
            Thread starting = Thread.ofPlatform()
                    .start(() ->
                            second.complete(server(Handlers::lines).port(port).start()));
            assertThat(client.callLine("second")).isEqualTo("SECOND");
            second.join().closeNow();
            starting.join();
        }
    }

    @Test
    void whereNobodyListensTheMessageNamesThePort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> StreamClient.builder().port(port).connect())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("host=127.0.0.1, port=" + port);
    }

    @Test
    void retriesEnd() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> StreamClient.builder()
                        .port(port)
                        .retryFor(Duration.ofMillis(100))
                        .connect())
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void closingEndsACallThatWaits() throws Exception {
        try (StreamServer server = server(Handlers::lines).start()) {
            StreamClient client = StreamClient.builder().port(server.port()).connect();
            CompletableFuture<String> answer = new CompletableFuture<>();
            Thread calling = Thread.ofPlatform().start(() -> {
                try {
                    answer.complete(client.callLine("when draining"));
                } catch (UncheckedIOException e) {
                    answer.completeExceptionally(e);
                }
            });
            Client.until("it is at work", () -> server.statistics().bytesIn() > 0);
            client.close();
            assertThatThrownBy(answer::get).hasRootCauseInstanceOf(ClosedChannelException.class);
            calling.join();
        }
    }
}
