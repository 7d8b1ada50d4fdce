package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.SpaceFullException;
import dev.procession.core.SpaceGoneException;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UnencodableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedMapTest {
    private static final long MIB = 1 << 20;

    private final List<SharedMap<?, ?>> opened = new ArrayList<>();

    private <K, V> SharedMap<K, V> open(long maximumBytes) {
        SharedMap<K, V> map = SharedMap.create(maximumBytes);
        opened.add(map);
        return map;
    }

    private <K, V> SharedMap<K, V> open() {
        return open(SharedMap.DEFAULT_MAXIMUM_BYTES);
    }

    @AfterEach
    void close() {
        opened.forEach(SharedMap::close);
    }

    private record Point(int x, String name) implements java.io.Serializable {}

    private enum Colour {
        RED,
        GREEN
    }

    // ---- keys and values ----

    @Test
    void takes_two_keys_for_one_if_their_bytes_are() {
        SharedMap<Object, Integer> map = open();
        map.put(new Point(1, "a"), 1);
        map.put(new byte[] {1, 2}, 2);
        map.put(Colour.GREEN, 3);
        map.put(List.of("a", 1L), 4);
        map.put(UUID.fromString("00000000-0000-0001-0000-000000000002"), 5);
        map.put(1, 6);
        map.put(1L, 7);
        map.put("", 8);

        assertThat(map.get(new Point(1, "a"))).isEqualTo(1);
        assertThat(map.get(new byte[] {1, 2})).isEqualTo(2);
        assertThat(map.get(new byte[] {1, 2, 3})).isNull();
        assertThat(map.get(Colour.GREEN)).isEqualTo(3);
        assertThat(map.get(Colour.RED)).isNull();
        assertThat(map.get(List.of("a", 1L))).isEqualTo(4);
        assertThat(map.get(new UUID(1, 2))).isEqualTo(5);
        assertThat(map.get(1)).isEqualTo(6);
        assertThat(map.get(1L)).isEqualTo(7);
        assertThat(map.get("")).isEqualTo(8);
        assertThat(map).hasSize(8);
        assertThat(map.keySet()).contains(1, 1L, new Point(1, "a"), Colour.GREEN);
    }

    @Test
    void keeps_copies() {
        SharedMap<String, List<Integer>> map = open();
        List<Integer> list = new ArrayList<>(List.of(1));
        map.put("list", list);
        list.add(2);
        map.get("list").add(3);
        assertThat(map.get("list")).containsExactly(1);
        map.compute("list", (key, value) -> {
            value.add(4);
            return value;
        });
        assertThat(map.get("list")).containsExactly(1, 4);
    }

    @Test
    void compares_values_by_their_bytes_or_by_equals() {
        SharedMap<String, Object> map = open();
        map.put("bytes", new byte[] {1, 2});
        assertThat(map.replace("bytes", new byte[] {1}, "no")).isFalse();
        assertThat(map.containsValue(new byte[] {1, 2})).isTrue();
        assertThat(map.replace("bytes", new byte[] {1, 2}, "yes")).isTrue();
        map.put("list", List.of(1, 2));
        assertThat(map.remove("list", new ArrayList<>(List.of(1, 2)))).isTrue();
    }

    @Test
    void refuses_what_cannot_travel_and_says_why() {
        SharedMap<String, Object> map = open();
        assertThatExceptionOfType(UnencodableException.class).isThrownBy(() -> map.put("thread", new Thread()));
        map.put("one", 1);
        assertThatExceptionOfType(UnencodableException.class)
                .isThrownBy(() -> map.compute("one", (key, value) -> new Thread()));
        assertThat(map).containsOnly(Map.entry("one", 1));
    }

    // ---- functions ----

    @Test
    void lets_a_function_read_the_map_but_not_change_it() {
        SharedMap<Integer, Integer> map = open();
        for (int i = 0; i < 200; i++) {
            map.put(i, i);
        }
        assertThat(map.compute(7, (key, value) -> map.get(7) + map.get(8) + map.size()))
                .isEqualTo(215);
        for (int i = 0; i < 200; i++) {
            int other = i;
            assertThatIllegalStateException()
                    .isThrownBy(() -> map.merge(7, 1, (old, one) -> map.put(other, 0)))
                    .withMessageContaining("recursive update")
                    .withMessageContaining("SharedMap ");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> map.computeIfPresent(7, (key, value) -> {
                    map.clear();
                    return 0;
                }));
        assertThat(map.get(7)).isEqualTo(215);
        assertThat(map).hasSize(200);
    }

    @Test
    void is_read_while_a_function_runs() throws Exception {
        SharedMap<String, Integer> map = open();
        map.put("one", 1);
        var inside = new CountDownLatch(1);
        var read = new CountDownLatch(1);
        Thread computing = Thread.ofPlatform()
                .start(() -> map.compute("one", (key, value) -> {
                    inside.countDown();
                    try {
                        assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException impossible) {
                        throw new AssertionError(impossible);
                    }
                    return value + 1;
                }));
        inside.await();
        assertThat(map.get("one")).isEqualTo(1);
        assertThat(map).hasSize(1);
        assertThat(map.toString()).isEqualTo("{one=1}");
        read.countDown();
        computing.join();
        assertThat(map.get("one")).isEqualTo(2);
    }

    @Test
    void counts_exactly_for_more_virtual_threads_than_carriers() throws Exception {
        SharedMap<String, Integer> map = open();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int n = 0; n < 250; n++) {
                    map.merge("count", 1, Integer::sum);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(map.get("count")).isEqualTo(10_000);
    }

    // ---- views ----

    @Test
    void removes_in_bulk_no_value_that_was_put_after_the_predicate_had_looked() {
        SharedMap<String, Integer> map = open();
        map.put("one", 1);
        assertThat(map.values().removeIf(value -> {
                    map.put("one", 2);
                    return value == 1;
                }))
                .isFalse();
        assertThat(map.get("one")).isEqualTo(2);
    }

    @Test
    void shows_in_an_iterator_what_was_there_when_it_came_to_it() {
        SharedMap<Integer, String> map = open();
        for (int i = 0; i < 1000; i++) {
            map.put(i, "before");
        }
        Iterator<Map.Entry<Integer, String>> entries = map.entrySet().iterator();
        map.replaceAll((key, value) -> "x".repeat(100));
        int shown = 0;
        while (entries.hasNext()) {
            assertThat(entries.next().getValue()).isIn("before", "x".repeat(100));
            shown++;
        }
        assertThat(shown).isEqualTo(1000);
    }

    // ---- room ----

    @Test
    void refuses_a_maximum_it_cannot_keep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedMap.create(1000))
                .withMessageContaining("maximumBytes=1000");
        assertThatIllegalArgumentException().isThrownBy(() -> SharedMap.create(Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> SharedMap.create(-1));
    }

    @Test
    void says_that_it_is_full_and_leaves_everything_as_it_was() {
        SharedMap<Integer, byte[]> map = open(2 * MIB);
        int fitted = fill(map, 1000);
        System.out.println("2 MiB map: " + fitted + " values of 1000 bytes fit");
        assertThat(fitted).isGreaterThan(1200);

        assertThatThrownBy(() -> map.put(fitted, new byte[1000]))
                .isInstanceOf(SpaceFullException.class)
                .hasMessageContaining("maximumBytes=2097152")
                .hasMessageContaining("SharedMap ");
        assertThatThrownBy(() -> map.put(0, new byte[500_000])).isInstanceOf(SpaceFullException.class);
        assertThatThrownBy(() -> map.compute(0, (key, value) -> new byte[500_000]))
                .isInstanceOf(SpaceFullException.class);
        assertThatThrownBy(() -> map.put(-1, new byte[10_000_000])).isInstanceOf(SpaceFullException.class);
        assertThat(map).hasSize(fitted);
        for (int i = 0; i < fitted; i++) {
            assertThat(map.get(i)).hasSize(1000).containsOnly((byte) i);
        }

        for (int i = 0; i < fitted; i++) {
            assertThat(map.remove(i)).hasSize(1000);
        }
        assertThat(map).isEmpty();
        assertThat(fill(map, 1000)).isGreaterThan(1200);
        map.clear();
        map.put(0, new byte[1_900_000]);
        assertThat(map.get(0)).hasSize(1_900_000);
    }

    private static int fill(SharedMap<Integer, byte[]> map, int lengthBytes) {
        for (int i = 0; ; i++) {
            byte[] value = new byte[lengthBytes];
            Arrays.fill(value, (byte) i);
            try {
                map.put(i, value);
            } catch (SpaceFullException full) {
                return i;
            }
        }
    }

    @Test
    void uses_the_room_of_what_was_replaced_and_removed_again() {
        SharedMap<Integer, byte[]> map = open(MIB);
        for (int i = 0; i < 20_000; i++) {
            map.put(i % 20, new byte[i % 7000]);
        }
        for (int i = 0; i < 20_000; i++) {
            map.put(i, new byte[100]);
            map.remove(i - 500);
        }
        assertThat(map).hasSize(500);
    }

    @Test
    void takes_a_value_as_large_as_there_is_room() {
        SharedMap<String, byte[]> map = open(64 * MIB);
        byte[] large = new byte[20_000_000];
        Arrays.fill(large, (byte) 5);
        map.put("large", large);
        map.put("small", new byte[1]);
        large[7] = 6;
        map.put("large", large);
        assertThat(Arrays.equals(map.get("large"), large)).isTrue();
        assertThat(map.get("small")).hasSize(1);
    }

    // ---- several processes ----

    /** M08. */
    @Test
    void shows_what_another_process_put() throws Exception {
        SharedMap<String, String> map = open();
        map.put("parent", "here");
        try (ChildJvm child = ChildJvm.start(() -> {
            map.put("child", map.get("parent") + " too");
            map.remove("parent");
        })) {
            assertThat(child.join()).isZero();
        }
        assertThat(map).containsOnly(Map.entry("child", "here too"));
    }

    @Test
    void loses_no_update_of_several_processes_while_it_grows() throws Exception {
        SharedMap<String, Integer> map = open();
        int processes = 3;
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int c = 0; c < processes; c++) {
                int child = c;
                children.add(ChildJvm.start(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        map.merge("merged" + i % 10, 1, Integer::sum);
                        if (i % 2 == 0) {
                            map.put("child" + child + "," + i, i);
                        }
                        if (i % 4 == 0) {
                            map.remove("child" + child + "," + i);
                        }
                    }
                    say("done");
                }));
            }
            for (ChildJvm child : children) {
                assertThat(child.hear()).isEqualTo("done");
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
        for (int i = 0; i < 10; i++) {
            assertThat(map.get("merged" + i)).isEqualTo(processes * 2000);
        }
        assertThat(map.size()).isEqualTo(10 + processes * 5000);
        for (int i = 2; i < 20_000; i += 4) {
            assertThat(map.get("child1," + i)).isEqualTo(i);
        }
    }

    @Test
    void keeps_the_old_value_when_a_function_is_killed_with_its_process() throws Exception {
        SharedMap<String, Integer> map = open();
        map.put("one", 1);
        try (ChildJvm child = ChildJvm.start(() -> map.compute("one", (key, value) -> {
            say("inside");
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            return 2;
        }))) {
            assertThat(child.hear()).isEqualTo("inside");
            var changed = new AtomicInteger();
            Thread waiting = Thread.ofPlatform().start(() -> changed.set(map.put("one", 3)));
            eventually("it waits", () -> waiting.getState() != Thread.State.NEW);
            assertThat(map.get("one")).isEqualTo(1);
            long killedAt = System.nanoTime();
            child.killWithoutWaiting();
            waiting.join();
            assertThat(System.nanoTime() - killedAt).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(changed).hasValue(1);
        }
        assertThat(map).containsOnly(Map.entry("one", 3));
    }

    // ---- the handle ----

    @Test
    void is_one_object_in_one_jvm_however_often_it_is_sent() {
        SharedMap<String, Integer> map = open();
        Codec codec = Codec.standard();
        assertThat(codec.decode(codec.encode(map))).isSameAs(map);
    }

    @Test
    void may_hold_maps() {
        SharedMap<String, SharedMap<String, Integer>> outer = open();
        SharedMap<String, Integer> inner = open();
        outer.put("inner", inner);
        outer.get("inner").put("one", 1);
        assertThat(inner.get("one")).isEqualTo(1);
    }

    @Test
    void ends_for_everybody_when_it_is_closed() throws Exception {
        SharedMap<String, Integer> map = open();
        map.put("one", 1);
        byte[] handle = Codec.standard().encode(map);
        try (ChildJvm child = ChildJvm.start(() -> {
            say(map.get("one"));
            eventually("it is closed", () -> map.toString().endsWith("[closed]"));
            try {
                map.put("two", 2);
            } catch (IllegalStateException expected) {
                say(expected.getMessage());
            }
        })) {
            assertThat(child.hear()).isEqualTo("1");
            map.close();
            map.close();
            assertThat(child.hear()).matches("SharedMap [0-9a-f]+/[0-9]+ is closed");
        }
        assertThatIllegalStateException().isThrownBy(() -> map.get("one")).withMessageContaining(" is closed");
        assertThatIllegalStateException().isThrownBy(() -> map.put("one", 1)).withMessageContaining(" is closed");
        assertThatIllegalStateException().isThrownBy(map::size).withMessageContaining(" is closed");
        assertThatIllegalStateException().isThrownBy(map::clear).withMessageContaining(" is closed");
        assertThatIllegalStateException().isThrownBy(() -> map.forEach((key, value) -> {}));
        assertThat(map.toString()).matches("SharedMap .*\\[closed]");
        assertThatThrownBy(() -> Codec.standard().decode(handle))
                .hasStackTraceContaining(SpaceGoneException.class.getName());
    }
}
