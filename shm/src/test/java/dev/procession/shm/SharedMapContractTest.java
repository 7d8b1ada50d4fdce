package dev.procession.shm;

import dev.procession.conformance.ConcurrentMapContract;
import java.util.concurrent.ConcurrentMap;

/** Rules M1 to M9 of docs/contracts/map.md. */
class SharedMapContractTest extends ConcurrentMapContract {
    @Override
    protected ConcurrentMap<String, Integer> newMap() {
        return SharedMap.create();
    }

    @Override
    protected ConcurrentMap<Integer, String> newMapOfStrings() {
        return SharedMap.create();
    }
}
