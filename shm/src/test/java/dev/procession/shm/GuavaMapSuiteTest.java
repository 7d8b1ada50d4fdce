package dev.procession.shm;

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
        return GuavaSuite.tests(suite(), /* fewest= */ 900);
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
}
