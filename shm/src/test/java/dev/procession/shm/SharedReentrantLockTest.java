package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("LockNotBeforeTry") // the lock itself is what is tested
class SharedReentrantLockTest {
    private final SharedReentrantLock lock = SharedReentrantLock.create();

    @AfterEach
    void close() {
        lock.close();
    }

    @Test
    void counts_its_holds() throws Exception {
        lock.lock();
        lock.lockInterruptibly();
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.getHoldCount()).isEqualTo(4);
        for (int holds = 3; holds >= 0; holds--) {
            assertThat(lock.isLocked()).isTrue();
            lock.unlock();
            assertThat(lock.getHoldCount()).isEqualTo(holds);
        }
        assertThat(lock.isLocked()).isFalse();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    /** L03, between processes and between threads. */
    @Test
    void is_released_by_its_owner_only() throws Exception {
        SharedReentrantLock lock = this.lock; // not this test, which cannot travel
        lock.lock();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        lock.unlock();
                    } catch (IllegalMonitorStateException expected) {
                        thrown.set(expected);
                    }
                })
                .join();
        assertThat(thrown.get()).hasMessageContaining("does not hold");
        try (ChildJvm child = ChildJvm.start(() -> {
            try {
                lock.unlock();
            } catch (IllegalMonitorStateException expected) {
                say("refused");
            }
            say(lock.tryLock() + " " + lock.isHeldByCurrentThread());
        })) {
            assertThat(child.hear()).isEqualTo("refused");
            assertThat(child.hear()).isEqualTo("false false");
        }
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
    }

    @Test
    void excludes_threads_of_this_and_another_process() throws Exception {
        SharedReentrantLock lock = this.lock; // not this test, which cannot travel
        SharedReentrantLock counter = SharedReentrantLock.create();
        try (ChildJvm child = ChildJvm.start(() -> {
            increment(lock, counter, 20_000);
            say("done");
        })) {
            List<Thread> threads = List.of(
                    Thread.ofPlatform().start(() -> increment(lock, counter, 10_000)),
                    Thread.ofVirtual().start(() -> increment(lock, counter, 10_000)));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(child.hear()).isEqualTo("done");
            assertThat(counter.cells().getInt(100)).isEqualTo(40_000);
        } finally {
            counter.close();
        }
    }

    private static void increment(SharedReentrantLock lock, SharedReentrantLock counter, int times) {
        for (int i = 0; i < times; i++) {
            lock.lock();
            lock.lock();
            counter.cells().setInt(100, counter.cells().getInt(100) + 1);
            lock.unlock();
            lock.unlock();
        }
    }

    @Test
    void is_free_again_when_its_owner_was_killed_however_often_it_held_it() throws Exception {
        SharedReentrantLock lock = this.lock; // not this test, which cannot travel
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            lock.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.killWithoutWaiting();
            assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
            assertThat(lock.getHoldCount()).isOne();
            assertThat(lock.ownerDied()).isTrue();
            lock.markConsistent();
            lock.unlock();
            assertThat(lock.ownerDied()).isFalse();
        }
    }

    @Test
    void recovers_in_a_thread_that_then_holds_it() throws Exception {
        SharedReentrantLock strict = SharedReentrantLock.create(LockOption.REFUSE_AFTER_OWNER_DEATH);
        try (ChildJvm child = ChildJvm.start(() -> {
            strict.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.kill();
            assertThatThrownBy(strict::lock).isInstanceOf(OwnerDiedException.class);
            assertThat(strict.recover(() -> assertThat(strict.getHoldCount()).isOne()))
                    .isTrue();
            assertThat(strict.isLocked()).isFalse();
            strict.lock();
            assertThatThrownBy(() -> strict.recover(() -> {})).isInstanceOf(IllegalMonitorStateException.class);
        } finally {
            strict.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_fair_one_goes_to_whoever_has_waited_longest(boolean virtual) throws Exception {
        SharedReentrantLock fair = SharedReentrantLock.create(LockOption.FAIR);
        try {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            fair.lock();
            for (int i = 0; i < 8; i++) {
                int number = i;
                Runnable work = () -> {
                    fair.lock();
                    order.add(number);
                    fair.unlock();
                };
                threads.add(
                        virtual
                                ? Thread.startVirtualThread(work)
                                : Thread.ofPlatform().start(work));
                int inLine = i + 1;
                eventually("it is in line", () -> fair.queueLength() == inLine);
            }
            fair.unlock();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(fair.queueLength()).isZero();
            assertThat(fair.tryLock()).isTrue();
        } finally {
            fair.close();
        }
    }

    @Test
    void a_fair_one_is_passed_on_by_waiters_that_give_up_or_are_killed() throws Exception {
        SharedReentrantLock fair = SharedReentrantLock.create(LockOption.FAIR);
        fair.lock();
        try (ChildJvm first = ChildJvm.start(fair::lock)) {
            eventually("the child is in line", () -> fair.queueLength() == 1);
            Thread second = Thread.ofPlatform().start(() -> {
                try {
                    fair.lockInterruptibly();
                } catch (InterruptedException expected) {
                    // it gives up
                }
            });
            eventually("the second is in line", () -> fair.queueLength() == 2);
            AtomicReference<String> got = new AtomicReference<>();
            Thread third = Thread.ofPlatform().start(() -> {
                fair.lock();
                got.set("held");
                fair.unlock();
            });
            eventually("the third is in line", () -> fair.queueLength() == 3);
            second.interrupt();
            second.join();
            first.killWithoutWaiting();
            fair.unlock();
            assertThat(third.join(Duration.ofSeconds(2))).isTrue();
            assertThat(got).hasValue("held");
            assertThat(fair.queueLength()).isZero();
        } finally {
            fair.close();
        }
    }

    @Test
    void a_fair_one_excludes_threads_of_this_and_another_process() throws Exception {
        SharedReentrantLock fair = SharedReentrantLock.create(LockOption.FAIR);
        try (ChildJvm child = ChildJvm.start(() -> {
            increment(fair, fair, 2_000);
            say("done");
        })) {
            List<Thread> threads = List.of(
                    Thread.ofPlatform().start(() -> increment(fair, fair, 1_000)),
                    Thread.ofVirtual().start(() -> increment(fair, fair, 1_000)));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(child.hear()).isEqualTo("done");
            assertThat(fair.cells().getInt(100)).isEqualTo(4_000);
        } finally {
            fair.close();
        }
    }

    @Test
    void more_virtual_threads_than_carriers_wait_without_holding_them_up() throws Exception {
        lock.lock();
        int waiters = Runtime.getRuntime().availableProcessors() * 4 + 16;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                lock.lock();
                lock.unlock();
            }));
        }
        Thread runner = Thread.startVirtualThread(() -> {});
        assertThat(runner.join(Duration.ofSeconds(2))).as("a carrier is free").isTrue();
        assertThat(threads).allMatch(Thread::isAlive);
        lock.unlock();
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
    }
}
