package dev.procession.conformance;

import dev.procession.core.JoinableQueue;
import dev.procession.core.LifoBlockingQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Nested;

/** The JDK's queues show that the suite asks for nothing a {@link BlockingQueue} does not promise; then ours. */
class InProcessQueuesTest {
    @Nested
    class ArrayQueue extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new ArrayBlockingQueue<>(capacity);
        }
    }

    @Nested
    class LinkedQueue extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new LinkedBlockingQueue<>(capacity);
        }
    }

    @Nested
    class LinkedDeque extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new LinkedBlockingDeque<>(capacity);
        }
    }

    @Nested
    class Lifo extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new LifoBlockingQueue<>(capacity);
        }

        @Override
        protected Order order() {
            return Order.LIFO;
        }
    }

    @Nested
    class Joinable extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new JoinableQueue<>(new ArrayBlockingQueue<>(capacity));
        }
    }

    @Nested
    class JoinableLifo extends BlockingQueueContract {
        @Override
        protected BlockingQueue<Integer> newQueue(int capacity) {
            return new JoinableQueue<>(new LifoBlockingQueue<>(capacity));
        }

        @Override
        protected Order order() {
            return Order.LIFO;
        }
    }
}
