package dev.procession.shm;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.testers.CollectionToStringTester;
import dev.procession.core.JoinableQueue;
import dev.procession.core.LifoBlockingQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suite for queues, over the shared one and over those of core.
 *
 * <p>Left out, by not claiming the feature: {@code ALLOWS_NULL_*} (null is refused), {@code
 * FAILS_FAST_ON_CONCURRENT_MODIFICATION} (iterators show one moment), {@code SERIALIZABLE} (a shared queue is serialized
 * as its handle, where the suite asks for a copy of its content; the others are not), and for the last-in-first-out ones
 * {@code KNOWN_ORDER}, by which the suite means that what was put first is first. Their order is in
 * BlockingQueueContract. Suppressed: {@code toString} of the shared queue, which says which one it is, as every shared
 * object does, and would have to decode all items to show them.
 */
class GuavaQueueSuiteTest {
    private static final int CAPACITY = 100;
    private static final int FEWEST_TESTS = 200;
    private static final List<SharedQueue<String>> OPENED = Collections.synchronizedList(new ArrayList<>());

    @AfterAll
    static void close() {
        OPENED.forEach(SharedQueue::close);
        OPENED.clear();
    }

    @TestFactory
    Stream<DynamicTest> shared() {
        TestSuite suite = firstInFirstOut("SharedQueue", () -> {
                    SharedQueue<String> queue = SharedQueue.create(CAPACITY);
                    OPENED.add(queue);
                    return queue;
                })
                .suppressing(Arrays.stream(CollectionToStringTester.class.getMethods())
                        .filter(method -> method.getName().startsWith("test"))
                        .toList())
                .createTestSuite();
        return GuavaSuite.tests(suite, FEWEST_TESTS);
    }

    @TestFactory
    Stream<DynamicTest> joinable() {
        TestSuite suite = firstInFirstOut(
                        "JoinableQueue", () -> new JoinableQueue<>(new LinkedBlockingQueue<>(CAPACITY)))
                .createTestSuite();
        return GuavaSuite.tests(suite, FEWEST_TESTS);
    }

    @TestFactory
    Stream<DynamicTest> lifo() {
        return GuavaSuite.tests(
                suite("LifoBlockingQueue", () -> new LifoBlockingQueue<>(CAPACITY))
                        .createTestSuite(),
                FEWEST_TESTS);
    }

    @TestFactory
    Stream<DynamicTest> joinable_lifo() {
        return GuavaSuite.tests(
                suite("JoinableQueue, last in first out", () -> new JoinableQueue<>(new LifoBlockingQueue<>(CAPACITY)))
                        .createTestSuite(),
                FEWEST_TESTS);
    }

    private static QueueTestSuiteBuilder<String> firstInFirstOut(String name, Supplier<Queue<String>> empty) {
        return suite(name, empty).withFeatures(CollectionFeature.KNOWN_ORDER);
    }

    private static QueueTestSuiteBuilder<String> suite(String name, Supplier<Queue<String>> empty) {
        return QueueTestSuiteBuilder.using(new TestStringQueueGenerator() {
                    @Override
                    protected Queue<String> create(String[] elements) {
                        Queue<String> queue = empty.get();
                        Collections.addAll(queue, elements);
                        return queue;
                    }
                })
                .named(name)
                .withFeatures(CollectionFeature.GENERAL_PURPOSE, CollectionSize.ANY);
    }
}
