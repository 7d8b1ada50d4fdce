package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedSemaphoreTest {
    /** S01. */
    @Test
    void counts_down_to_zero_and_up_again() {
        try (SharedSemaphore semaphore = SharedSemaphore.create(2)) {
            assertThat(semaphore.availablePermits()).isEqualTo(2);
            semaphore.acquireUninterruptibly();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            semaphore.acquireUninterruptibly();
            assertThat(semaphore.tryAcquire()).isFalse();
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    /** S02. */
    @Test
    void may_be_released_without_having_been_acquired() {
        try (SharedSemaphore semaphore = SharedSemaphore.create(2)) {
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(3);
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(4);
        }
    }

    @Test
    void of_a_bounded_one_no_more_can_be_released_than_there_were() {
        try (SharedSemaphore semaphore = SharedSemaphore.create(2, SemaphoreOption.BOUNDED)) {
            semaphore.acquireUninterruptibly();
            semaphore.release();
            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("limit=2");
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    @Test
    void refuses_more_permits_than_can_be_counted() {
        try (SharedSemaphore semaphore = SharedSemaphore.create(Integer.MAX_VALUE)) {
            assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    /** S04. */
    @Test
    void gives_up_at_once_or_after_the_time_out() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(0)) {
            assertThat(semaphore.tryAcquire()).isFalse();
            long begin = System.nanoTime();
            assertThat(semaphore.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 2_000_000_000L);
            assertThat(semaphore.tryAcquire(0, TimeUnit.SECONDS)).isFalse();
            assertThat(semaphore.tryAcquire(-1, TimeUnit.SECONDS)).isFalse();
        }
    }

    /** S05. */
    @Test
    void has_no_negative_number_of_permits() {
        assertThatThrownBy(() -> SharedSemaphore.create(-1)).isInstanceOf(IllegalArgumentException.class);
        try (SharedSemaphore semaphore = SharedSemaphore.create(1)) {
            assertThatThrownBy(() -> semaphore.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> semaphore.release(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** S07. */
    @ParameterizedTest
    @EnumSource(SemaphoreOption.class)
    void gives_exactly_as_many_as_there_are_to_threads_that_try(SemaphoreOption option) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(4, option)) {
            semaphore.acquireUninterruptibly();
            AtomicInteger got = new AtomicInteger();
            AtomicInteger missed = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 2; n++) {
                        (semaphore.tryAcquire() ? got : missed).incrementAndGet();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(got).hasValue(3);
            assertThat(missed).hasValue(7);
        }
    }

    /** S08. */
    @ParameterizedTest
    @EnumSource(
            value = SemaphoreOption.class,
            names = {"FAIR", "BOUNDED"})
    void lets_exactly_as_many_through_as_are_released(SemaphoreOption option) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(10, option)) {
            semaphore.acquireUninterruptibly(10);
            AtomicInteger through = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Runnable work = () -> {
                    semaphore.acquireUninterruptibly();
                    through.incrementAndGet();
                };
                threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
            }
            semaphore.release(7);
            eventually("seven are through", () -> through.get() == 7);
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release(3);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(through).hasValue(10);
        }
    }

    @ParameterizedTest
    @EnumSource(SemaphoreOption.class)
    void holds_its_limit_over_threads_and_processes(SemaphoreOption option) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(2, option);
                SharedInt inside = SharedInt.create(0);
                SharedInt most = SharedInt.create(0);
                ChildJvm child = ChildJvm.start(() -> {
                    comeAndGo(semaphore, inside, most, 3_000);
                    say("done");
                })) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Runnable work = () -> comeAndGo(semaphore, inside, most, 1_000);
                threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(child.hear()).isEqualTo("done");
            assertThat(most.get()).isBetween(1, 2);
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    private static void comeAndGo(SharedSemaphore semaphore, SharedInt inside, SharedInt most, int times) {
        for (int i = 0; i < times; i++) {
            semaphore.acquireUninterruptibly();
            int now = inside.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            inside.decrementAndGet();
            semaphore.release();
        }
    }

    @Test
    void a_fair_one_serves_first_who_came_first_however_much_it_wants() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(0, SemaphoreOption.FAIR)) {
            List<String> order = new ArrayList<>();
            Thread greedy = Thread.ofPlatform().start(() -> {
                semaphore.acquireUninterruptibly(3);
                order.add("greedy");
                semaphore.release();
            });
            eventually("greedy is in line", () -> semaphore.queueLength() == 1);
            Thread modest = Thread.ofPlatform().start(() -> {
                semaphore.acquireUninterruptibly();
                order.add("modest");
            });
            eventually("modest is in line", () -> semaphore.queueLength() == 2);
            semaphore.release(2);
            assertThat(modest.join(Duration.ofMillis(100))).isFalse();
            semaphore.release();
            greedy.join();
            modest.join();
            assertThat(order).containsExactly("greedy", "modest");
        }
    }

    @Test
    void permits_of_a_killed_process_come_back_if_they_were_leased() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(3, SemaphoreOption.LEASED);
                ChildJvm child = ChildJvm.start(() -> {
                    semaphore.acquire(2);
                    say("held");
                    Thread.sleep(60_000);
                })) {
            assertThat(child.hear()).isEqualTo("held");
            semaphore.acquire();
            assertThat(semaphore.tryAcquire()).isFalse();
            AtomicInteger through = new AtomicInteger();
            Thread waiter = Thread.ofPlatform().start(() -> {
                semaphore.acquireUninterruptibly(2);
                through.set(1);
            });
            child.killWithoutWaiting();
            assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
            assertThat(through).hasValue(1);
            semaphore.release(3);
            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("held=0");
            assertThat(semaphore.availablePermits()).isEqualTo(3);
        }
    }

    @Test
    void permits_of_a_killed_process_are_gone_if_they_were_not_leased() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(3);
                ChildJvm child = ChildJvm.start(() -> {
                    semaphore.acquire(2);
                    say("held");
                    Thread.sleep(60_000);
                })) {
            assertThat(child.hear()).isEqualTo("held");
            child.kill();
            assertThat(semaphore.availablePermits()).isOne();
        }
    }

    @Test
    void is_interrupted_while_it_waits_and_ends_when_it_is_closed() throws Exception {
        SharedSemaphore semaphore = SharedSemaphore.create(0);
        AtomicInteger outcome = new AtomicInteger();
        Thread interrupted = Thread.ofVirtual().start(() -> {
            try {
                semaphore.acquire();
            } catch (InterruptedException expected) {
                outcome.incrementAndGet();
            }
        });
        Thread closed = Thread.ofPlatform().start(() -> {
            try {
                semaphore.acquireUninterruptibly();
            } catch (IllegalStateException expected) {
                outcome.addAndGet(10);
            }
        });
        interrupted.interrupt();
        assertThat(interrupted.join(Duration.ofSeconds(2))).isTrue();
        assertThat(outcome).hasValue(1);
        semaphore.close();
        assertThat(closed.join(Duration.ofSeconds(2))).isTrue();
        assertThat(outcome).hasValue(11);
        assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
    }
}
