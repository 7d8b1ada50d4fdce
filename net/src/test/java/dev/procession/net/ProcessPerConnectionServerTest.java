package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worker processes, each with one connection at a time. */
class ProcessPerConnectionServerTest {
    private static final int FEW = 6;

    @Nested
    class Bytes extends StreamServerContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.PROCESS_PER_CONNECTION;
        }

        @Override
        int crowd(int usual) {
            return Math.min(usual, FEW);
        }

        @Override
        boolean reportsHere() {
            return false;
        }
    }

    @Nested
    class Limits extends StreamServerLimitsContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.PROCESS_PER_CONNECTION;
        }

        @Override
        int crowd(int usual) {
            return Math.min(usual, FEW);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatWouldTurnClientsAwayIsRefused(int which) {
        StreamServer.Builder builder = StreamServer.builder()
                .strategy(ServerStrategy.PROCESS_PER_CONNECTION)
                .handler(Handlers::lines);
        assertThatThrownBy(
                        (which == 1 ? builder.whenFull(FullPolicy.REJECT) : builder.maxConnectionsPerAddress(2))::start)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("PROCESS_PER_CONNECTION lets clients wait");
    }
}
