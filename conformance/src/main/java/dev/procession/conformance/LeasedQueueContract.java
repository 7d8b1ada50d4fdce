package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procession.core.Lease;
import dev.procession.core.LeaseLostException;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LeasedQueue} promises beyond being a blocking queue, over one in this JVM. Rules L1 to L9 of
 * docs/contracts/queue.md.
 */
@SuppressWarnings("NullAway") // null is passed on purpose, and a lease that is missing fails the test
public abstract class LeasedQueueContract extends BlockingQueueContract {
    private static final Duration LONG = Duration.ofMinutes(5);

    /**
     * Makes a queue. It is closed after the test.
     *
     * @param limits what it may hold
     * @return an empty queue
     */
    protected abstract LeasedQueue<Integer> newQueue(QueueLimits limits);

    @Override
    protected final LeasedQueue<Integer> newQueue(int capacity) {
        return newQueue(QueueLimits.ofCapacity(capacity));
    }

    /** How long a lease that is to run out lasts; slower backends may need more. */
    protected Duration shortLease() {
        return Duration.ofMillis(80);
    }

    /** Starts the suite. */
    protected LeasedQueueContract() {}

    private LeasedQueue<Integer> openWith(Integer... items) {
        return openWith(QueueLimits.ofCapacity(100), items);
    }

    private LeasedQueue<Integer> openWith(QueueLimits limits, Integer... items) {
        LeasedQueue<Integer> queue = newQueue(limits);
        closeAfterwards(queue);
        queue.addAll(List.of(items));
        return queue;
    }

    private static Lease<Integer> leaseNow(LeasedQueue<Integer> queue) throws InterruptedException {
        Lease<Integer> lease = queue.lease(LONG, 30, SECONDS);
        assertThat(lease).as("a lease").isNotNull();
        return lease;
    }

    private static void assertLost(Lease<?> lease) {
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::ack);
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::nack);
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::reject);
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> lease.renew(LONG));
        lease.close();
    }

    // L1: leasing

    @Test
    final void l1_leasedItemIsNobodyElses() throws Exception {
        var queue = openWith(1, 2);

        var lease = leaseNow(queue);

        assertThat(lease.get()).isEqualTo(1);
        assertThat(lease.deliveries()).isEqualTo(1);
        assertThat(queue).hasSize(1).containsExactly(2);
        assertThat(queue.take()).isEqualTo(2);
        assertThat(queue.poll()).isNull();
        assertThat(queue.lease(LONG, 0, SECONDS)).isNull();
    }

    @Test
    final void l1_leaseWaitsForAnItem() throws Exception {
        var queue = openWith();
        assertThat(queue.lease(LONG, -1, SECONDS)).isNull();
        long start = System.nanoTime();
        assertThat(queue.lease(LONG, 50, MILLISECONDS)).isNull();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));

        var waiting = Background.call(() -> queue.lease(LONG)).staysWaiting();
        queue.put(7);

        assertThat(waiting.result().get()).isEqualTo(7);
    }

    @Test
    final void l1_interruptEndsTheWaitForALease() {
        var queue = openWith();
        var waiting = Background.call(() -> queue.lease(LONG)).staysWaiting();
        waiting.interrupt();

        waiting.failure(InterruptedException.class);
    }

    @Test
    final void l1_leaseTimeMustBePositive() {
        var queue = openWith(1);

        assertThatIllegalArgumentException().isThrownBy(() -> queue.lease(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> queue.lease(Duration.ofNanos(-1), 1, SECONDS));
        assertThatNullPointerException().isThrownBy(() -> queue.lease(null));
        assertThat(queue).hasSize(1);
    }

    @Test
    final void l1_leasedItemsTakeNoCapacity() throws Exception {
        var queue = openWith(QueueLimits.ofCapacity(1), 1);
        var lease = leaseNow(queue);

        assertThat(queue.remainingCapacity()).isEqualTo(1);
        assertThat(queue.offer(2)).isTrue();
        assertThat(queue.offer(3)).isFalse();
        lease.ack();
        assertThat(queue).containsExactly(2);
    }

    @Test
    final void l1_manyLeasesAtOnceEachHaveTheirItem() throws Exception {
        var queue = openWith();
        var leases = new ArrayList<Lease<Integer>>();
        for (int i = 0; i < 50; i++) {
            queue.put(i);
        }
        for (int i = 0; i < 50; i++) {
            leases.add(leaseNow(queue));
        }
        for (int i = 49; i >= 0; i--) {
            assertThat(leases.get(i).get()).isEqualTo(i);
            leases.get(i).ack();
        }
        assertThat(queue).isEmpty();
    }

    // L2: ack

    @Test
    final void l2_acknowledgedItemIsGone() throws Exception {
        var queue = openWith(1);
        var lease = leaseNow(queue);

        lease.ack();

        assertThat(queue.poll()).isNull();
        assertLost(lease);
        assertThat(queue.poll()).isNull();
        assertThat(lease.get()).isEqualTo(1);
    }

    // L3: nack

    @Test
    final void l3_itemGivenBackIsDeliveredNextAndCounted() throws Exception {
        var queue = openWith(1, 2);
        var first = leaseNow(queue);

        first.nack();

        assertThat(queue).hasSize(2);
        assertThat(queue.peek()).isEqualTo(1);
        var second = leaseNow(queue);
        assertThat(second.get()).isEqualTo(1);
        assertThat(second.deliveries()).isEqualTo(2);
        assertLost(first);
        second.ack();
        assertThat(queue.take()).isEqualTo(2);
    }

    @Test
    final void l3_itemsGivenBackKeepTheirOrder() throws Exception {
        var queue = openWith(1, 2, 3, 4);
        var one = leaseNow(queue);
        var two = leaseNow(queue);
        var three = leaseNow(queue);

        three.nack();
        one.nack();
        two.nack();

        var drained = new ArrayList<Integer>();
        assertThat(queue.drainTo(drained)).isEqualTo(4);
        assertThat(drained).containsExactly(1, 2, 3, 4);
    }

    @Test
    final void l3_itemGivenBackWithADelayComesBackNotBefore() throws Exception {
        var queue = openWith(1, 2);
        long start = System.nanoTime();
        leaseNow(queue).nack(Duration.ofMillis(100));

        assertThat(queue.take()).isEqualTo(2);
        var again = leaseNow(queue);

        assertThat(again.get()).isEqualTo(1);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(100));
        again.ack();
    }

    @Test
    final void l3_itemGivenBackEndsTheWaitOfATaker() throws Exception {
        var queue = openWith(1);
        var lease = leaseNow(queue);
        var take = Background.call(queue::take).staysWaiting();

        lease.nack();

        assertThat(take.result()).isEqualTo(1);
    }

    // L4: time

    @Test
    final void l4_leaseThatRanOutIsDeliveredAgain() throws Exception {
        var queue = openWith(1);
        var late = queue.lease(shortLease(), 30, SECONDS);

        var next = leaseNow(queue);

        assertThat(next.get()).isEqualTo(1);
        assertThat(next.deliveries()).isEqualTo(2);
        assertThat(next.token()).isGreaterThan(late.token());
        assertLost(late);
        next.ack();
        assertThat(queue.poll()).isNull();
    }

    @Test
    final void l4_renewedLeaseLastsLonger() throws Exception {
        var queue = openWith(1);
        var lease = queue.lease(shortLease(), 30, SECONDS);

        lease.renew(LONG);

        assertThat(queue.poll(3 * shortLease().toMillis(), MILLISECONDS)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> lease.renew(Duration.ZERO));
        lease.ack();
    }

    @Test
    final void l4_tokensGrowWithEveryDelivery() throws Exception {
        var queue = openWith(1, 2, 3);
        long last = Long.MIN_VALUE;
        for (int i = 0; i < 20; i++) {
            var lease = leaseNow(queue);
            assertThat(lease.token()).isGreaterThan(last);
            last = lease.token();
            if (i % 3 == 0) {
                lease.nack();
            } else {
                lease.ack();
                queue.put(i);
            }
        }
    }

    // L5: close

    @Test
    final void l5_leaseClosedWithoutAckGivesTheItemBack() throws Exception {
        var queue = openWith(1);
        try (var lease = leaseNow(queue)) {
            assertThat(lease.get()).isEqualTo(1);
        }
        try (var lease = leaseNow(queue)) {
            assertThat(lease.deliveries()).isEqualTo(2);
            lease.ack();
        }
        assertThat(queue.poll()).isNull();
    }

    // L6: dead letters

    @Test
    final void l6_rejectedItemIsADeadLetter() throws Exception {
        var queue = openWith(1, 2);
        var lease = leaseNow(queue);

        lease.reject();

        assertLost(lease);
        assertThat(queue.deadLetters()).containsExactly(1);
        assertThat(queue).containsExactly(2);
        var dead = leaseNow(queue.deadLetters());
        assertThat(dead.get()).isEqualTo(1);
        dead.ack();
        assertThat(queue.deadLetters()).isEmpty();
    }

    @Test
    final void l6_itemDeliveredTooOftenIsADeadLetter() throws Exception {
        var queue = openWith(QueueLimits.ofCapacity(10).withMaxDeliveries(3), 1, 2);
        for (int i = 1; i <= 3; i++) {
            var lease = leaseNow(queue);
            assertThat(lease.get()).isEqualTo(1);
            assertThat(lease.deliveries()).isEqualTo(i);
            lease.nack();
        }
        assertThat(queue.take()).isEqualTo(2);
        assertThat(queue.poll()).isNull();
        assertThat(queue.deadLetters().poll()).isEqualTo(1);
    }

    // L7: taking is leasing and acknowledging at once

    @Test
    final void l7_takenItemNeverComesBack() throws Exception {
        var queue = openWith(1, 2, 3);

        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.poll()).isEqualTo(2);
        assertThat(queue.poll(1, SECONDS)).isEqualTo(3);
        assertThat(queue.lease(LONG, 0, SECONDS)).isNull();
        assertThat(queue.deadLetters()).isEmpty();
    }

    // L8: close

    @Test
    final void l8_closedQueueRefusesEverything() throws Exception {
        var queue = openWith(1);
        var lease = leaseNow(queue);
        queue.put(2);

        queue.close();
        queue.close();

        assertThatIllegalStateException().isThrownBy(() -> queue.put(3));
        assertThatIllegalStateException().isThrownBy(() -> queue.offer(3));
        assertThatIllegalStateException().isThrownBy(queue::take);
        assertThatIllegalStateException().isThrownBy(queue::poll);
        assertThatIllegalStateException().isThrownBy(() -> queue.lease(LONG));
        assertThatIllegalStateException().isThrownBy(lease::ack);
        lease.close();
    }

    @Test
    final void l8_closeEndsTheWaitOfOthers() {
        var queue = openWith();
        var take = Background.call(queue::take);
        var lease = Background.call(() -> queue.lease(LONG));
        take.staysWaiting();
        lease.staysWaiting();

        queue.close();

        take.failure(IllegalStateException.class);
        lease.failure(IllegalStateException.class);
    }

    // L9: many threads

    @Test
    @SuppressWarnings("try") // closing a lease by hand is one of the ways to give an item back
    final void l9_workIsDoneAtLeastOnceWhateverIsGivenBack() {
        int items = 2_000;
        var queue = openWith(QueueLimits.ofCapacity(64).withMaxDeliveries(QueueLimits.UNLIMITED));
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        var deliveries = new AtomicInteger();
        var producer = Background.run(() -> {
            for (int i = 0; i < items; i++) {
                queue.put(i);
            }
        });
        var workers = new ArrayList<Background<Boolean>>();
        for (int w = 0; w < 3; w++) {
            int worker = w;
            workers.add(Background.run(() -> {
                int turn = worker;
                while (acknowledged.size() < items) {
                    try (Lease<Integer> lease = queue.lease(LONG, 20, MILLISECONDS)) {
                        if (lease == null) {
                            continue;
                        }
                        deliveries.incrementAndGet();
                        switch (turn++ % 5) {
                            case 0 -> lease.nack();
                            case 1 -> lease.close();
                            default -> {
                                lease.ack();
                                assertThat(acknowledged.add(lease.get())).isTrue();
                            }
                        }
                    }
                }
            }));
        }
        producer.result();
        workers.forEach(Background::result);

        assertThat(acknowledged).hasSize(items);
        assertThat(deliveries.get()).isGreaterThan(items);
        assertThat(queue).isEmpty();
    }
}
