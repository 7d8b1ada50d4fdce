package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.within;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.Lease;
import dev.procession.core.QueueLimits;
import dev.procession.core.QueueShutDownException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really killed. Every item is accounted for. */
class SharedQueueDeathTest {
    private static final Duration LONG = Duration.ofMinutes(30);

    /** How long an operation of a survivor may take after a death. */
    private static final Duration NO_WEDGE = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @Test
    void two_producers_and_two_consumers_lose_and_double_nothing() throws Exception {
        int each = 30_000;
        try (SharedQueue<Long> queue = SharedQueue.create(100)) {
            List<ChildJvm> producers = new ArrayList<>();
            List<ChildJvm> consumers = new ArrayList<>();
            try {
                for (int p = 0; p < 2; p++) {
                    long base = (long) p * each;
                    producers.add(ChildJvm.start(() -> {
                        for (int i = 0; i < each; i++) {
                            queue.put(base + i);
                        }
                    }));
                }
                for (int c = 0; c < 2; c++) {
                    consumers.add(ChildJvm.start(() -> saySums(queue)));
                }
                for (ChildJvm producer : producers) {
                    assertThat(producer.join()).isZero();
                }
                queue.shutdown();
                long[] total = new long[3];
                for (ChildJvm consumer : consumers) {
                    for (int i = 0; i < 3; i++) {
                        total[i] += Long.parseLong(consumer.hear());
                    }
                }
                long n = 2L * each;
                assertThat(total[0]).as("count").isEqualTo(n);
                assertThat(total[1]).as("sum").isEqualTo(n * (n - 1) / 2);
                assertThat(total[2]).as("sum of squares").isEqualTo((n - 1) * n * (2 * n - 1) / 6);
            } finally {
                closeAll(producers);
                closeAll(consumers);
            }
        }
    }

    private static void saySums(SharedQueue<Long> queue) throws InterruptedException {
        long count = 0;
        long sum = 0;
        long squares = 0;
        while (true) {
            try {
                long item = queue.take();
                count++;
                sum += item;
                squares += item * item;
            } catch (QueueShutDownException end) {
                say(count);
                say(sum);
                say(squares);
                return;
            }
        }
    }

    @Test
    void a_leased_item_of_a_killed_process_comes_back_at_once() throws Exception {
        try (SharedQueue<String> queue = SharedQueue.create(10)) {
            queue.put("first");
            queue.put("second");
            try (ChildJvm child = ChildJvm.start(() -> {
                Lease<String> lease = queue.lease(LONG);
                say(lease.get());
                Thread.sleep(Long.MAX_VALUE);
            })) {
                assertThat(child.hear()).isEqualTo("first");
                assertThat(queue.size()).isEqualTo(1);
                child.kill();
                within(Duration.ofSeconds(2), "the item is back", () -> queue.size() == 2);
                Lease<String> again = queue.lease(LONG);
                assertThat(again.get()).isEqualTo("first");
                assertThat(again.deliveries()).isEqualTo(2);
                again.ack();
            }
            assertThat(queue.take()).isEqualTo("second");
        }
    }

    @Test
    void a_waiting_taker_gets_what_a_killed_process_had_leased() throws Exception {
        try (SharedQueue<String> queue = SharedQueue.create(10)) {
            queue.put("only");
            try (ChildJvm child = ChildJvm.start(() -> {
                queue.lease(LONG);
                say("leased");
                Thread.sleep(Long.MAX_VALUE);
            })) {
                assertThat(child.hear()).isEqualTo("leased");
                child.killWithoutWaiting();
                assertThat(queue.poll(10, SECONDS)).isEqualTo("only");
            }
        }
    }

    @Test
    void what_a_process_took_or_put_before_it_was_killed_stays_taken_or_put() throws Exception {
        try (SharedQueue<Integer> queue = SharedQueue.create(10)) {
            queue.put(1);
            queue.put(2);
            try (ChildJvm child = ChildJvm.start(() -> {
                queue.take();
                queue.put(3);
                say("done");
                Thread.sleep(Long.MAX_VALUE);
            })) {
                assertThat(child.hear()).isEqualTo("done");
                child.kill();
            }
            assertThat(queue).containsExactly(2, 3);
        }
    }

    @Test
    void killed_waiters_leave_others_to_be_served() throws Exception {
        try (SharedQueue<Integer> queue = SharedQueue.create(1)) {
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    children.add(ChildJvm.start(() -> {
                        say("waiting");
                        say(queue.take());
                    }));
                }
                for (ChildJvm child : children) {
                    assertThat(child.hear()).isEqualTo("waiting");
                }
                children.get(0).kill();
                children.get(1).killWithoutWaiting();
                queue.put(7);
                // The second may have taken it in its last moment; then nobody else can.
                queue.offer(8, 2, SECONDS);
                assertThat(children.get(2).hear()).isIn("7", "8");
            } finally {
                closeAll(children);
            }
        }
    }

    @Test
    void kills_at_random_moments() throws Exception {
        killStorm(/* kills= */ 8, new Random(1));
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void many_kills_at_random_moments() throws Exception {
        killStorm(Integer.getInteger("procession.kills", 300), new Random());
    }

    // ---- the storm: processes that put, lease and take as fast as they can, killed at random ----

    /** An item: which process put it (24 bits), and the how many-th of that process it is (32). */
    private static long item(int producer, int number) {
        return ((long) producer << 32) | number;
    }

    private static void produce(SharedQueue<Long> queue, MappedLog log, int producer) throws InterruptedException {
        MappedLog.Writer writer = log.writer();
        for (int i = 0; ; i++) {
            queue.put(item(producer, i));
            writer.count();
        }
    }

    /** Logs each delivery before it acknowledges, with the number of deliveries above the item's 56 bits. */
    private static void consume(SharedQueue<Long> queue, MappedLog log) throws InterruptedException {
        MappedLog.Writer writer = log.writer();
        while (true) {
            try (Lease<Long> lease = queue.lease(LONG)) {
                writer.append(((long) Math.min(lease.deliveries(), 100) << 56) | lease.get());
                lease.ack();
            }
        }
    }

    private void killStorm(int kills, Random random) throws Exception {
        List<MappedLog> produced = new ArrayList<>();
        List<MappedLog> consumed = new ArrayList<>();
        QueueLimits limits = QueueLimits.ofCapacity(50).withMaxDeliveries(QueueLimits.UNLIMITED);
        long worst = 0;
        long items;
        try (SharedQueue<Long> queue = SharedQueue.create(limits)) {
            ChildJvm[] children = new ChildJvm[4]; // two of each sort
            Survivor survivor = survivor(produced);
            try {
                for (int i = 0; i < 4; i++) {
                    children[i] = start(queue, i, produced, consumed);
                }
                for (int kill = 0; kill < kills; kill++) {
                    LockSupport.parkNanos(random.nextLong(30_000_000)); // any moment will do
                    int victim = random.nextInt(4);
                    children[victim].killWithoutWaiting();
                    worst = Math.max(worst, survivor.goOn(queue));
                    children[victim].close();
                    children[victim] = start(queue, victim, produced, consumed);
                }
                for (int i = 0; i < 2; i++) {
                    children[i].kill();
                }
                // What the dead producers put is left to the consumers; the queue runs empty.
                within(Duration.ofSeconds(30), "everything is consumed: " + queue, () -> queue.size() == 0);
                within(Duration.ofSeconds(30), "everything is acknowledged", () -> queue.unfinishedTasks() == 0);
            } finally {
                closeAll(List.of(children));
            }
            items = assertThatEveryItemIsAccountedFor(produced, consumed);
        }
        System.out.println("queue kill storm: kills=" + kills + ", worst survivor operation=" + worst / 1000
                + " us, items=" + items + ", lost=0, doubled=0");
        assertThat(worst).isLessThan(NO_WEDGE.toNanos());
    }

    private Survivor survivor(List<MappedLog> produced) {
        int number = produced.size();
        MappedLog log = MappedLog.create(folder, "produced-" + number);
        produced.add(log);
        return new Survivor(log.writer(), number);
    }

    /** Puts, leases and gives back after each death: since one of each sort of children lives, none of that lasts. */
    private static final class Survivor {
        private final MappedLog.Writer log;
        private final int producer;
        private int put;

        Survivor(MappedLog.Writer log, int producer) {
            this.log = log;
            this.producer = producer;
        }

        /** The result is how long the slower of the two took. */
        long goOn(SharedQueue<Long> queue) throws InterruptedException {
            long begin = System.nanoTime();
            assertThat(queue.offer(item(producer, put), NO_WEDGE.toNanos(), NANOSECONDS))
                    .as("an item was put in time: " + queue)
                    .isTrue();
            put++;
            log.count();
            long between = System.nanoTime();
            Lease<Long> lease = queue.lease(LONG, NO_WEDGE.toNanos(), NANOSECONDS);
            assertThat(lease).as("an item was leased in time: " + queue).isNotNull();
            lease.nack();
            return Math.max(between - begin, System.nanoTime() - between);
        }
    }

    private ChildJvm start(SharedQueue<Long> queue, int place, List<MappedLog> produced, List<MappedLog> consumed)
            throws InterruptedException {
        boolean producer = place < 2;
        List<MappedLog> logs = producer ? produced : consumed;
        int number = logs.size();
        MappedLog log = MappedLog.create(folder, (producer ? "produced-" : "consumed-") + number);
        logs.add(log);
        ChildJvm child = producer
                ? ChildJvm.start(() -> {
                    say("go");
                    produce(queue, log, number);
                })
                : ChildJvm.start(() -> {
                    say("go");
                    consume(queue, log);
                });
        assertThat(child.hear()).isEqualTo("go");
        return child;
    }

    /** The result is how many there were. */
    private static long assertThatEveryItemIsAccountedFor(List<MappedLog> produced, List<MappedLog> consumed) {
        BitSet[] seen = new BitSet[produced.size()];
        BitSet[] first = new BitSet[produced.size()];
        Arrays.setAll(seen, _ -> new BitSet());
        Arrays.setAll(first, _ -> new BitSet());
        Set<Long> again = new HashSet<>();
        long[] total = {0};
        for (MappedLog log : consumed) {
            log.forEach(entry -> {
                long item = entry & ((1L << 56) - 1);
                int producer = (int) (item >>> 32);
                int number = (int) item;
                // Nothing is delivered twice but with another number of deliveries.
                boolean fresh = entry >>> 56 == 1 ? !first[producer].get(number) : again.add(entry);
                if (!fresh) {
                    throw new AssertionError("twice as the same delivery: " + Long.toHexString(entry));
                }
                first[producer].set(number, entry >>> 56 == 1 || first[producer].get(number));
                seen[producer].set(number);
                total[0]++;
            });
        }
        for (int producer = 0; producer < produced.size(); producer++) {
            int put = produced.get(producer).count();
            assertThat(seen[producer].nextClearBit(0))
                    .as("all that was put was consumed")
                    .isGreaterThanOrEqualTo(put);
            // One more may have been put whose put did not live to be counted.
            assertThat(seen[producer].length()).isBetween(put, put + 1);
        }
        assertThat(total[0]).as("the storm did something").isGreaterThan(1000);
        return total[0];
    }

    private static void closeAll(List<ChildJvm> children) throws InterruptedException {
        for (ChildJvm child : children) {
            child.close();
        }
    }
}
