package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procession.conformance.Background;
import dev.procession.core.Lease;
import dev.procession.core.QueueLimits;
import dev.procession.core.QueueShutDownException;
import dev.procession.core.SpaceGoneException;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import dev.procession.shm.queue.QueueProbe;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows Q01 to Q13 of CPython's multiprocessing tests, and what Python's queues do not have. */
class SharedQueueTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<SharedQueue<?>> queues = new ArrayList<>();

    private <E> SharedQueue<E> open(int capacity) {
        return open(QueueLimits.ofCapacity(capacity));
    }

    private <E> SharedQueue<E> open(QueueLimits limits) {
        SharedQueue<E> queue = SharedQueue.create(limits);
        queues.add(queue);
        return queue;
    }

    @AfterEach
    void close() {
        queues.forEach(SharedQueue::close);
    }

    // ---- Python's rows ----

    /** Q01. */
    @Test
    void six_puts_fill_it_and_a_child_empties_it() throws Exception {
        SharedQueue<Integer> queue = open(6);
        queue.put(1);
        assertThat(queue.offer(2)).isTrue();
        assertThat(queue.offer(3, 1, SECONDS)).isTrue();
        queue.put(4);
        queue.add(5);
        assertThat(queue.offer(6, 0, SECONDS)).isTrue();
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.remainingCapacity()).isZero();
        try (ChildJvm child = ChildJvm.start(() -> {
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                taken.add(queue.take());
            }
            say(taken);
        })) {
            assertThat(child.hear()).isEqualTo("[1, 2, 3, 4, 5, 6]");
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.remainingCapacity()).isEqualTo(6);
    }

    /** Q03, Q04: the form that does not wait takes no time-out here; the timed ones wait at least that long. */
    @Test
    void an_empty_queue_refuses_at_once_or_after_the_time() throws Exception {
        SharedQueue<Integer> queue = open(1);
        assertThat(queue.poll()).isNull();
        long begin = System.nanoTime();
        assertThat(queue.poll(300, MILLISECONDS)).isNull();
        assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 3_000_000_000L);
    }

    /** Q06. */
    @Test
    void size_follows_puts_and_takes() throws Exception {
        SharedQueue<Integer> queue = open(10);
        List<Integer> sizes = new ArrayList<>(List.of(queue.size()));
        queue.put(1);
        sizes.add(queue.size());
        queue.put(5);
        sizes.add(queue.size());
        queue.take();
        sizes.add(queue.size());
        queue.take();
        sizes.add(queue.size());
        assertThat(sizes).containsExactly(0, 1, 2, 1, 0);
    }

    /** Q07. */
    @Test
    void join_returns_when_all_worker_processes_are_done() throws Exception {
        SharedQueue<Integer> queue = open(20);
        SharedQueue<Integer> done = open(20);
        List<ChildJvm> workers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                workers.add(ChildJvm.start(() -> {
                    for (Integer item = queue.take(); item >= 0; item = queue.take()) {
                        done.put(item);
                        queue.taskDone();
                    }
                    queue.taskDone();
                }));
            }
            for (int i = 0; i < 10; i++) {
                queue.put(i);
            }
            assertThat(queue.join(30, SECONDS)).isTrue();
            assertThat(done).hasSize(10).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            for (int i = 0; i < 4; i++) {
                queue.put(-1);
            }
            queue.join();
            for (ChildJvm worker : workers) {
                assertThat(worker.join()).isZero();
            }
        } finally {
            for (ChildJvm worker : workers) {
                worker.close();
            }
        }
        assertThat(queue.unfinishedTasks()).isZero();
        assertThatIllegalStateException().isThrownBy(queue::taskDone).withMessageContaining("taskDone()");
    }

    /** Q09. */
    @Test
    void a_closed_queue_refuses_both_ends_and_says_so() throws Exception {
        SharedQueue<Integer> queue = open(3);
        queue.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.put(1))
                .withMessageMatching("SharedQueue .* is closed");
        assertThatIllegalStateException().isThrownBy(queue::take).withMessageMatching("SharedQueue .* is closed");
        assertThat(queue.toString()).contains("closed");
    }

    /** Q10: the putting call refuses, rather than a feeder thread later. */
    @Test
    void what_cannot_be_encoded_takes_no_room() throws Exception {
        SharedQueue<Object> queue = open(1);
        assertThatExceptionOfType(UnencodableException.class)
                .isThrownBy(() -> queue.put(List.of(new Object())))
                .withMessageContaining("[0] is a java.lang.Object");
        queue.put("good");
        assertThat(queue.take()).isEqualTo("good");
        assertThat(queue.unfinishedTasks()).isEqualTo(1);
    }

    /** Q12. */
    @Test
    void a_large_item_goes_to_another_process_and_back() throws Exception {
        SharedQueue<byte[]> there = open(2);
        SharedQueue<byte[]> back = open(2);
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        try (ChildJvm child = ChildJvm.start(() -> back.put(there.take()))) {
            there.put(large);
            assertThat(back.poll(30, SECONDS)).isEqualTo(large);
            assertThat(child.join()).isZero();
        }
    }

    /** Q13. */
    @Test
    void a_simple_queue_is_one_with_much_capacity() throws Exception {
        SharedQueue<Integer> queue = open(Integer.MAX_VALUE);
        assertThat(queue.isEmpty()).isTrue();
        queue.put(1);
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.take()).isEqualTo(1);
        queue.close();
        assertThatIllegalStateException().isThrownBy(() -> queue.put(1));
    }

    // ---- shutting down and joining ----

    @Test
    void shutdown_lets_what_is_there_be_taken_and_then_ends_every_form_of_taking() throws Exception {
        SharedQueue<Integer> queue = open(3);
        queue.put(1);
        queue.put(2);
        queue.shutdown();
        queue.shutdown();
        assertThat(queue.isShutdown()).isTrue();
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.put(3));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.offer(3));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.offerAll(List.of(3)));
        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.poll()).isEqualTo(2);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::take);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::poll);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.poll(1, SECONDS));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.lease(LONG));
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(() -> queue.drainTo(new ArrayList<>()));
        assertThat(queue.peek()).isNull();
    }

    @Test
    void shutdown_by_another_process_wakes_everybody_who_waits() throws Exception {
        SharedQueue<Integer> empty = open(1);
        SharedQueue<Integer> full = open(1);
        full.put(1);
        var take = Background.call(empty::take).staysWaiting();
        var lease = Background.call(() -> empty.lease(LONG)).staysWaiting();
        var put = Background.run(() -> full.put(2)).staysWaiting();
        try (ChildJvm child = ChildJvm.start(() -> {
            empty.shutdown();
            full.shutdown();
        })) {
            assertThat(child.join()).isZero();
        }
        take.failure(QueueShutDownException.class);
        lease.failure(QueueShutDownException.class);
        put.failure(QueueShutDownException.class);
        assertThat(full.shutdownNow()).containsExactly(1);
    }

    @Test
    void a_queue_that_was_shut_down_waits_for_leases_that_may_come_back() throws Exception {
        SharedQueue<Integer> queue = open(3);
        queue.put(1);
        Lease<Integer> lease = queue.lease(LONG);
        queue.shutdown();
        assertThat(queue.poll()).isNull();
        var take = Background.call(queue::take).staysWaiting();
        lease.nack();
        assertThat(take.result()).isEqualTo(1);
        assertThatExceptionOfType(QueueShutDownException.class).isThrownBy(queue::take);
    }

    @Test
    void join_counts_leases_removals_and_dead_letters() throws Exception {
        SharedQueue<Integer> queue = open(10);
        queue.putAll(List.of(1, 2, 3, 4, 5));
        queue.lease(LONG).ack();
        queue.lease(LONG).reject();
        assertThat(queue.remove(4)).isTrue();
        assertThat(queue.unfinishedTasks()).isEqualTo(2);
        queue.take();
        assertThat(queue.join(20, MILLISECONDS)).isFalse();
        queue.taskDone();
        Lease<Integer> last = queue.lease(LONG);
        var join = Background.run(queue::join).staysWaiting();
        last.nack();
        join.staysWaiting();
        queue.clear();
        assertThat(join.result()).isTrue();
    }

    // ---- batches ----

    @Test
    void offerAll_puts_as_many_as_fit() {
        SharedQueue<Integer> queue = open(3);
        assertThat(queue.offerAll(List.of())).isZero();
        assertThat(queue.offerAll(List.of(1, 2))).isEqualTo(2);
        assertThat(queue.offerAll(List.of(3, 4))).isEqualTo(1);
        assertThat(queue.offerAll(List.of(4))).isZero();
        assertThat(queue).containsExactly(1, 2, 3);
    }

    @Test
    void putAll_waits_until_all_are_in() throws Exception {
        SharedQueue<Integer> queue = open(3);
        List<Integer> items = IntStream.range(0, 100).boxed().toList();
        var put = Background.run(() -> queue.putAll(items)).staysWaiting();
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < 100) {
            taken.add(queue.poll(30, SECONDS));
        }
        assertThat(put.result()).isTrue();
        assertThat(taken).isEqualTo(items);
    }

    // ---- room ----

    @Test
    void capacity_counts_items_however_large() throws Exception {
        SharedQueue<byte[]> queue = open(6);
        for (int i = 0; i < 6; i++) {
            byte[] item = new byte[1 << (4 * i)];
            Arrays.fill(item, (byte) i);
            assertThat(queue.offer(item)).isTrue();
        }
        assertThat(queue.offer(new byte[1])).isFalse();
        for (int i = 0; i < 6; i++) {
            byte[] item = queue.take();
            assertThat(item).hasSize(1 << (4 * i)).containsOnly(i);
        }
        assertThat(queue.poll()).isNull();
    }

    @Test
    void many_items_grow_it_and_the_memory_comes_back() throws Exception {
        SharedQueue<byte[]> queue = open(200_000);
        for (int round = 0; round < 3; round++) {
            byte[] item = new byte[100];
            for (int i = 0; i < 50_000; i++) {
                item[0] = (byte) i;
                queue.put(item);
            }
            for (int i = 0; i < 50_000; i++) {
                assertThat(queue.take()[0]).isEqualTo((byte) i);
            }
        }
        // The last records lie in a large area; a lap of the stream later it is a small one's turn again.
        for (int i = 0; i < 100_000; i++) {
            queue.put(new byte[100]);
            queue.take();
        }
        assertThat(new QueueProbe(queue.entry()).areaBytes()).isLessThan(1 << 20);
    }

    @Test
    void random_sizes_and_order_of_operations_keep_every_item() throws Exception {
        var random = new Random(7);
        for (int capacity : new int[] {1, 2, 7, 100}) {
            SharedQueue<byte[]> queue = open(capacity);
            checkRandomOperations(random, queue, capacity, 20_000);
        }
        SharedQueue<byte[]> limited = open(QueueLimits.ofCapacity(1000).withCapacityBytes(12_000));
        checkRandomOperations(random, limited, 1000, 20_000);
    }

    private static void checkRandomOperations(Random random, SharedQueue<byte[]> queue, int capacity, int steps)
            throws InterruptedException {
        var model = new ArrayDeque<byte[]>();
        var leases = new ArrayList<Lease<byte[]>>();
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    byte[] item = new byte[random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(60)];
                    random.nextBytes(item);
                    if (queue.offer(item)) {
                        model.add(item);
                    }
                    assertThat(model.size()).isLessThanOrEqualTo(capacity);
                }
                case 3, 4 -> {
                    byte[] taken = queue.poll();
                    assertThat(taken).isEqualTo(model.poll());
                }
                default -> {
                    // Leases are only ever acknowledged, at random times: islands in the stream.
                    if (leases.size() < 20) {
                        Lease<byte[]> lease = queue.lease(LONG, 0, SECONDS);
                        assertThat(lease == null).isEqualTo(model.isEmpty());
                        if (lease != null) {
                            assertThat(lease.get()).isEqualTo(model.poll());
                            leases.add(lease);
                        }
                    } else {
                        leases.remove(random.nextInt(leases.size())).ack();
                    }
                }
            }
        }
        for (Lease<byte[]> lease : leases) {
            lease.nack();
        }
        assertThat(queue).hasSize(model.size() + leases.size());
    }

    @Test
    void a_limit_of_bytes_is_kept() throws Exception {
        SharedQueue<byte[]> queue = open(QueueLimits.ofCapacity(1000).withCapacityBytes(1008));
        byte[] item = new byte[160]; // 168 bytes as it lies in the queue
        for (int i = 0; i < 6; i++) {
            assertThat(queue.offer(item)).isTrue();
        }
        assertThat(queue.offer(item)).isFalse();
        queue.take();
        assertThat(queue.offer(item)).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.offer(new byte[1001]))
                .withMessageContaining("capacityBytes=1008");
        queue.clear();
        assertThat(queue.offer(new byte[1000])).isTrue();
        assertThat(queue.offer(new byte[1])).isFalse();
    }

    @Test
    void an_item_as_large_as_the_limit_fits_wherever_the_stream_stands() throws Exception {
        SharedQueue<byte[]> queue = open(QueueLimits.ofCapacity(10).withCapacityBytes(4000));
        for (int i = 0; i < 3000; i++) {
            byte[] item = new byte[i % 2 == 0 ? 3992 : i % 1000];
            assertThat(queue.offer(item)).isTrue();
            assertThat(queue.take()).hasSameSizeAs(item);
        }
    }

    @Test
    void a_lease_held_for_long_blocks_nobody() throws Exception {
        SharedQueue<byte[]> queue = open(10);
        List<Lease<byte[]>> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            byte[] item = new byte[3000];
            item[0] = (byte) i;
            queue.put(item);
            held.add(queue.lease(LONG));
        }
        for (int i = 0; i < 50_000; i++) {
            assertThat(queue.offer(new byte[i % 500])).isTrue();
            assertThat(queue.poll()).hasSize(i % 500);
        }
        for (int i = 4; i >= 0; i--) {
            assertThat(held.get(i).get()[0]).isEqualTo((byte) i);
            held.get(i).nack();
        }
        for (int i = 0; i < 5; i++) {
            assertThat(queue.take()[0]).isEqualTo((byte) i);
        }
    }

    @Test
    void many_leases_at_once_and_room_again_after_them() throws Exception {
        SharedQueue<Integer> queue = open(20_000);
        for (int i = 0; i < 17_000; i++) {
            queue.put(i);
        }
        List<Lease<Integer>> leases = new ArrayList<>();
        for (Lease<Integer> lease; (lease = queue.lease(LONG, 0, SECONDS)) != null; ) {
            leases.add(lease);
        }
        assertThat(leases).hasSize(16_384);
        leases.getFirst().ack();
        assertThat(queue.lease(LONG, 0, SECONDS)).isNotNull();
        for (Lease<Integer> lease : leases.subList(1, leases.size())) {
            lease.ack();
        }
        assertThat(queue.size()).isEqualTo(17_000 - 16_385);
    }

    // ---- dead letters ----

    /** Can be encoded, and not be decoded. */
    private static final class Mute implements Serializable {
        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("no voice");
        }
    }

    @Test
    void what_cannot_be_decoded_becomes_a_dead_letter() throws Exception {
        SharedQueue<Object> queue = open(10);
        queue.put(new Mute());
        queue.put("between");
        queue.put(new Mute());
        queue.put("after");
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(queue::take)
                .withMessageContaining("dead letter");
        assertThat(queue.deadLetters().size()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo("between");
        assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> queue.lease(LONG));
        assertThat(queue.deadLetters().size()).isEqualTo(2);
        assertThat(queue.contains("after")).isTrue();
        assertThat(queue.take()).isEqualTo("after");
        assertThat(queue.poll()).isNull();
        assertThat(queue.remainingCapacity()).isEqualTo(10);
    }

    @Test
    void draining_goes_past_what_cannot_be_decoded() throws Exception {
        SharedQueue<Object> queue = open(10);
        queue.putAll(List.of("a", new Mute(), "b"));
        List<Object> drained = new ArrayList<>();
        assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> queue.drainTo(drained));
        assertThat(drained).containsExactly("a", "b");
        assertThat(queue.deadLetters().size()).isEqualTo(1);
        assertThat(queue.size()).isZero();
    }

    @Test
    void dead_letters_are_a_queue_with_leases() throws Exception {
        SharedQueue<Integer> queue = open(10);
        queue.putAll(List.of(1, 2, 3));
        for (int i = 0; i < 3; i++) {
            queue.lease(LONG).reject();
        }
        var letters = queue.deadLetters();
        assertThat(letters).containsExactly(1, 2, 3);
        Lease<Integer> first = letters.lease(LONG);
        assertThat(first.get()).isEqualTo(1);
        assertThat(letters).containsExactly(2, 3);
        first.reject();
        assertThat(letters).containsExactly(2, 3, 1);
        Lease<Integer> second = letters.lease(LONG);
        second.nack();
        assertThat(letters).containsExactly(2, 3, 1);
        letters.lease(LONG).ack();
        assertThat(letters.poll()).isEqualTo(3);
        assertThat(letters.remove(1)).isTrue();
        assertThat(letters.poll(10, MILLISECONDS)).isNull();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> letters.offer(1));
        var take = Background.call(letters::take).staysWaiting();
        queue.put(4);
        queue.lease(LONG).reject();
        assertThat(take.result()).isEqualTo(4);
    }

    // ---- handles ----

    @Test
    void a_handle_is_the_same_queue_again_in_this_jvm() {
        SharedQueue<Integer> queue = open(3);
        Object copy = Codec.standard().decode(Codec.standard().encode(queue));
        assertThat(copy).isSameAs(queue);
        byte[] handle = Codec.standard().encode(queue);
        queue.close();
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> Codec.standard().decode(handle))
                .withMessageContaining("was closed")
                .withStackTraceContaining(SpaceGoneException.class.getName());
    }

    @Test
    void a_queue_travels_through_a_queue() throws Exception {
        SharedQueue<SharedQueue<String>> mail = open(3);
        SharedQueue<String> answers = open(3);
        try (ChildJvm child = ChildJvm.start(() -> mail.take().put("hello"))) {
            mail.put(answers);
            assertThat(answers.poll(30, SECONDS)).isEqualTo("hello");
            assertThat(child.join()).isZero();
        }
    }

    @Test
    void closing_ends_the_waits_of_other_processes() throws Exception {
        SharedQueue<Integer> queue = open(3);
        try (ChildJvm child = ChildJvm.start(() -> {
            say("waiting");
            try {
                queue.take();
            } catch (IllegalStateException closed) {
                say("closed");
            }
        })) {
            assertThat(child.hear()).isEqualTo("waiting");
            queue.close();
            assertThat(child.hear()).isEqualTo("closed");
        }
    }

    // ---- threads ----

    @Test
    void more_virtual_threads_wait_than_there_are_carriers() throws Exception {
        SharedQueue<Integer> queue = open(1000);
        int threads = 200;
        var sum = new AtomicInteger();
        var finished = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    sum.addAndGet(queue.take());
                    finished.countDown();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        for (int i = 1; i <= threads; i++) {
            queue.put(i);
        }
        assertThat(finished.await(60, SECONDS)).isTrue();
        assertThat(sum.get()).isEqualTo(threads * (threads + 1) / 2);
    }

    @Test
    void items_of_every_kind_come_through() throws Exception {
        SharedQueue<Object> queue = open(10);
        List<Object> items = List.of("text", 1, 2.5, List.of(1, 2), Map.of("k", "v"), Duration.ofDays(1));
        queue.putAll(items);
        List<Object> taken = new ArrayList<>();
        assertThat(queue.drainTo(taken)).isEqualTo(items.size());
        assertThat(taken).isEqualTo(items);
        queue.put(new byte[0]);
        assertThat((byte[]) queue.take()).isEmpty();
        assertThat(Objects.toString(queue)).matches("SharedQueue [0-9a-f]+/\\d+\\[size=0, capacity=10]");
    }

    @Test
    void what_a_waiting_taker_is_owed_arrives_soon_though_others_wait_too() throws Exception {
        SharedQueue<Integer> queue = open(100);
        var takers = new ArrayList<Background<Integer>>();
        for (int i = 0; i < 8; i++) {
            takers.add(Background.call(queue::take));
        }
        takers.forEach(Background::staysWaiting);
        queue.putAll(List.of(0, 1, 2, 3, 4, 5, 6, 7));
        assertThat(takers.stream().map(Background::result)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
        eventually("nothing is left", queue::isEmpty);
    }
}
