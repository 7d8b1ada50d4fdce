package dev.procession.green;

import dev.procession.conformance.ExecutorContract;
import dev.procession.conformance.FutureContract;
import dev.procession.conformance.PoolContract;
import dev.procession.conformance.PoolMapContract;
import dev.procession.core.Pool;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Nested;

/**
 * A pool of green tasks keeps what every executor, future and pool promises. Not where a blocking call of the JDK stalls the
 * loop: the suites' tasks wait for each other in such calls.
 */
class GreenPoolContractTest {
    @Nested
    class AsExecutor extends ExecutorContract {
        @Override
        protected ExecutorService newExecutor(int workers) {
            return GreenPool.of(workers);
        }
    }

    @Nested
    class Futures extends FutureContract {
        @Override
        protected Pool newPool(int workers) {
            return GreenPool.of(workers);
        }
    }

    @Nested
    class AsPool extends PoolContract {
        @Override
        protected Pool newPool(int workers) {
            return GreenPool.of(workers);
        }
    }

    @Nested
    class Map extends PoolMapContract {
        @Override
        protected Pool newPool(int workers) {
            return GreenPool.of(workers);
        }
    }
}
