package dev.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ConcurrentMap} of ours promises. Rules M1 to M9 of docs/contracts/map.md. */
@SuppressWarnings({
    "NullAway", // null is passed on purpose
    "CollectionIncompatibleType", // and so are objects of other types
    "ReturnValueIgnored" // of what throws
})
public abstract class ConcurrentMapContract {
    private static final int THREADS = 4;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /**
     * Makes a map. Those that are {@link AutoCloseable} are closed after the test.
     *
     * @return an empty map
     */
    protected abstract ConcurrentMap<String, Integer> newMap();

    /**
     * Makes a map of long values. Those that are {@link AutoCloseable} are closed after the test.
     *
     * @return an empty map
     */
    protected abstract ConcurrentMap<Integer, String> newMapOfStrings();

    /** Starts the suite. */
    protected ConcurrentMapContract() {}

    private ConcurrentMap<String, Integer> open() {
        return closedAfterwards(newMap());
    }

    private ConcurrentMap<String, Integer> openWithThree() {
        ConcurrentMap<String, Integer> map = open();
        map.put("one", 1);
        map.put("two", 2);
        map.put("three", 3);
        return map;
    }

    private <M> M closedAfterwards(M map) {
        if (map instanceof AutoCloseable closeable) {
            opened.add(closeable);
        }
        return map;
    }

    @AfterEach
    final void closeMaps() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private static final class NotSerializable {}

    private static final class Expected extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    // M1: null

    @Test
    final void m1_nullIsRefusedByEveryMethodThatTakesAKey() {
        var map = openWithThree();

        assertThatNullPointerException().isThrownBy(() -> map.get(null));
        assertThatNullPointerException().isThrownBy(() -> map.containsKey(null));
        assertThatNullPointerException().isThrownBy(() -> map.put(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.putIfAbsent(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.remove(null));
        assertThatNullPointerException().isThrownBy(() -> map.remove(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.replace(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.replace(null, 1, 2));
        assertThatNullPointerException().isThrownBy(() -> map.compute(null, (k, v) -> 1));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfAbsent(null, k -> 1));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfPresent(null, (k, v) -> 1));
        assertThatNullPointerException().isThrownBy(() -> map.merge(null, 1, Integer::sum));
        assertThatNullPointerException().isThrownBy(() -> map.getOrDefault(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.putAll(Collections.singletonMap(null, 1)));
        assertThat(map).hasSize(3);
    }

    @Test
    final void m1_nullIsRefusedByEveryMethodThatTakesAValueOrAFunction() {
        var map = openWithThree();

        assertThatNullPointerException().isThrownBy(() -> map.put("one", null));
        assertThatNullPointerException().isThrownBy(() -> map.put("new", null));
        assertThatNullPointerException().isThrownBy(() -> map.putIfAbsent("one", null));
        assertThatNullPointerException().isThrownBy(() -> map.putIfAbsent("new", null));
        assertThatNullPointerException().isThrownBy(() -> map.replace("one", null));
        assertThatNullPointerException().isThrownBy(() -> map.replace("one", null, 2));
        assertThatNullPointerException().isThrownBy(() -> map.replace("one", 1, null));
        assertThatNullPointerException().isThrownBy(() -> map.merge("one", null, Integer::sum));
        assertThatNullPointerException().isThrownBy(() -> map.merge("one", 1, null));
        assertThatNullPointerException().isThrownBy(() -> map.compute("one", null));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfAbsent("new", null));
        assertThatNullPointerException().isThrownBy(() -> map.computeIfPresent("one", null));
        assertThatNullPointerException().isThrownBy(() -> map.containsValue(null));
        assertThat(map).containsOnly(Map.entry("one", 1), Map.entry("two", 2), Map.entry("three", 3));
    }

    @Test
    final void m1_nullIsInNoMapAndInNoView() {
        var map = openWithThree();

        assertThat(map.remove("one", null)).isFalse();
        assertThat(map.entrySet().contains(new SimpleEntry<>("one", null))).isFalse();
        assertThat(map.entrySet().remove(new SimpleEntry<>("one", null))).isFalse();
        assertThat(map).hasSize(3);
    }

    // M2: one key

    @Test
    final void m2_aNewMapIsEmpty() {
        var map = open();

        assertThat(map.isEmpty()).isTrue();
        assertThat(map.size()).isZero();
        assertThat(map.get("one")).isNull();
        assertThat(map.containsKey("one")).isFalse();
        assertThat(map.containsValue(1)).isFalse();
        assertThat(map.remove("one")).isNull();
        assertThat(map.entrySet().iterator().hasNext()).isFalse();
    }

    @Test
    final void m2_putTellsTheValueBeforeAndGetTheValueNow() {
        var map = open();

        assertThat(map.put("one", 1)).isNull();
        assertThat(map.put("one", 11)).isEqualTo(1);
        assertThat(map.get("one")).isEqualTo(11);
        assertThat(map.getOrDefault("one", 5)).isEqualTo(11);
        assertThat(map.getOrDefault("two", 5)).isEqualTo(5);
        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    final void m2_removeTakesOneKeyAndTellsItsValue() {
        var map = openWithThree();

        assertThat(map.remove("two")).isEqualTo(2);
        assertThat(map.remove("two")).isNull();
        assertThat(map).containsOnly(Map.entry("one", 1), Map.entry("three", 3));
        assertThat(map.put("two", 22)).isNull();
        assertThat(map.get("two")).isEqualTo(22);
    }

    @Test
    final void m2_containsFindsKeysAndValues() {
        var map = openWithThree();

        assertThat(map.containsKey("three")).isTrue();
        assertThat(map.containsKey("four")).isFalse();
        assertThat(map.containsValue(3)).isTrue();
        assertThat(map.containsValue(4)).isFalse();
    }

    @Test
    final void m2_objectsOfOtherTypesAreNotContained() {
        var map = openWithThree();

        for (Object stranger : List.of(1, 'o', List.of("one"), new NotSerializable())) {
            assertThat(map.get(stranger)).isNull();
            assertThat(map.containsKey(stranger)).isFalse();
            assertThat(map.remove(stranger)).isNull();
            assertThat(map.keySet().contains(stranger)).isFalse();
            assertThat(map.remove("one", stranger)).isEqualTo(stranger.equals(1));
            map.put("one", 1);
        }
        assertThat(map.containsValue("one")).isFalse();
        assertThat(map.containsValue(new NotSerializable())).isFalse();
        assertThat(map.entrySet().contains(new NotSerializable())).isFalse();
        assertThat(map).hasSize(3);
    }

    @Test
    final void m2_clearRemovesEverything() {
        var map = openWithThree();

        map.clear();
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.get("one")).isNull();
        map.put("one", 1);
        assertThat(map).containsOnly(Map.entry("one", 1));
    }

    @Test
    final void m2_putAllPutsAll() {
        var map = openWithThree();

        map.putAll(Map.of("three", 33, "four", 4));
        assertThat(map)
                .containsOnly(Map.entry("one", 1), Map.entry("two", 2), Map.entry("three", 33), Map.entry("four", 4));
    }

    @Test
    final void m2_forEachAndReplaceAllMeetEveryBinding() {
        var map = openWithThree();

        map.replaceAll((key, value) -> value * 10);
        var met = new HashMap<String, Integer>();
        map.forEach(met::put);
        assertThat(met).isEqualTo(Map.of("one", 10, "two", 20, "three", 30)).isEqualTo(map);
    }

    @Test
    final void m2_behavesAsAHashMapOverRandomOperations() {
        var map = open();
        var model = new HashMap<String, Integer>();
        var random = ThreadLocalRandom.current();
        for (int i = 0; i < 20_000; i++) {
            String key = "key" + random.nextInt(300);
            int value = random.nextInt(1000);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> assertThat(map.put(key, value)).isEqualTo(model.put(key, value));
                case 3, 4 -> assertThat(map.remove(key)).isEqualTo(model.remove(key));
                case 5 ->
                    assertThat(map.merge(key, value, Integer::sum)).isEqualTo(model.merge(key, value, Integer::sum));
                case 6 -> assertThat(map.get(key)).isEqualTo(model.get(key));
                default ->
                    assertThat(map.computeIfPresent(key, (k, v) -> v % 2 == 0 ? null : v + 1))
                            .isEqualTo(model.computeIfPresent(key, (k, v) -> v % 2 == 0 ? null : v + 1));
            }
        }
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map).isEqualTo(model);
        assertThat(model).isEqualTo(map);
    }

    // M3: conditions

    @Test
    final void m3_putIfAbsentPutsOnlyWhereThereIsNothing() {
        var map = openWithThree();

        assertThat(map.putIfAbsent("one", 9)).isEqualTo(1);
        assertThat(map.putIfAbsent("four", 4)).isNull();
        assertThat(map.get("one")).isEqualTo(1);
        assertThat(map.get("four")).isEqualTo(4);
    }

    @Test
    final void m3_replacePutsOnlyWhereThereIsSomething() {
        var map = openWithThree();

        assertThat(map.replace("one", 11)).isEqualTo(1);
        assertThat(map.replace("four", 4)).isNull();
        assertThat(map.get("one")).isEqualTo(11);
        assertThat(map.containsKey("four")).isFalse();
    }

    @Test
    final void m3_replaceWithAnExpectationPutsOnlyWhereItHolds() {
        var map = openWithThree();

        assertThat(map.replace("one", 2, 11)).isFalse();
        assertThat(map.get("one")).isEqualTo(1);
        assertThat(map.replace("one", 1, 11)).isTrue();
        assertThat(map.get("one")).isEqualTo(11);
        assertThat(map.replace("four", 4, 5)).isFalse();
        assertThat(map.replace("one", 11, 11)).isTrue();
    }

    @Test
    final void m3_removeWithAnExpectationRemovesOnlyWhereItHolds() {
        var map = openWithThree();

        assertThat(map.remove("one", 2)).isFalse();
        assertThat(map.remove("four", 1)).isFalse();
        assertThat(map).hasSize(3);
        assertThat(map.remove("one", 1)).isTrue();
        assertThat(map.containsKey("one")).isFalse();
    }

    // M4: functions

    @Test
    final void m4_computeRunsItsFunctionOnceOnWhatIsThere() {
        var map = openWithThree();
        var calls = new AtomicInteger();

        assertThat(map.compute("one", (key, value) -> {
                    calls.incrementAndGet();
                    assertThat(key).isEqualTo("one");
                    return value + 10;
                }))
                .isEqualTo(11);
        assertThat(map.compute("four", (key, value) -> {
                    calls.incrementAndGet();
                    assertThat(value).isNull();
                    return 4;
                }))
                .isEqualTo(4);
        assertThat(map.compute("two", (key, value) -> null)).isNull();
        assertThat(map.compute("five", (key, value) -> null)).isNull();
        assertThat(calls).hasValue(2);
        assertThat(map).containsOnly(Map.entry("one", 11), Map.entry("three", 3), Map.entry("four", 4));
    }

    @Test
    final void m4_computeIfAbsentRunsItsFunctionOnlyWhereThereIsNothing() {
        var map = openWithThree();

        assertThat(map.computeIfAbsent("one", key -> {
                    throw new Expected();
                }))
                .isEqualTo(1);
        assertThat(map.computeIfAbsent("four", String::length)).isEqualTo(4);
        assertThat(map.computeIfAbsent("five", key -> null)).isNull();
        assertThat(map.get("four")).isEqualTo(4);
        assertThat(map.containsKey("five")).isFalse();
    }

    @Test
    final void m4_computeIfPresentRunsItsFunctionOnlyWhereThereIsSomething() {
        var map = openWithThree();

        assertThat(map.computeIfPresent("four", (key, value) -> {
                    throw new Expected();
                }))
                .isNull();
        assertThat(map.computeIfPresent("one", (key, value) -> value + key.length()))
                .isEqualTo(4);
        assertThat(map.computeIfPresent("two", (key, value) -> null)).isNull();
        assertThat(map).containsOnly(Map.entry("one", 4), Map.entry("three", 3));
    }

    @Test
    final void m4_mergeTakesTheValueOrCombinesTheTwo() {
        var map = openWithThree();

        assertThat(map.merge("one", 10, Integer::sum)).isEqualTo(11);
        assertThat(map.merge("four", 4, (old, value) -> {
                    throw new Expected();
                }))
                .isEqualTo(4);
        assertThat(map.merge("two", 2, (old, value) -> null)).isNull();
        assertThat(map).containsOnly(Map.entry("one", 11), Map.entry("three", 3), Map.entry("four", 4));
    }

    @Test
    final void m4_whatAFunctionThrowsComesOutAndTheOldValueStays() {
        var map = openWithThree();

        assertThatExceptionOfType(Expected.class)
                .isThrownBy(() -> map.compute("one", (key, value) -> {
                    throw new Expected();
                }));
        assertThatExceptionOfType(Expected.class)
                .isThrownBy(() -> map.computeIfAbsent("four", key -> {
                    throw new Expected();
                }));
        assertThatExceptionOfType(Expected.class)
                .isThrownBy(() -> map.computeIfPresent("one", (key, value) -> {
                    throw new Expected();
                }));
        assertThatExceptionOfType(Expected.class)
                .isThrownBy(() -> map.merge("one", 1, (old, value) -> {
                    throw new Expected();
                }));
        assertThat(map).containsOnly(Map.entry("one", 1), Map.entry("two", 2), Map.entry("three", 3));
        assertThat(map.put("one", 11)).isEqualTo(1);
    }

    @Test
    final void m4_aFunctionThatChangesItsOwnKeyIsRefused() {
        var map = open();

        assertThatIllegalStateException()
                .isThrownBy(() -> map.computeIfAbsent("one", key -> map.computeIfAbsent("one", again -> 1)));
        assertThat(map.put("one", 1)).isNull();
        assertThat(map.get("one")).isEqualTo(1);
    }

    // M5: views

    @Test
    final void m5_viewsShowTheMap() {
        var map = openWithThree();
        Set<String> keys = map.keySet();
        var values = map.values();
        var entries = map.entrySet();

        assertThat(keys).containsExactlyInAnyOrder("one", "two", "three").isEqualTo(Set.of("one", "two", "three"));
        assertThat(values).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(entries).containsExactlyInAnyOrder(Map.entry("one", 1), Map.entry("two", 2), Map.entry("three", 3));
        map.put("four", 4);
        assertThat(keys).hasSize(4).contains("four");
        assertThat(values).hasSize(4).contains(4);
        assertThat(entries.contains(Map.entry("four", 4))).isTrue();
        assertThat(entries.contains(Map.entry("four", 5))).isFalse();
        assertThat(keys.stream().mapToInt(String::length).sum()).isEqualTo(15);
    }

    @Test
    final void m5_viewsRemoveFromTheMap() {
        var map = openWithThree();

        assertThat(map.keySet().remove("one")).isTrue();
        assertThat(map.keySet().remove("one")).isFalse();
        assertThat(map.values().remove(2)).isTrue();
        assertThat(map.values().remove(2)).isFalse();
        assertThat(map.entrySet().remove(Map.entry("three", 4))).isFalse();
        assertThat(map.entrySet().remove(Map.entry("three", 3))).isTrue();
        assertThat(map).isEmpty();
    }

    @Test
    final void m5_viewsRemoveInBulk() {
        var map = open();
        for (int i = 0; i < 100; i++) {
            map.put("key" + i, i);
        }
        assertThat(map.values().removeIf(value -> value % 2 == 0)).isTrue();
        assertThat(map.values().removeIf(value -> value % 2 == 0)).isFalse();
        assertThat(map).hasSize(50);
        assertThat(map.entrySet().removeIf(entry -> entry.getValue() < 10)).isTrue();
        assertThat(map.keySet().removeIf(key -> key.endsWith("1"))).isTrue();
        assertThat(map.keySet().retainAll(Set.of("key23", "key25"))).isTrue();
        assertThat(map.keySet().removeAll(Set.of("key25"))).isTrue();
        assertThat(map).containsOnly(Map.entry("key23", 23));
        map.keySet().clear();
        assertThat(map).isEmpty();
    }

    @Test
    final void m5_viewsTakeNothingNew() {
        var map = openWithThree();

        assertThatThrownBy(() -> map.keySet().add("four")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.values().add(4)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(map).hasSize(3);
    }

    @Test
    final void m5_setValueOfAnEntryWritesThrough() {
        var map = openWithThree();

        for (Map.Entry<String, Integer> entry : map.entrySet()) {
            int before = entry.getValue();
            assertThat(entry.setValue(before * 10)).isEqualTo(before);
            assertThat(entry.getValue()).isEqualTo(before * 10);
        }
        assertThat(map).containsOnly(Map.entry("one", 10), Map.entry("two", 20), Map.entry("three", 30));
        Map.Entry<String, Integer> any = map.entrySet().iterator().next();
        assertThatNullPointerException().isThrownBy(() -> any.setValue(null));
    }

    // M6: iterators

    @Test
    final void m6_iteratorsShowEverythingOnce() {
        var map = open();
        var expected = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            map.put("key" + i, i);
            expected.add("key" + i);
        }
        var shown = new ArrayList<String>();
        map.keySet().iterator().forEachRemaining(shown::add);
        assertThat(shown).hasSize(1000).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    final void m6_iteratorsEndWithNoSuchElement() {
        var map = openWithThree();
        Iterator<Integer> values = map.values().iterator();
        for (int i = 0; i < 3; i++) {
            assertThat(values.hasNext()).isTrue();
            values.next();
        }
        assertThat(values.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(values::next);
    }

    @Test
    final void m6_removeOfAnIteratorRemovesWhatWasShownLast() {
        var map = openWithThree();
        Iterator<String> keys = map.keySet().iterator();
        assertThatIllegalStateException().isThrownBy(keys::remove);
        String first = keys.next();
        keys.hasNext();
        keys.remove();
        assertThatIllegalStateException().isThrownBy(keys::remove);
        assertThat(map).hasSize(2).doesNotContainKey(first);
        while (keys.hasNext()) {
            keys.next();
            keys.remove();
        }
        assertThat(map).isEmpty();
    }

    @Test
    final void m6_iteratorsGoOnWhileTheMapChanges() throws Exception {
        var map = open();
        for (int i = 0; i < 500; i++) {
            map.put("stays" + i, i);
        }
        var churn = Background.call(() -> {
            for (int i = 0; i < 30_000; i++) {
                map.put("comes" + i % 700, i);
                map.remove("comes" + (i + 350) % 700);
            }
            return null;
        });
        do {
            var stayed = new ArrayList<String>();
            for (String key : map.keySet()) {
                if (key.startsWith("stays")) {
                    stayed.add(key);
                }
            }
            assertThat(stayed).hasSize(500).doesNotHaveDuplicates();
        } while (churn.isRunning());
        churn.result();
    }

    // M7: as a map

    @Test
    final void m7_isEqualToAnyMapWithTheSameBindings() {
        var map = openWithThree();
        Map<String, Integer> same = Map.of("one", 1, "two", 2, "three", 3);

        assertThat(map).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(same).isEqualTo(map);
        assertThat(map).isNotEqualTo(Map.of("one", 1, "two", 2)).isNotEqualTo(Map.of("one", 1, "two", 2, "three", 4));
        assertThat(map.keySet()).hasSameHashCodeAs(same.keySet());
        assertThat(map.entrySet()).isEqualTo(same.entrySet()).hasSameHashCodeAs(same.entrySet());
    }

    @Test
    final void m7_toStringShowsTheBindings() {
        var map = open();

        assertThat(map).hasToString("{}");
        map.put("one", 1);
        assertThat(map).hasToString("{one=1}");
        map.put("two", 2);
        assertThat(map.toString()).isIn("{one=1, two=2}", "{two=2, one=1}");
    }

    // M8: many threads

    private static void all(Callable<?> work) throws Exception {
        var running = new ArrayList<Background<?>>();
        for (int i = 0; i < THREADS; i++) {
            running.add(Background.call(work));
        }
        for (Background<?> each : running) {
            each.result();
        }
    }

    @Test
    final void m8_noUpdateIsLostAndNoneCountsTwice() throws Exception {
        var map = open();
        all(() -> {
            for (int i = 0; i < 10_000; i++) {
                map.merge("merge" + i % 10, 1, Integer::sum);
                map.compute("compute" + i % 3, (key, value) -> value == null ? 1 : value + 1);
                map.computeIfAbsent("replace", key -> 0);
                boolean replaced = false;
                while (!replaced) {
                    int old = map.get("replace");
                    replaced = map.replace("replace", old, old + 1);
                }
            }
            return null;
        });
        for (int i = 0; i < 10; i++) {
            assertThat(map.get("merge" + i)).isEqualTo(THREADS * 1000);
        }
        assertThat(map.get("compute0") + map.get("compute1") + map.get("compute2"))
                .isEqualTo(THREADS * 10_000);
        assertThat(map.get("replace")).isEqualTo(THREADS * 10_000);
        assertThat(map).hasSize(14);
    }

    @Test
    final void m8_oneOfManyIsFirst() throws Exception {
        var map = open();
        var puts = new AtomicInteger();
        var computations = new AtomicInteger();
        var removals = new AtomicInteger();
        all(() -> {
            for (int i = 0; i < 2000; i++) {
                if (map.putIfAbsent("put" + i, i) == null) {
                    puts.incrementAndGet();
                }
                map.computeIfAbsent("computed" + i, key -> computations.incrementAndGet());
            }
            for (int i = 0; i < 2000; i++) {
                if (map.remove("put" + i, i)) {
                    removals.incrementAndGet();
                }
            }
            return null;
        });
        assertThat(computations).hasValue(2000);
        assertThat(puts.get()).isEqualTo(removals.get()).isGreaterThanOrEqualTo(2000);
        assertThat(map).hasSize(2000);
    }

    @Test
    final void m8_readersSeeWholeValues() throws Exception {
        ConcurrentMap<Integer, String> map = closedAfterwards(newMapOfStrings());
        for (int i = 0; i < 16; i++) {
            map.put(i, "");
        }
        var writer = Background.call(() -> {
            var random = ThreadLocalRandom.current();
            for (int i = 0; i < 20_000; i++) {
                map.put(random.nextInt(16), Character.toString('a' + i % 26).repeat(random.nextInt(3000)));
            }
            return null;
        });
        while (writer.isRunning()) {
            for (int i = 0; i < 16; i++) {
                String value = map.get(i);
                assertThat(value.chars().distinct().count()).isLessThanOrEqualTo(1);
            }
        }
        writer.result();
    }

    // M9: many and large

    @Test
    final void m9_holdsManyBindings() {
        var map = open();
        for (int i = 0; i < 50_000; i++) {
            map.put("key" + i, i);
        }
        assertThat(map.size()).isEqualTo(50_000);
        for (int i = 0; i < 50_000; i++) {
            assertThat(map.get("key" + i)).isEqualTo(i);
        }
        for (int i = 0; i < 50_000; i += 2) {
            assertThat(map.remove("key" + i)).isEqualTo(i);
        }
        assertThat(map.size()).isEqualTo(25_000);
        assertThat(map.get("key49999")).isEqualTo(49_999);
        assertThat(map.get("key49998")).isNull();
    }

    @Test
    final void m9_holdsValuesThatGrowAndShrink() {
        ConcurrentMap<Integer, String> map = closedAfterwards(newMapOfStrings());
        int[] lengths = {0, 1, 100, 5_000, 1_000_000, 3, 70_000, 0};
        for (int length : lengths) {
            for (int key = 0; key < 5; key++) {
                map.put(key, Integer.toString(key).repeat(length));
            }
            for (int key = 0; key < 5; key++) {
                assertThat(map.get(key).equals(Integer.toString(key).repeat(length)))
                        .as("key=%s, length=%s", key, length)
                        .isTrue();
            }
        }
        assertThat(map).hasSize(5);
    }

    @Test
    final void m9_givesArraysOfItsViews() {
        var map = openWithThree();

        Object[] keys = map.keySet().toArray();
        Arrays.sort(keys);
        assertThat(keys).containsExactly("one", "three", "two");
        Integer[] values = map.values().toArray(new Integer[0]);
        Arrays.sort(values);
        assertThat(values).containsExactly(1, 2, 3);
    }
}
