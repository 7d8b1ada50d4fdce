package dev.procession.net;

import org.junit.jupiter.api.Nested;

/** The contracts, carried as {@link ServerStrategy#GREEN} does. */
class GreenServerTest {
    @Nested
    class Bytes extends StreamServerContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.GREEN;
        }
    }

    @Nested
    class Limits extends StreamServerLimitsContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.GREEN;
        }
    }

    @Nested
    class Rejections extends StreamServerRejectionContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.GREEN;
        }
    }
}
