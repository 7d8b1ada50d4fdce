package dev.procession.net;

import org.junit.jupiter.api.Nested;

/** The contracts, carried as {@link ServerStrategy#LOOP} does. */
class LoopServerTest {
    @Nested
    class Bytes extends StreamServerContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.LOOP;
        }
    }

    @Nested
    class Limits extends StreamServerLimitsContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.LOOP;
        }
    }

    @Nested
    class Rejections extends StreamServerRejectionContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.LOOP;
        }
    }
}
