package dev.procession.bench;

import dev.procession.shm.SharedLong;
import dev.procession.shm.SharedMap;
import java.util.List;

/** Values and maps in shared memory. */
final class ValueRows {
    private static final int INCREMENTS_PER_SECOND = 30_000_000;
    private static final int MAP_PER_SECOND = 500_000;
    private static final int KEYS = 1_000;
    private static final QueueRows.Order VALUE = new QueueRows.Order("name", 7, 1.5, true);

    private ValueRows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "value-increment",
                        "add one to a shared number under its lock",
                        "increments/s",
                        Better.HIGHER,
                        Contender.of("SharedLong", ValueRows::increments),
                        List.of(Script.python("mp.Value", "mp.py", "value-increment")),
                        List.of(new Target.Against("mp.Value", 30))),
                map("map-get", "get a small record from a shared map", "dict-get", ValueRows::gets),
                map("map-put", "put a small record into a shared map", "dict-put", ValueRows::puts));
    }

    private static Row map(String name, String what, String theirs, Contender.Work ours) {
        return new Row(
                name,
                what,
                "operations/s",
                Better.HIGHER,
                Contender.of("SharedMap", ours),
                List.of(Script.python("mp.Manager dict", "mp.py", theirs)),
                List.of(new Target.Against("mp.Manager dict", 20)));
    }

    private static double increments(Effort effort) {
        int count = effort.count(INCREMENTS_PER_SECOND);
        try (SharedLong value = SharedLong.create(0)) {
            increment(value, count / 4);
            long start = System.nanoTime();
            increment(value, count);
            return count * 1e9 / (System.nanoTime() - start);
        }
    }

    private static void increment(SharedLong value, int count) {
        for (int i = 0; i < count; i++) {
            value.lock().lock();
            try {
                value.setPlain(value.getPlain() + 1);
            } finally {
                value.lock().unlock();
            }
        }
    }

    private static double gets(Effort effort) {
        return perSecond(effort, (map, key) -> map.get(key));
    }

    private static double puts(Effort effort) {
        return perSecond(effort, (map, key) -> map.put(key, VALUE));
    }

    private interface Use {
        void of(SharedMap<Integer, QueueRows.Order> map, Integer key);
    }

    private static double perSecond(Effort effort, Use use) {
        int count = effort.count(MAP_PER_SECOND);
        try (SharedMap<Integer, QueueRows.Order> map = SharedMap.create()) {
            for (int key = 0; key < KEYS; key++) {
                map.put(key, VALUE);
            }
            long start = 0;
            for (int i = -count / 4; i < count; i++) {
                if (i == 0) {
                    start = System.nanoTime();
                }
                use.of(map, Math.floorMod(i, KEYS));
            }
            return count * 1e9 / (System.nanoTime() - start);
        }
    }
}
