package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import junit.framework.TestCase;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suite for concurrent maps, over a shared one.
 *
 * <p>Left out, by not claiming the feature: {@code ALLOWS_NULL_*} (null is refused), {@code KNOWN_ORDER} (there is none),
 * {@code FAILS_FAST_ON_CONCURRENT_MODIFICATION} (iterators are weakly consistent), {@code SERIALIZABLE} and its views (a
 * map is serialized as its handle, and the suite asks for a copy of its content; views are not serializable).
 */
class GuavaMapSuiteTest {
    private static final List<SharedMap<String, String>> OPENED = Collections.synchronizedList(new ArrayList<>());

    @AfterAll
    static void close() {
        OPENED.forEach(SharedMap::close);
        OPENED.clear();
    }

    @TestFactory
    Stream<DynamicTest> guava() {
        List<TestCase> tests = new ArrayList<>();
        collect(suite(), tests);
        assertThat(tests).hasSizeGreaterThan(900);
        return tests.stream().map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test)));
    }

    private static TestSuite suite() {
        return ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
                    @Override
                    protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                        SharedMap<String, String> map = SharedMap.create();
                        OPENED.add(map);
                        for (Map.Entry<String, String> entry : entries) {
                            map.put(entry.getKey(), entry.getValue());
                        }
                        return map;
                    }
                })
                .named("SharedMap")
                .withFeatures(
                        MapFeature.GENERAL_PURPOSE, CollectionFeature.SUPPORTS_ITERATOR_REMOVE, CollectionSize.ANY)
                .createTestSuite();
    }

    private static void collect(junit.framework.Test test, List<TestCase> tests) {
        if (test instanceof TestSuite suite) {
            Collections.list(suite.tests()).forEach(each -> collect(each, tests));
        } else {
            tests.add((TestCase) test);
        }
    }

    /** Runs one test of the old kind, and fails as it fails. */
    private static void run(TestCase test) throws Throwable {
        TestResult result = new TestResult();
        test.run(result);
        for (var failures : List.of(result.errors(), result.failures())) {
            if (failures.hasMoreElements()) {
                throw failures.nextElement().thrownException();
            }
        }
        assertThat(result.runCount()).isEqualTo(1);
    }
}
