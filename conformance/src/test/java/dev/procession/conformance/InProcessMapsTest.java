package dev.procession.conformance;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The JDK's map shows that the suite asks for nothing a {@link ConcurrentMap} with atomic functions does not promise. */
class InProcessMapsTest extends ConcurrentMapContract {
    @Override
    protected ConcurrentMap<String, Integer> newMap() {
        return new ConcurrentHashMap<>();
    }

    @Override
    protected ConcurrentMap<Integer, String> newMapOfStrings() {
        return new ConcurrentHashMap<>();
    }
}
