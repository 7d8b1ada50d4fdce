package dev.procession.bench;

import dev.procession.process.Manager;
import dev.procession.shm.SharedMap;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Maps shared by processes. */
final class MapRows {
    private static final String OURS = "SharedMap";
    private static final String PYTHON = "mp.Manager dict";
    private static final int KEYS = 1000;

    /** What the Python peer puts as a tuple. */
    private record Fields(String name, int number, double share, boolean flag) implements Serializable {}

    /** Does something with every key. */
    private interface Work extends Serializable {
        void with(Map<Integer, Fields> map);
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
                Contender.of("Manager", effort -> managed(effort, work)),
                List.of(Script.python(PYTHON, "mp.py", python)),
                List.of(new Target.Against(PYTHON, 1)));
    }

    private static Row row(String name, String title, String python, Work work) {
        return new Row(
                name,
                title,
                "operations/s",
                Better.HIGHER,
                Contender.of(OURS, effort -> shared(effort, work)),
                List.of(
                        Contender.of("ConcurrentHashMap", effort -> ofTheJdk(effort, work)),
                        Script.python(PYTHON, "mp.py", python)),
                List.of(new Target.Against(PYTHON, 20)));
    }

    private static double shared(Effort effort, Work work) throws Exception {
        return Crew.play(effort, gate -> {
            try (SharedMap<Integer, Fields> map = SharedMap.create()) {
                return rate(gate.await(), map, work);
            }
        });
    }

    private static double managed(Effort effort, Work work) throws Exception {
        return Crew.play(effort, gate -> {
            try (Manager manager = Manager.start()) {
                return rate(gate.await(), manager.map(), work);
            }
        });
    }

    private static double ofTheJdk(Effort effort, Work work) throws Exception {
        return Crew.play(effort, gate -> rate(gate.await(), new ConcurrentHashMap<>(), work));
    }

    private static double rate(Window window, Map<Integer, Fields> map, Work work) throws Exception {
        put(map);
        return window.perSecond(() -> {
            work.with(map);
            return KEYS;
        });
    }

    private static void get(Map<Integer, Fields> map) {
        for (int key = 0; key < KEYS; key++) {
            if (Objects.requireNonNull(map.get(key)).number() != key) {
                throw new IllegalStateException("another key's value: key=" + key);
            }
        }
    }

    private static void put(Map<Integer, Fields> map) {
        for (int key = 0; key < KEYS; key++) {
            map.put(key, new Fields("name", key, 1.5, true));
        }
    }
}
