package dev.procession.net;

import org.junit.jupiter.api.Nested;

/** The contracts, carried as {@link ServerStrategy#THREAD} does. */
class ThreadServerTest {
    @Nested
    class Bytes extends StreamServerContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.THREAD;
        }
    }

    @Nested
    class Limits extends StreamServerLimitsContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.THREAD;
        }
    }

    @Nested
    class Rejections extends StreamServerRejectionContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.THREAD;
        }
    }
}
