package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import junit.framework.TestCase;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicTest;

/** Guava's suites are tests of JUnit 3; here each becomes one of ours. */
final class GuavaSuite {
    private GuavaSuite() {}

    /** The tests of a suite, of which there are at least so many: a suite that claims no feature tests nothing. */
    static Stream<DynamicTest> tests(TestSuite suite, int fewest) {
        List<TestCase> tests = new ArrayList<>();
        collect(suite, tests);
        assertThat(tests).hasSizeGreaterThanOrEqualTo(fewest);
        return tests.stream().map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test)));
    }

    private static void collect(junit.framework.Test test, List<TestCase> tests) {
        if (test instanceof TestSuite suite) {
            Collections.list(suite.tests()).forEach(each -> collect(each, tests));
        } else {
            tests.add((TestCase) test);
        }
    }

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
