package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlockingQueue} of ours promises, over one in this JVM. Rules Q1 to Q9 of docs/contracts/queue.md.
 */
@SuppressWarnings({
    "NullAway", // null is passed on purpose
    "CollectionIncompatibleType", // and so are objects of other types,
    "CollectionToArraySafeParameter", // arrays of other types,
    "ModifyingCollectionWithItself" // and the queue itself
})
public abstract class BlockingQueueContract {
    /** In which order a queue gives out what was put. */
    public enum Order {
        /** First in, first out. */
        FIFO,
        /** Last in, first out. */
        LIFO
    }

    private final List<AutoCloseable> opened = new ArrayList<>();

    /**
     * Makes a queue. Those that are {@link AutoCloseable} are closed after the test.
     *
     * @param capacity how many elements it holds
     * @return an empty queue
     */
    protected abstract BlockingQueue<Integer> newQueue(int capacity);

    /**
     * The order of the queues under test.
     *
     * @return FIFO unless overridden
     */
    protected Order order() {
        return Order.FIFO;
    }

    /** Starts the suite. */
    protected BlockingQueueContract() {}

    private BlockingQueue<Integer> open(int capacity) {
        BlockingQueue<Integer> queue = newQueue(capacity);
        closeAfterwards(queue);
        return queue;
    }

    private BlockingQueue<Integer> open(int capacity, Integer... elements) {
        BlockingQueue<Integer> queue = open(capacity);
        queue.addAll(List.of(elements));
        return queue;
    }

    /** Sees that a queue a subclass made is closed after the test. */
    final void closeAfterwards(Object queue) {
        if (queue instanceof AutoCloseable closeable) {
            opened.add(closeable);
        }
    }

    @AfterEach
    final void closeQueues() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private List<Integer> inOrder(Integer... put) {
        var expected = new ArrayList<>(List.of(put));
        if (order() == Order.LIFO) {
            Collections.reverse(expected);
        }
        return expected;
    }

    private static List<Integer> pollAll(BlockingQueue<Integer> queue) {
        var polled = new ArrayList<Integer>();
        for (Integer each; (each = queue.poll()) != null; ) {
            polled.add(each);
        }
        return polled;
    }

    // Q1: null

    @Test
    final void q1_nullIsRefusedByEveryFormOfPutting() {
        var queue = open(2);

        assertThatNullPointerException().isThrownBy(() -> queue.add(null));
        assertThatNullPointerException().isThrownBy(() -> queue.offer(null));
        assertThatNullPointerException().isThrownBy(() -> queue.offer(null, 1, SECONDS));
        assertThatNullPointerException().isThrownBy(() -> queue.put(null));
        assertThatNullPointerException().isThrownBy(() -> queue.addAll(Collections.singletonList(null)));
        assertThat(queue).isEmpty();
    }

    @Test
    final void q1_nullIsInNoQueue() {
        var queue = open(2, 1);

        assertThat(queue.contains(null)).isFalse();
        assertThat(queue.remove(null)).isFalse();
        assertThat(queue).hasSize(1);
    }

    // Q2: order

    @Test
    final void q2_elementsComeOutInOrder() {
        var queue = open(3, 111, 333, 222);

        assertThat(pollAll(queue)).isEqualTo(inOrder(111, 333, 222));
    }

    @Test
    final void q2_orderHoldsOverManyTimesTheCapacity() throws Exception {
        var queue = open(3);
        for (int i = 0; i < 1000; i += 2) {
            queue.put(i);
            queue.put(i + 1);
            assertThat(List.of(queue.take(), queue.take())).isEqualTo(inOrder(i, i + 1));
        }
    }

    @Test
    final void q2_peekAndElementShowWhatTakeWouldGive() throws Exception {
        var queue = open(3, 1, 2);

        Integer next = inOrder(1, 2).getFirst();
        assertThat(queue.peek()).isEqualTo(next);
        assertThat(queue.element()).isEqualTo(next);
        assertThat(queue).hasSize(2);
        assertThat(queue.take()).isEqualTo(next);
    }

    // Q3: full

    @Test
    final void q3_fullQueueRefusesWhatDoesNotWait() throws Exception {
        var queue = open(2, 1, 2);

        assertThat(queue.offer(3)).isFalse();
        assertThat(queue.offer(3, 0, SECONDS)).isFalse();
        assertThat(queue.offer(3, -1, SECONDS)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> queue.add(3));
        assertThat(pollAll(queue)).isEqualTo(inOrder(1, 2));
    }

    @Test
    final void q3_timedOfferToAFullQueueWaitsAtLeastAsLongAsSaid() throws Exception {
        var queue = open(1, 1);
        long start = System.nanoTime();

        assertThat(queue.offer(2, 50, MILLISECONDS)).isFalse();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        assertThat(queue).containsExactly(1);
    }

    @Test
    final void q3_putWaitsUntilThereIsRoom() {
        var queue = open(1, 1);
        var put = Background.run(() -> queue.put(2)).staysWaiting();
        var offer = Background.call(() -> queue.offer(3, 60, SECONDS)).staysWaiting();

        assertThat(queue.poll()).isEqualTo(1);
        var later = new HashSet<Integer>();
        later.add(pollWithin(queue));
        later.add(pollWithin(queue));

        assertThat(put.result()).isTrue();
        assertThat(offer.result()).isTrue();
        assertThat(later).containsExactlyInAnyOrder(2, 3);
    }

    private static Integer pollWithin(BlockingQueue<Integer> queue) {
        return Background.call(() -> queue.poll(Background.PATIENCE.toSeconds(), SECONDS))
                .result();
    }

    @Test
    final void q3_sizeAndRemainingCapacityAddUp() {
        var queue = open(3);
        for (int i = 0; i < 3; i++) {
            assertThat(queue).hasSize(i);
            assertThat(queue.remainingCapacity()).isEqualTo(3 - i);
            assertThat(queue.isEmpty()).isEqualTo(i == 0);
            queue.add(i);
        }
        assertThat(queue.remainingCapacity()).isZero();
        queue.poll();
        assertThat(queue.remainingCapacity()).isEqualTo(1);
        assertThat(queue).hasSize(2);
    }

    // Q4: empty

    @Test
    final void q4_emptyQueueRefusesWhatDoesNotWait() throws Exception {
        var queue = open(1);

        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(0, SECONDS)).isNull();
        assertThat(queue.poll(-1, SECONDS)).isNull();
        assertThat(queue.peek()).isNull();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::remove);
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::element);
    }

    @Test
    final void q4_timedPollOfAnEmptyQueueWaitsAtLeastAsLongAsSaid() throws Exception {
        var queue = open(1);
        long start = System.nanoTime();

        assertThat(queue.poll(50, MILLISECONDS)).isNull();

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
    }

    @Test
    final void q4_takeWaitsUntilThereIsAnElement() {
        var queue = open(2);
        var take = Background.call(queue::take).staysWaiting();
        var poll = Background.call(() -> queue.poll(60, SECONDS)).staysWaiting();

        queue.add(1);
        queue.add(2);

        assertThat(Set.of(take.result(), poll.result())).containsExactlyInAnyOrder(1, 2);
    }

    // Q5: interrupts

    @Test
    final void q5_interruptEndsEveryWaitAndChangesNothing() {
        var full = open(1, 1);
        var empty = open(1);
        var waiting = List.of(
                Background.run(() -> full.put(2)),
                Background.run(() -> full.offer(2, 60, SECONDS)),
                Background.run(empty::take),
                Background.run(() -> empty.poll(60, SECONDS)));
        for (Background<Boolean> each : waiting) {
            each.staysWaiting();
            each.interrupt();
            each.failure(InterruptedException.class);
        }
        assertThat(full).containsExactly(1);
        assertThat(empty).isEmpty();
    }

    @Test
    final void q5_callThatMustWaitDoesNotStartWaitingWhenInterrupted() {
        var full = open(1, 1);
        var empty = open(1);
        assertInterruptedAtOnce(() -> full.put(2));
        assertInterruptedAtOnce(() -> full.offer(2, 60, SECONDS));
        assertInterruptedAtOnce(empty::take);
        assertInterruptedAtOnce(() -> empty.poll(60, SECONDS));
        assertThat(full).containsExactly(1);
    }

    private static void assertInterruptedAtOnce(Background.Action action) {
        Background.run(() -> {
                    Thread.currentThread().interrupt();
                    try {
                        action.run();
                    } finally {
                        assertThat(Thread.currentThread().isInterrupted())
                                .as("flag is cleared")
                                .isFalse();
                    }
                })
                .failure(InterruptedException.class);
    }

    @Test
    final void q5_formsThatNeverWaitIgnoreInterrupts() {
        var queue = open(2);
        Background.run(() -> {
                    Thread.currentThread().interrupt();
                    assertThat(queue.offer(1)).isTrue();
                    assertThat(queue.add(2)).isTrue();
                    assertThat(queue.size()).isEqualTo(2);
                    assertThat(queue.poll()).isEqualTo(inOrder(1, 2).getFirst());
                    assertThat(queue.drainTo(new ArrayList<>())).isEqualTo(1);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                })
                .result();
    }

    @Test
    final void q5_interruptedTakerLosesNoElementForOthers() throws Exception {
        var queue = open(1);
        for (int round = 0; round < 20; round++) {
            var first = Background.call(queue::take);
            var second = Background.call(queue::take);
            first.interrupt();
            queue.put(round);
            queue.put(-1); // for the second taker, in case the first was quicker than the interrupt
            Integer taken = second.result();
            assertThat(taken).isIn(round, -1);
            first.ended(); // or it could take what is meant for the next round
            queue.clear();
        }
    }

    // Q6: draining

    @Test
    final void q6_drainToMovesAllInOrder() {
        var queue = open(3, 1, 2, 3);
        var drained = new ArrayList<Integer>(List.of(0));

        assertThat(queue.drainTo(drained)).isEqualTo(3);

        assertThat(drained.removeFirst()).isZero();
        assertThat(drained).isEqualTo(inOrder(1, 2, 3));
        assertThat(queue).isEmpty();
        assertThat(queue.drainTo(drained)).isZero();
    }

    @Test
    final void q6_drainToMovesAtMostAsManyAsSaid() {
        var queue = open(3, 1, 2, 3);
        var drained = new ArrayList<Integer>();

        assertThat(queue.drainTo(drained, 0)).isZero();
        assertThat(queue.drainTo(drained, -1)).isZero();
        assertThat(queue.drainTo(drained, 2)).isEqualTo(2);

        assertThat(drained).isEqualTo(inOrder(1, 2, 3).subList(0, 2));
        assertThat(queue).hasSize(1);
    }

    @Test
    final void q6_drainToMakesRoomForThoseThatWait() {
        var queue = open(2, 1, 2);
        var puts = List.of(Background.run(() -> queue.put(3)), Background.run(() -> queue.put(4)));
        puts.forEach(Background::staysWaiting);

        assertThat(queue.drainTo(new ArrayList<>(), 2)).isEqualTo(2);

        puts.forEach(Background::result);
        assertThat(queue).containsExactlyInAnyOrder(3, 4);
    }

    @Test
    final void q6_drainToRefusesItselfAndNull() {
        var queue = open(2, 1);

        assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null));
        assertThatNullPointerException().isThrownBy(() -> queue.drainTo(null, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue, 1));
        assertThat(queue).hasSize(1);
    }

    // Q7: the queue as a collection

    @Test
    final void q7_removeTakesOneEqualElementOut() {
        var queue = open(5, 1, 2, 3, 2);

        assertThat(queue.remove(9)).isFalse();
        assertThat(queue.remove(2)).isTrue();
        assertThat(queue).hasSize(3);
        assertThat(queue.remove(2)).isTrue();
        assertThat(queue.remove(2)).isFalse();
        assertThat(pollAll(queue)).isEqualTo(inOrder(1, 3));
    }

    @Test
    final void q7_removingAnywhereMakesRoomForOneThatWaits() {
        for (int removed = 1; removed <= 3; removed++) {
            var queue = open(3, 1, 2, 3);
            var put = Background.run(() -> queue.put(4)).staysWaiting();

            assertThat(queue.remove(removed)).isTrue();

            assertThat(put.result()).isTrue();
            assertThat(queue).hasSize(3).contains(4).doesNotContain(removed);
            assertThat(queue.remainingCapacity()).isZero();
        }
    }

    @Test
    final void q7_foreignObjectsAreInNoQueue() {
        var queue = open(2, 1);
        var foreign = new Object();

        assertThat(queue.contains(foreign)).isFalse();
        assertThat(queue.remove(foreign)).isFalse();
        assertThat(queue.contains("1")).isFalse();
        assertThat(queue.contains(1)).isTrue();
        assertThat(queue.containsAll(List.of(1))).isTrue();
        assertThat(queue.containsAll(List.of(1, 2))).isFalse();
    }

    @Test
    final void q7_clearEmptiesAndMakesRoom() {
        var queue = open(2, 1, 2);
        var put = Background.run(() -> queue.put(3)).staysWaiting();

        queue.clear();

        assertThat(put.result()).isTrue();
        assertThat(queue).containsExactly(3);
        queue.clear();
        assertThat(queue).isEmpty();
        assertThat(queue.remainingCapacity()).isEqualTo(2);
    }

    @Test
    final void q7_bulkRemovals() {
        var queue = open(10, 1, 2, 3, 4, 5, 6);

        assertThat(queue.removeAll(List.of(1, 6, 9))).isTrue();
        assertThat(queue.removeAll(List.of(9))).isFalse();
        assertThat(queue.retainAll(List.of(2, 3, 5, 9))).isTrue();
        assertThat(queue.retainAll(List.of(2, 3, 5))).isFalse();
        assertThat(queue.removeIf(n -> n == 3)).isTrue();
        assertThat(queue.removeIf(n -> n == 3)).isFalse();
        assertThat(pollAll(queue)).isEqualTo(inOrder(2, 5));
        assertThatNullPointerException().isThrownBy(() -> queue.removeAll(null));
        assertThatNullPointerException().isThrownBy(() -> queue.removeIf(null));
    }

    @Test
    final void q7_addAllAddsUntilFullAndRefusesItself() {
        var queue = open(3, 1);

        assertThat(queue.addAll(List.of())).isFalse();
        assertThat(queue.addAll(List.of(2))).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> queue.addAll(queue));
        assertThatIllegalStateException().isThrownBy(() -> queue.addAll(List.of(3, 4)));
        assertThat(queue).hasSize(3);
    }

    @Test
    final void q7_arraysHoldTheElementsInOrder() {
        var queue = open(4, 1, 2, 3);

        assertThat(queue.toArray()).isEqualTo(inOrder(1, 2, 3).toArray());
        assertThat(queue.toArray(new Integer[0])).isEqualTo(inOrder(1, 2, 3).toArray());
        Integer[] longer = {9, 9, 9, 9, 9};
        assertThat(queue.toArray(longer)).isSameAs(longer);
        assertThat(longer[3]).isNull();
        assertThat(longer[4]).isEqualTo(9);
        assertThatExceptionOfType(ArrayStoreException.class).isThrownBy(() -> queue.toArray(new String[3]));
        assertThatNullPointerException().isThrownBy(() -> queue.toArray((Object[]) null));
        assertThat(queue).hasSize(3);
    }

    // Q8: iteration

    @Test
    final void q8_iteratorGoesInOrderAndEnds() {
        var queue = open(4, 1, 2, 3);
        var seen = new ArrayList<Integer>();
        Iterator<Integer> each = queue.iterator();
        while (each.hasNext()) {
            seen.add(each.next());
        }

        assertThat(seen).isEqualTo(inOrder(1, 2, 3));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(each::next);
        assertThat(queue.stream().mapToInt(n -> n).sum()).isEqualTo(6);
    }

    @Test
    final void q8_iteratorNeverThrowsWhateverHappensToTheQueue() {
        var queue = open(4, 1, 2, 3);
        Iterator<Integer> each = queue.iterator();
        assertThat(each.hasNext()).isTrue();
        queue.poll();
        queue.add(4);
        queue.clear();
        queue.add(5);

        var seen = new ArrayList<Integer>();
        each.forEachRemaining(seen::add);

        assertThat(seen).doesNotHaveDuplicates().isSubsetOf(1, 2, 3, 4, 5);
    }

    @Test
    final void q8_iteratorRemovesWhatItShowed() {
        var queue = open(4, 1, 2, 3);
        Iterator<Integer> each = queue.iterator();
        assertThatIllegalStateException().isThrownBy(each::remove);
        Integer first = each.next();
        Integer second = each.next();
        each.remove();
        assertThatIllegalStateException().isThrownBy(each::remove);

        assertThat(queue).hasSize(2).contains(first).doesNotContain(second);
        assertThat(queue.remainingCapacity()).isEqualTo(2);
    }

    @Test
    final void q8_iteratorRemovesNothingElseWhenTheElementIsGone() {
        var queue = open(4, 1, 2, 3);
        Iterator<Integer> each = queue.iterator();
        Integer first = each.next();
        assertThat(queue.poll()).isEqualTo(first);

        each.remove();

        assertThat(queue).hasSize(2).doesNotContain(first);
    }

    // Q9: many threads

    @Test
    final void q9_manyProducersAndConsumersLoseAndDoubleNothing() {
        int producers = 3;
        int consumers = 3;
        int each = 2_000;
        var queue = open(7);
        var sum = new AtomicLong();
        var running = new ArrayList<Background<Boolean>>();
        for (int p = 0; p < producers; p++) {
            int base = p * each;
            running.add(Background.run(() -> {
                for (int i = 0; i < each; i++) {
                    putSomehow(queue, base + i);
                }
            }));
        }
        Set<Integer> consumed = ConcurrentHashMap.newKeySet();
        for (int c = 0; c < consumers; c++) {
            running.add(Background.run(() -> {
                for (int i = 0; i < producers * each / consumers; i++) {
                    Integer taken = takeSomehow(queue);
                    sum.addAndGet(taken);
                    assertThat(consumed.add(taken)).as("taken once: %d", taken).isTrue();
                }
            }));
        }
        running.forEach(Background::result);

        long n = (long) producers * each;
        assertThat(consumed).hasSize((int) n);
        assertThat(sum.get()).isEqualTo(n * (n - 1) / 2);
        assertThat(queue).isEmpty();
    }

    private static void putSomehow(BlockingQueue<Integer> queue, int element) throws InterruptedException {
        switch (ThreadLocalRandom.current().nextInt(3)) {
            case 0 -> queue.put(element);
            case 1 -> assertThat(queue.offer(element, 60, SECONDS)).isTrue();
            default -> {
                while (!queue.offer(element)) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static Integer takeSomehow(BlockingQueue<Integer> queue) throws InterruptedException {
        if (ThreadLocalRandom.current().nextBoolean()) {
            return queue.take();
        }
        Integer polled = queue.poll(60, TimeUnit.SECONDS);
        assertThat(polled).isNotNull();
        return polled;
    }

    @Test
    final void q9_elementsOfOneProducerStayInOrder() {
        int each = 3_000;
        var queue = open(5);
        if (order() != Order.FIFO) {
            return; // another order makes no promise across takes
        }
        var producers = List.of(
                Background.run(() -> {
                    for (int i = 0; i < each; i++) {
                        queue.put(i);
                    }
                }),
                Background.run(() -> {
                    for (int i = 0; i < each; i++) {
                        queue.put(-1 - i);
                    }
                }));
        int[] last = {-1, 0};
        Background.run(() -> {
                    for (int i = 0; i < 2 * each; i++) {
                        int taken = queue.take();
                        int producer = taken >= 0 ? 0 : 1;
                        assertThat(Math.abs(taken - last[producer])).isEqualTo(1);
                        last[producer] = taken;
                    }
                })
                .result();
        producers.forEach(Background::result);
        assertThat(Arrays.stream(last).toArray()).containsExactly(each - 1, -each);
    }

    @Test
    final void q9_capacityIsNeverExceeded() {
        int capacity = 4;
        int each = 2_000;
        var queue = open(capacity);
        var taken = new AtomicLong();
        var put = new AtomicLong();
        var producer = Background.run(() -> {
            for (int i = 0; i < each; i++) {
                queue.put(i);
                long inside = put.incrementAndGet() - taken.get();
                assertThat(inside).isLessThanOrEqualTo(capacity);
                assertThat(queue.size()).isBetween(0, capacity);
            }
        });
        var consumer = Background.run(() -> {
            for (int i = 0; i < each; i++) {
                taken.incrementAndGet(); // before, so that the difference errs on the small side
                queue.take();
            }
        });
        producer.result();
        consumer.result();
    }
}
