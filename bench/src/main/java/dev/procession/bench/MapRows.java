package dev.procession.bench;

import dev.procession.process.Manager;
import dev.procession.shm.SharedMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Maps shared by processes. */
final class MapRows {
    private static final String OURS = "SharedMap";
    private static final String PYTHON = "mp.Manager dict";
    private static final int KEYS = 1000;
    private static final int PER_SECOND = 2_000_000;

    /** What the Python peer puts as a tuple. */
    private record Fields(String name, int number, double share, boolean flag) implements java.io.Serializable {}

    private interface Work {
        void run(Map<Integer, Fields> map, int count);
    }

    private MapRows() {}

    static List<Row> all() {
        return List.of(
                row("map-get", "read a record of four fields from a shared map", "dict-get", MapRows::get),
                row("map-put", "put a record of four fields over another", "dict-put", MapRows::put),
                managed(
                        "manager-map-get",
                        "read a record of four fields from a manager's map",
                        "dict-get",
                        MapRows::get),
                managed("manager-map-put", "put one over another in a manager's map", "dict-put", MapRows::put));
    }

    private static Row managed(String name, String title, String python, Work work) {
        return new Row(
                name,
                title,
                "operations/s",
                Better.HIGHER,
                Contender.of("Manager", effort -> {
                    try (Manager manager = Manager.start()) {
                        return rate(manager.map(), work, effort, PER_SECOND / 100);
                    }
                }),
                List.of(Script.python(PYTHON, "mp.py", python)),
                List.of(new Target.Against(PYTHON, 1)));
    }

    private static Row row(String name, String title, String python, Work work) {
        return new Row(
                name,
                title,
                "operations/s",
                Better.HIGHER,
                Contender.of(OURS, effort -> {
                    try (SharedMap<Integer, Fields> map = SharedMap.create()) {
                        return rate(map, work, effort, PER_SECOND);
                    }
                }),
                List.of(
                        Contender.of(
                                "ConcurrentHashMap",
                                effort -> rate(new ConcurrentHashMap<>(), work, effort, PER_SECOND)),
                        Script.python(PYTHON, "mp.py", python)),
                List.of(new Target.Against(PYTHON, 20)));
    }

    private static double rate(Map<Integer, Fields> map, Work work, Effort effort, int perSecond) {
        put(map, KEYS);
        int count = effort.count(perSecond);
        work.run(map, count / 4);
        long start = System.nanoTime();
        work.run(map, count);
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static void get(Map<Integer, Fields> map, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Objects.requireNonNull(map.get(i % KEYS)).number();
        }
        if (sum == 42) {
            throw new AssertionError("never, but the compiler cannot know that");
        }
    }

    private static void put(Map<Integer, Fields> map, int count) {
        for (int i = 0; i < count; i++) {
            map.put(i % KEYS, new Fields("name", i, 1.5, true));
        }
    }
}
