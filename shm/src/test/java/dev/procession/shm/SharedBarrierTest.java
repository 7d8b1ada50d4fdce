package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.SerializableAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SharedBarrierTest {
    /** What a thread got from the barrier: its place in the order of arrival, or an exception's name. */
    private static Thread arriving(List<Object> results, Callable<Object> arrival) {
        return Thread.ofVirtual().start(() -> {
            try {
                results.add(arrival.call());
            } catch (Exception | AssertionError outcome) {
                results.add(outcome.getClass().getSimpleName());
            }
        });
    }

    /** B01. */
    @Test
    void keeps_four_processes_in_lockstep() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(4);
                SharedRegion passes = SharedRegion.of(new int[4])) {
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    int self = i;
                    children.add(ChildJvm.start(() -> lockstep(barrier, passes, self)));
                }
                for (ChildJvm child : children) {
                    assertThat(child.hear()).isEqualTo("in step");
                }
            } finally {
                for (ChildJvm child : children) {
                    assertThat(child.join()).isZero();
                    child.close();
                }
            }
            assertThat(barrier.getNumberWaiting()).isZero();
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    private static void lockstep(SharedBarrier barrier, SharedRegion passes, int self) throws Exception {
        for (int pass = 0; pass < 10; pass++) {
            passes.segment().setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, self, pass);
            barrier.await(30, TimeUnit.SECONDS);
            for (int other : passes.segment().toArray(java.lang.foreign.ValueLayout.JAVA_INT)) {
                if (other != pass) {
                    say("out of step: pass=" + pass + ", other=" + other);
                    return;
                }
            }
            barrier.await(30, TimeUnit.SECONDS);
        }
        say("in step");
    }

    /** B02. */
    @Test
    void tells_each_party_how_many_were_still_to_come() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(4)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(arriving(results, barrier::await));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).containsExactlyInAnyOrder(0, 1, 2, 3);
        }
    }

    /** B04. */
    @Test
    void breaks_for_everybody_when_one_party_aborts() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(4)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(arriving(results, () -> {
                    barrier.await();
                    return barrier.await();
                }));
            }
            barrier.await();
            eventually("three wait again", () -> barrier.getNumberWaiting() == 3);
            barrier.abort();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).containsOnly("BrokenBarrierException").hasSize(3);
            assertThat(barrier.isBroken()).isTrue();
            // B10
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        }
    }

    /** B05. */
    @Test
    void is_usable_again_after_a_reset() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(3)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(arriving(results, barrier::await));
            }
            eventually("two wait", () -> barrier.getNumberWaiting() == 2);
            barrier.reset();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).containsExactly("BrokenBarrierException", "BrokenBarrierException");
            assertThat(barrier.isBroken()).isFalse();
            results.clear();
            threads.clear();
            for (int i = 0; i < 3; i++) {
                threads.add(arriving(results, barrier::await));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(results).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    /** B07, where Java's CyclicBarrier tells the one that timed out so, and we do as it does. */
    @Test
    void breaks_when_one_party_waits_too_long() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(3)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            Thread patient = arriving(results, barrier::await);
            eventually("one waits", () -> barrier.getNumberWaiting() == 1);
            assertThatThrownBy(() -> barrier.await(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            patient.join();
            assertThat(results).containsExactly("BrokenBarrierException");
            assertThat(barrier.isBroken()).isTrue();
        }
    }

    /** B08. */
    @Test
    void has_a_time_out_of_its_own() {
        try (SharedBarrier barrier = SharedBarrier.create(2, Duration.ofMillis(300))) {
            long begin = System.nanoTime();
            assertThatThrownBy(barrier::await)
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 2_000_000_000L);
        }
    }

    @Test
    void runs_its_action_once_a_pass_in_the_last_party_before_anybody_passes() throws Exception {
        try (SharedInt runs = SharedInt.create(0);
                SharedBarrier barrier = SharedBarrier.create(2, () -> runs.incrementAndGet());
                ChildJvm child = ChildJvm.start(() -> {
                    for (int pass = 1; pass <= 20; pass++) {
                        barrier.await();
                        say(runs.get() >= pass);
                    }
                })) {
            for (int pass = 1; pass <= 20; pass++) {
                barrier.await();
                assertThat(runs.get()).isGreaterThanOrEqualTo(pass);
                assertThat(child.hear()).isEqualTo("true");
            }
            assertThat(runs.get()).isEqualTo(20);
        }
    }

    /** B11. */
    @Test
    void breaks_when_its_action_throws() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(2, () -> {
            throw new ArithmeticException("no");
        })) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            Thread first = arriving(results, barrier::await);
            eventually("one waits", () -> barrier.getNumberWaiting() == 1);
            assertThatThrownBy(barrier::await).isInstanceOf(ArithmeticException.class);
            first.join();
            assertThat(results).containsExactly("BrokenBarrierException");
            assertThat(barrier.isBroken()).isTrue();
        }
    }

    @Test
    void breaks_when_a_waiting_party_is_interrupted() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(3)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            Thread first = arriving(results, barrier::await);
            Thread second = arriving(results, barrier::await);
            eventually("two wait", () -> barrier.getNumberWaiting() == 2);
            second.interrupt();
            first.join();
            second.join();
            assertThat(results).containsExactlyInAnyOrder("BrokenBarrierException", "InterruptedException");
        }
    }

    @Test
    void breaks_when_a_waiting_party_is_killed() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(3);
                ChildJvm child = ChildJvm.start((SerializableAction) barrier::await)) {
            List<Object> results = Collections.synchronizedList(new ArrayList<>());
            Thread first = arriving(results, barrier::await);
            eventually("two wait", () -> barrier.getNumberWaiting() == 2);
            child.killWithoutWaiting();
            assertThat(first.join(Duration.ofSeconds(2))).isTrue();
            assertThat(results).containsExactly("BrokenBarrierException");
        }
    }

    @Test
    void breaks_when_a_party_is_killed_between_two_passes() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(2);
                ChildJvm child = ChildJvm.start(() -> {
                    barrier.await();
                    say("passed");
                    Thread.sleep(60_000);
                })) {
            barrier.await();
            assertThat(child.hear()).isEqualTo("passed");
            child.killWithoutWaiting();
            assertThatThrownBy(() -> barrier.await(5, TimeUnit.SECONDS)).isInstanceOf(BrokenBarrierException.class);
            barrier.reset();
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    @Test
    void is_not_broken_by_a_party_that_ends_in_order() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(2);
                ChildJvm first = ChildJvm.start((SerializableAction) barrier::await)) {
            barrier.await();
            assertThat(first.join()).isZero();
            try (ChildJvm second = ChildJvm.start((SerializableAction) barrier::await)) {
                assertThat(barrier.await(30, TimeUnit.SECONDS)).isBetween(0, 1);
                assertThat(second.join()).isZero();
            }
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    @Test
    void has_at_least_one_party() throws Exception {
        assertThatThrownBy(() -> SharedBarrier.create(0)).isInstanceOf(IllegalArgumentException.class);
        try (SharedBarrier barrier = SharedBarrier.create(1)) {
            assertThat(barrier.await()).isZero();
            assertThat(barrier.await(0, TimeUnit.SECONDS)).isZero();
        }
    }
}
