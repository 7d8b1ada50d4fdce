package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Children that never stop changing one map, killed by SIGKILL one after the other.
 *
 * <p>Each adds to a counter they share, and after that to one of its own. So the shared one is never behind the sum of the
 * others, and never ahead by more than one for each that was killed between the two. Besides, each puts, computes and
 * removes values that can be told whole from torn, long and short, so that stripes move all the time.
 */
class MapKillTest {
    private static final int CHILDREN = 3;
    private static final int KEYS = 400;
    private static final String SHARED = "shared";

    @Test
    void survives_kills_at_any_instruction() throws Exception {
        storm(6);
    }

    @Tag("soak")
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void survives_a_storm_of_kills() throws Exception {
        storm(Integer.getInteger("procession.kills", 300));
    }

    private static void storm(int kills) throws Exception {
        try (SharedMap<String, Object> map = SharedMap.create(64 << 20)) {
            List<ChildJvm> children = new ArrayList<>();
            long slowestNanos = 0;
            int started = 0;
            try {
                for (int killed = 0; killed < kills; killed++) {
                    while (children.size() < CHILDREN) {
                        String own = "own" + started++;
                        children.add(ChildJvm.start(() -> churn(map, own)));
                    }
                    ChildJvm victim =
                            children.remove(ThreadLocalRandom.current().nextInt(children.size()));
                    assertThat(victim.hear()).isEqualTo("running");
                    look(map, ThreadLocalRandom.current().nextLong(50_000_000));
                    victim.killWithoutWaiting();
                    slowestNanos = Math.max(slowestNanos, look(map, 50_000_000));
                    victim.close();
                }
            } finally {
                for (ChildJvm child : children) {
                    child.close();
                }
            }
            Object additions = map.get(SHARED);
            check(map, started);
            System.out.println("map kill storm: kills=" + kills + ", additions=" + additions
                    + ", slowest operation after a kill=" + slowestNanos / 1000 + " us");
            assertThat(slowestNanos).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** In a child, until it is killed. */
    private static void churn(SharedMap<String, Object> map, String own) {
        var random = ThreadLocalRandom.current();
        for (int i = 0; ; i++) {
            map.merge(SHARED, 1L, (a, b) -> (long) a + (long) b);
            map.merge(own, 1L, (a, b) -> (long) a + (long) b);
            String key = "key" + random.nextInt(KEYS);
            switch (random.nextInt(5)) {
                case 0, 1 -> map.put(key, whole());
                case 2 -> map.remove(key);
                case 3 -> map.compute(key, (k, old) -> whole());
                default -> map.putIfAbsent(key, whole());
            }
            if (i % 5000 == 4999) {
                map.keySet().removeIf(each -> each.startsWith("key") && each.endsWith("7"));
            }
            if (i == 100) {
                say("running");
            }
        }
    }

    private static String whole() {
        var random = ThreadLocalRandom.current();
        int length = random.nextInt(random.nextInt(20) == 0 ? 20_000 : 200);
        return length + ":" + Character.toString('a' + length % 26).repeat(length);
    }

    private static void ensureWhole(Object value) {
        String text = (String) value;
        int length = Integer.parseInt(text.substring(0, text.indexOf(':')));
        assertThat(text)
                .isEqualTo(length + ":" + Character.toString('a' + length % 26).repeat(length));
    }

    /** Reads and changes every key for some time; the result is how long the slowest operation took. */
    private static long look(SharedMap<String, Object> map, long nanos) {
        long slowest = 0;
        long end = System.nanoTime() + nanos;
        for (int i = 0; System.nanoTime() < end; i++) {
            String key = "key" + i % KEYS;
            long begin = System.nanoTime();
            Object value = map.get(key);
            map.computeIfPresent(key, (k, old) -> old);
            slowest = Math.max(slowest, System.nanoTime() - begin);
            if (value != null) {
                ensureWhole(value);
            }
        }
        return slowest;
    }

    /** Everybody is dead. */
    private static void check(SharedMap<String, Object> map, int started) {
        long sum = 0;
        for (int i = 0; i < started; i++) {
            sum += (long) map.getOrDefault("own" + i, 0L);
        }
        assertThat((long) map.get(SHARED)).isBetween(sum, sum + started);
        Map<String, Object> shown = new HashMap<>();
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            assertThat(shown.put(entry.getKey(), entry.getValue())).isNull();
            if (entry.getKey().startsWith("key")) {
                ensureWhole(entry.getValue());
            }
        }
        assertThat(map).hasSize(shown.size());
        shown.forEach((key, value) -> assertThat(map.remove(key)).isEqualTo(value));
        assertThat(map.isEmpty()).isTrue();
        map.clear();
        map.put("all", new byte[(64 << 20) - 12_288]); // no span was lost
    }
}
