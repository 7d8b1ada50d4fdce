package dev.procession.net;

import org.junit.jupiter.api.Nested;

/** Worker processes, each with many connections. */
class ProcessServerTest {
    @Nested
    class Bytes extends StreamServerContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.PROCESS;
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
            return ServerStrategy.PROCESS;
        }
    }

    @Nested
    class Rejections extends StreamServerRejectionContract {
        @Override
        ServerStrategy strategy() {
            return ServerStrategy.PROCESS;
        }
    }
}
