package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "JavaUtilDate"}) // what each single call does is what is tested
class SharedConditionTest {
    private final SharedReentrantLock lock = SharedReentrantLock.create();
    private final SharedCondition condition = lock.newCondition();

    @AfterEach
    void close() {
        lock.close();
    }

    /** C02, and the same for waiting. */
    @Test
    void is_for_holders_of_the_lock_only() {
        assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::awaitUninterruptibly).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition.awaitNanos(1)).isInstanceOf(IllegalMonitorStateException.class);
    }

    /** C03. */
    @Test
    void wakes_exactly_one_waiter_a_signal_of_whatever_process() throws Exception {
        SharedReentrantLock lock = this.lock;
        SharedCondition condition = this.condition;
        SharedLongProbe awake = new SharedLongProbe();
        List<ChildJvm> children = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                children.add(ChildJvm.start(() -> {
                    lock.lock();
                    condition.await();
                    awake.increment();
                    lock.unlock();
                }));
                threads.add(Thread.ofVirtual().start(() -> {
                    lock.lock();
                    condition.awaitUninterruptibly();
                    awake.increment();
                    lock.unlock();
                }));
            }
            eventually("four wait", () -> condition.queueLength() == 4);
            assertThat(awake.get()).isZero();
            for (int signals = 1; signals <= 4; signals++) {
                lock.lock();
                condition.signal();
                lock.unlock();
                int expected = signals;
                eventually("one more is awake", () -> awake.get() == expected);
                assertThat(condition.queueLength()).isEqualTo(4 - signals);
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            awake.close();
        }
    }

    /** C05. */
    @Test
    void wakes_as_many_as_asked_and_remembers_no_signal() throws Exception {
        AtomicInteger awake = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                lock.lock();
                condition.awaitUninterruptibly();
                awake.incrementAndGet();
                lock.unlock();
            }));
        }
        eventually("four wait", () -> condition.queueLength() == 4);
        for (int expected : new int[] {2, 4, 4}) {
            lock.lock();
            condition.signal(expected == 4 && awake.get() == 4 ? 3 : 2);
            lock.unlock();
            eventually("they are awake", () -> awake.get() == expected);
        }
        lock.lock();
        assertThat(condition.await(50, TimeUnit.MILLISECONDS)).isFalse();
        lock.unlock();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** C06. */
    @Test
    void gives_up_after_the_time_out_holding_the_lock() throws Exception {
        lock.lock();
        long begin = System.nanoTime();
        assertThat(condition.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 2_000_000_000L);
        assertThat(condition.await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(condition.awaitNanos(-1)).isNotPositive();
        assertThat(condition.awaitUntil(new java.util.Date(System.currentTimeMillis() + 20)))
                .isFalse();
        assertThat(lock.getHoldCount()).isOne();
        lock.unlock();
        assertThat(condition.queueLength()).isZero();
    }

    /** C08. */
    @Test
    void waits_until_another_process_has_made_something_true() throws Exception {
        SharedReentrantLock lock = this.lock;
        SharedCondition condition = this.condition;
        SharedLongProbe state = new SharedLongProbe();
        lock.lock();
        try (ChildJvm child = ChildJvm.start(() -> {
            for (int i = 0; i < 4; i++) {
                lock.lock();
                state.increment();
                condition.signal();
                lock.unlock();
            }
        })) {
            assertThat(condition.awaitUntilTrue(() -> state.get() == 4, 30, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(state.get()).isEqualTo(4);
            lock.unlock();
            assertThat(child.join()).isZero();
        } finally {
            state.close();
        }
    }

    /** C09. */
    @Test
    void gives_up_on_what_does_not_become_true() throws Exception {
        lock.lock();
        long begin = System.nanoTime();
        assertThat(condition.awaitUntilTrue(() -> false, 500, TimeUnit.MILLISECONDS))
                .isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(500_000_000L);
        lock.unlock();
    }

    /** C11. */
    @Test
    void releases_all_holds_and_restores_them() throws Exception {
        lock.lock();
        lock.lock();
        Thread other = Thread.ofPlatform().start(() -> {
            lock.lock();
            condition.signalAll();
            lock.unlock();
        });
        condition.await();
        assertThat(lock.getHoldCount()).isEqualTo(2);
        lock.unlock();
        lock.unlock();
        other.join();
    }

    @Test
    void is_interrupted_while_it_waits_and_comes_back_holding_the_lock() throws Exception {
        for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            AtomicInteger outcome = new AtomicInteger();
            Thread waiter = builder.start(() -> {
                lock.lock();
                try {
                    condition.await();
                } catch (InterruptedException expected) {
                    outcome.set(lock.getHoldCount());
                }
                lock.unlock();
            });
            eventually("it waits", () -> condition.queueLength() == 1);
            waiter.interrupt();
            assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
            assertThat(outcome).hasValue(1);
            assertThat(condition.queueLength()).isZero();
        }
    }

    @Test
    void wakes_the_one_who_has_waited_longest_first() throws Exception {
        List<Integer> order = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                lock.lock();
                condition.awaitUninterruptibly();
                order.add(number);
                condition.signal();
                lock.unlock();
            }));
            eventually("it waits", () -> condition.queueLength() == number + 1);
        }
        lock.lock();
        condition.signal();
        lock.unlock();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void forgets_a_waiter_that_is_killed() throws Exception {
        SharedReentrantLock lock = this.lock;
        SharedCondition condition = this.condition;
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            condition.await();
        })) {
            eventually("the child waits", () -> condition.queueLength() == 1);
            lock.lock(); // it is in the queue a moment before it lets go of the lock
            lock.unlock();
            child.killWithoutWaiting();
            eventually("it is forgotten", () -> condition.queueLength() == 0);
        }
        assertThat(lock.ownerDied()).isFalse();
    }

    /** The child is signalled, and killed before it can come back: it cannot, since we hold the lock. */
    @Test
    void passes_the_signal_of_a_killed_waiter_on() throws Exception {
        SharedReentrantLock lock = this.lock;
        SharedCondition condition = this.condition;
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            condition.await();
        })) {
            eventually("the child waits", () -> condition.queueLength() == 1);
            AtomicInteger awake = new AtomicInteger();
            Thread second = Thread.ofPlatform().start(() -> {
                lock.lock();
                condition.awaitUninterruptibly();
                awake.incrementAndGet();
                lock.unlock();
            });
            eventually("the second waits", () -> condition.queueLength() == 2);
            lock.lock();
            condition.signal();
            assertThat(condition.queueLength()).isOne();
            child.killWithoutWaiting();
            eventually("the signal is passed on", () -> condition.queueLength() == 0);
            lock.unlock();
            assertThat(second.join(Duration.ofSeconds(2))).isTrue();
            assertThat(awake).hasValue(1);
        }
    }

    @Test
    void of_a_plain_lock_serves_whatever_thread_of_the_holding_process() throws Exception {
        SharedLock plain = SharedLock.create();
        SharedCondition condition = plain.newCondition();
        try (ChildJvm child = ChildJvm.start(() -> {
            plain.lock();
            condition.signal();
            plain.unlock();
        })) {
            plain.lock();
            condition.await();
            assertThat(plain.isLocked()).isTrue();
            plain.unlock();
            assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
            assertThat(child.join()).isZero();
        } finally {
            plain.close();
        }
    }

    @Test
    void comes_back_holding_a_lock_that_refuses_and_throws() throws Exception {
        SharedReentrantLock strict = SharedReentrantLock.create(LockOption.REFUSE_AFTER_OWNER_DEATH);
        SharedCondition condition = strict.newCondition();
        strict.lock();
        try (ChildJvm child = ChildJvm.start(() -> {
            strict.lock();
            condition.signal();
            say("signalled");
            Thread.sleep(60_000);
        })) {
            Thread killer = Thread.ofPlatform().start(() -> {
                try {
                    child.hear();
                    child.kill();
                } catch (InterruptedException unexpected) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThatThrownBy(condition::await).isInstanceOf(OwnerDiedException.class);
            assertThat(strict.isHeldByCurrentThread()).isTrue();
            strict.unlock();
            killer.join();
        } finally {
            strict.close();
        }
    }

    @Test
    void ends_with_its_lock() throws Exception {
        SharedReentrantLock closing = SharedReentrantLock.create();
        SharedCondition ending = closing.newCondition();
        AtomicInteger outcome = new AtomicInteger();
        Thread waiter = Thread.ofPlatform().start(() -> {
            closing.lock();
            try {
                ending.awaitUninterruptibly();
            } catch (IllegalStateException expected) {
                outcome.set(1);
            }
        });
        eventually("it waits", () -> ending.queueLength() == 1);
        byte[] handle = Codec.standard().encode(ending);
        closing.close();
        assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
        assertThat(outcome).hasValue(1);
        assertThatThrownBy(() -> Codec.standard().decode(handle)).hasStackTraceContaining("was closed");
    }
}
