package dev.procession.conformance;

import dev.procession.core.Pool;
import dev.procession.core.ThreadPool;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Nested;

/** The JDK's executors show that the suite asks for nothing they do not promise; then come our pools of threads. */
class ThreadPoolTest {
    @Nested
    class JdkPlatformThreads extends ExecutorContract {
        @Override
        protected ExecutorService newExecutor(int workers) {
            return Executors.newFixedThreadPool(workers);
        }
    }

    @Nested
    class JdkVirtualThreads extends ExecutorContract {
        @Override
        protected ExecutorService newExecutor(int workers) {
            return Executors.newFixedThreadPool(workers, Thread.ofVirtual().factory());
        }
    }

    @Nested
    class AsExecutor extends ExecutorContract {
        @Override
        protected ExecutorService newExecutor(int workers) {
            return ThreadPool.of(workers);
        }
    }

    @Nested
    class VirtualAsExecutor extends ExecutorContract {
        @Override
        protected ExecutorService newExecutor(int workers) {
            return ThreadPool.virtual(workers);
        }
    }

    @Nested
    class Futures extends FutureContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.of(workers);
        }
    }

    @Nested
    class VirtualFutures extends FutureContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.virtual(workers);
        }
    }

    @Nested
    class AsPool extends PoolContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.of(workers);
        }
    }

    @Nested
    class VirtualAsPool extends PoolContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.virtual(workers);
        }
    }

    @Nested
    class Map extends PoolMapContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.of(workers);
        }
    }

    @Nested
    class VirtualMap extends PoolMapContract {
        @Override
        protected Pool newPool(int workers) {
            return ThreadPool.virtual(workers);
        }
    }
}
