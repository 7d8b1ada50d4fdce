package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.codec.Codec;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.CrashPoints;
import dev.procession.shm.map.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Every operation of a map, dead before each of its stores, and what a survivor finds: the state before or the state
 * after, a map that works, and no memory lost. In a JVM of its own, since deaths are simulated where that is switched on.
 */
class MapCrashPointTest {
    private static final int MAXIMUM_BYTES = 1 << 20;

    /** What a map of that size takes if no page of it was lost. */
    private static final int WHOLE_ROOM_BYTES = MAXIMUM_BYTES - 8192 - 4096;

    /** Keys of one stripe, so that chains are long and spans small. */
    private static final List<String> KEYS = IntStream.range(0, 10_000)
            .mapToObj(i -> "key" + i)
            .filter(key -> Key.of(Codec.standard().prepare(key)).stripe() == 5)
            .limit(40)
            .toList();

    /** An operation, on a map in which something was done before, and the fewest stores it must have to be what it says. */
    private record Scenario(
            String name,
            int fewestStores,
            Consumer<SharedMap<String, String>> before,
            Consumer<SharedMap<String, String>> operation) {}

    private static String text(int length) {
        return Integer.toString(length % 10).repeat(length);
    }

    private static void fill(SharedMap<String, String> map, int count, int length) {
        for (int i = 0; i < count; i++) {
            map.put(KEYS.get(i), text(length + i));
        }
    }

    private static List<Scenario> scenarios() {
        return List.of(
                new Scenario("put into an empty stripe", 15, map -> {}, map -> map.put(KEYS.get(0), "a")),
                new Scenario("put another key", 9, map -> fill(map, 10, 3), map -> map.put(KEYS.get(10), "a")),
                new Scenario("put over", 9, map -> fill(map, 10, 3), map -> map.put(KEYS.get(4), text(70))),
                new Scenario(
                        "put when full, and move",
                        30,
                        map -> fill(map, 3, 5000),
                        map -> map.put(KEYS.get(3), text(5000))),
                new Scenario(
                        "put over when full, and move",
                        30,
                        map -> fill(map, 3, 5000),
                        map -> map.put(KEYS.get(1), text(9000))),
                new Scenario("remove", 4, map -> fill(map, 20, 3), map -> map.remove(KEYS.get(7))),
                new Scenario("remove the last", 4, map -> fill(map, 1, 3), map -> map.remove(KEYS.get(0))),
                new Scenario(
                        "remove, and move to a smaller span",
                        20,
                        MapCrashPointTest::nearlyNothing,
                        map -> map.remove(KEYS.get(1))),
                new Scenario("compute", 9, map -> fill(map, 10, 3), map -> map.compute(KEYS.get(3), (k, v) -> v + "!")),
                new Scenario(
                        "compute away", 4, map -> fill(map, 10, 3), map -> map.compute(KEYS.get(3), (k, v) -> null)),
                new Scenario("merge", 9, map -> fill(map, 10, 3), map -> map.merge(KEYS.get(3), "?", String::concat)),
                new Scenario(
                        "replace if equal",
                        9,
                        map -> fill(map, 10, 3),
                        map -> map.replace(KEYS.get(0), text(3), "new")),
                new Scenario("clear", 3, map -> fill(map, 10, 3), SharedMap::clear),
                new Scenario(
                        "put when the map is full, and squeeze others",
                        40,
                        MapCrashPointTest::slackEverywhere,
                        map -> map.put(KEYS.get(0), text(600_000))));
    }

    /** Two short values in a span that once held a long one. */
    private static void nearlyNothing(SharedMap<String, String> map) {
        map.put(KEYS.get(0), text(40_000));
        map.put(KEYS.get(1), text(5_500));
        map.put(KEYS.get(2), text(20));
        map.put(KEYS.get(0), text(10));
    }

    /** Most of the room is held by garbage of other stripes. */
    private static void slackEverywhere(SharedMap<String, String> map) {
        for (int i = 0; i < 7; i++) {
            map.put("other" + i, text(60_000));
        }
        for (int i = 0; i < 7; i++) {
            map.put("other" + i, text(20));
        }
    }

    @Test
    void is_before_or_after_whichever_store_a_process_dies_before() throws Exception {
        try (ChildJvm child = ChildJvm.start(MapCrashPointTest::explore, "-Ddev.procession.crashpoints=true")) {
            for (Scenario scenario : scenarios()) {
                assertThat(child.hear()).isEqualTo(scenario.name());
                int stores = Integer.parseInt(child.hear());
                System.out.println("crash points of SharedMap, " + scenario.name() + ": " + stores);
                assertThat(stores).isGreaterThanOrEqualTo(scenario.fewestStores());
            }
            assertThat(child.join()).isZero();
        }
    }

    private static void explore() {
        assertThat(CrashPoints.areOn()).isTrue();
        for (Scenario scenario : scenarios()) {
            Map<String, String> before = undisturbed(scenario.before());
            Map<String, String> after = undisturbed(scenario.before().andThen(scenario.operation()));
            int store = 1;
            say(scenario.name());
            while (dies(scenario, store, before, after)) {
                store++;
            }
            say(store - 1);
        }
    }

    private static Map<String, String> undisturbed(Consumer<SharedMap<String, String>> operations) {
        try (AttachedSpace space = AttachedSpace.create(Kind::of)) {
            SharedMap<String, String> map = SharedMap.in(space, MAXIMUM_BYTES);
            operations.accept(map);
            return new HashMap<>(map);
        }
    }

    /** One death; false if the operation has fewer stores. */
    private static boolean dies(Scenario scenario, int store, Map<String, String> before, Map<String, String> after) {
        String when = scenario.name() + ", dead before store " + store;
        try (AttachedSpace space = AttachedSpace.create(Kind::of)) {
            SharedMap<String, String> map = SharedMap.in(space, MAXIMUM_BYTES);
            scenario.before().accept(map);
            boolean died;
            try (AttachedSpace victims = AttachedSpace.attach(space.address(), Kind::of)) {
                died = dies(scenario, store, attached(victims, map));
            }
            Map<String, String> found = new HashMap<>(map);
            if (!found.equals(before) || !died) {
                assertThat(found.equals(after)).as(when).isTrue(); // values are long
            }
            ensureSound(map, when);
            return died;
        }
    }

    @SuppressWarnings("unchecked")
    private static SharedMap<String, String> attached(AttachedSpace space, SharedMap<String, String> map) {
        return (SharedMap<String, String>) map.handle().in(space);
    }

    private static boolean dies(Scenario scenario, int store, SharedMap<String, String> map) {
        CrashPoints.dieBefore(store);
        try {
            scenario.operation().accept(map);
            return false;
        } catch (CrashPoints.SimulatedDeath death) {
            return true;
        } finally {
            CrashPoints.resurrect();
        }
    }

    private static void ensureSound(SharedMap<String, String> map, String when) {
        Map<String, String> shown = new HashMap<>(map);
        assertThat(map.size()).as(when).isEqualTo(shown.size());
        shown.forEach((key, value) -> assertThat(map.get(key)).as(when).isEqualTo(value));
        for (int round = 0; round < 3; round++) {
            for (String key : KEYS) {
                map.put(key, text(2000));
                shown.put(key, text(2000));
            }
        }
        assertThat(map.equals(shown)).as(when).isTrue();
        shown.keySet().forEach(key -> assertThat(map.remove(key)).as(when).isNotNull());
        assertThat(map.isEmpty()).as(when).isTrue();
        map.clear();
        map.put("all", text(WHOLE_ROOM_BYTES)); // no span was lost
    }
}
