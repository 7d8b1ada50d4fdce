package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What strategies promise that accept clients in order to turn them away. */
@ExtendWith(NothingLeft.class)
abstract class StreamServerRejectionContract {
    /** What carries the connections. */
    abstract ServerStrategy strategy();

    private StreamServer.Builder builder(Handler handler) {
        return StreamServer.builder()
                .name("limits")
                .strategy(strategy())
                .workers(1)
                .handler(handler);
    }

    @Test
    void c17BeyondTheLimitClientsMayBeRejected() throws Exception {
        try (StreamServer server = builder(Handlers::lines)
                        .maxConnections(1)
                        .whenFull(FullPolicy.REJECT)
                        .start();
                Client first = new Client(server)) {
            assertThat(first.ask("first")).isEqualTo("FIRST");
            try (Client second = new Client(server)) {
                second.assertGone();
            }
            assertThat(server.statistics().rejected()).isEqualTo(1);
            first.close();
            Client.until("there is room again", () -> server.statistics().active() == 0);
            try (Client third = new Client(server)) {
                assertThat(third.ask("third")).isEqualTo("THIRD");
            }
        }
    }

    @Test
    void oneAddressMayHaveSoManyConnectionsAndNoMore() throws Exception {
        try (StreamServer server =
                        builder(Handlers::lines).maxConnectionsPerAddress(2).start();
                Client first = new Client(server);
                Client second = new Client(server)) {
            assertThat(first.ask("first")).isEqualTo("FIRST");
            assertThat(second.ask("second")).isEqualTo("SECOND");
            try (Client third = new Client(server)) {
                third.assertGone();
            }
            assertThat(server.statistics().rejected()).isEqualTo(1);
            second.close();
            Client.until("one has left", () -> server.statistics().active() == 1);
            try (Client third = new Client(server)) {
                assertThat(third.ask("third")).isEqualTo("THIRD");
            }
        }
    }
}
