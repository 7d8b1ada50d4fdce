package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.ListFeature;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Guava's suites for lists and concurrent maps, over managed ones.
 *
 * <p>Left out, by not claiming the feature: of maps {@code ALLOWS_NULL_*} (null is refused); of all {@code
 * FAILS_FAST_ON_CONCURRENT_MODIFICATION} (iterators go through snapshots) and {@code SERIALIZABLE} and its views (a proxy is
 * serialized as a reference, and the suite asks for a copy of its content).
 */
class ManagerGuavaSuiteTest {
    private static Manager manager;

    @BeforeAll
    static void start() {
        manager = Manager.start();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @TestFactory
    Stream<DynamicTest> lists() {
        return testsOf(
                ListTestSuiteBuilder.using(new TestStringListGenerator() {
                            @Override
                            protected List<String> create(String[] elements) {
                                List<String> list = manager.list();
                                Collections.addAll(list, elements);
                                return list;
                            }
                        })
                        .named("managed list")
                        .withFeatures(
                                ListFeature.GENERAL_PURPOSE, CollectionFeature.ALLOWS_NULL_VALUES, CollectionSize.ANY)
                        .createTestSuite(),
                400);
    }

    @TestFactory
    Stream<DynamicTest> arrays() {
        return testsOf(
                ListTestSuiteBuilder.using(new TestStringListGenerator() {
                            @Override
                            protected List<String> create(String[] elements) {
                                return manager.array(java.util.Arrays.asList(elements));
                            }
                        })
                        .named("managed array")
                        .withFeatures(
                                ListFeature.SUPPORTS_SET, CollectionFeature.ALLOWS_NULL_VALUES, CollectionSize.ANY)
                        .createTestSuite(),
                300);
    }

    @TestFactory
    Stream<DynamicTest> maps() {
        return testsOf(
                ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
                            @Override
                            protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                                Map<String, String> map = manager.map();
                                for (Map.Entry<String, String> entry : entries) {
                                    map.put(entry.getKey(), entry.getValue());
                                }
                                return map;
                            }
                        })
                        .named("managed map")
                        .withFeatures(
                                MapFeature.GENERAL_PURPOSE,
                                CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                                CollectionFeature.KNOWN_ORDER,
                                CollectionSize.ANY)
                        .createTestSuite(),
                900);
    }

    private static Stream<DynamicTest> testsOf(TestSuite suite, int atLeast) {
        List<TestCase> tests = new ArrayList<>();
        collect(suite, tests);
        assertThat(tests).hasSizeGreaterThan(atLeast);
        return tests.stream().map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test)));
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
