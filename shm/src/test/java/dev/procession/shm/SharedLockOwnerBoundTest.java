package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an owner-bound lock does beyond OwnerBoundLockContract: between processes, and when they die. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // the lock itself is what is tested
class SharedLockOwnerBoundTest {
    private final SharedLock lock = SharedLock.create(LockOption.OWNER_BOUND);

    @AfterEach
    void close() {
        lock.close();
    }

    private static void refused(ThrowingCallable call) {
        assertThatExceptionOfType(IllegalMonitorStateException.class)
                .isThrownBy(call)
                .withMessageContaining("SharedLock");
    }

    private static AtomicReference<Throwable> inAnotherThread(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        action.run();
                    } catch (RuntimeException expected) {
                        thrown.set(expected);
                    }
                })
                .join();
        return thrown;
    }

    /** Both run in their JVM's main thread, which has the same number in each. */
    @Test
    void is_released_by_no_other_process_and_is_owner_bound_there_as_well() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        lock.lock();
        try (ChildJvm child = ChildJvm.start(() -> {
            refused(lock::unlock);
            say("refused");
            lock.lock();
            Thread other = Thread.ofPlatform().start(() -> refused(lock::unlock));
            other.join();
            say("held");
            lock.unlock();
            say("released");
        })) {
            assertThat(child.hear()).isEqualTo("refused");
            assertThat(lock.isLocked()).isTrue();
            lock.unlock();
            assertThat(child.hear()).isEqualTo("held");
            assertThat(child.hear()).isEqualTo("released");
            assertThat(child.join()).isZero();
        }
        assertThat(lock.tryLock()).isTrue();
    }

    @Test
    void does_not_let_its_owner_wait_for_itself() throws Exception {
        lock.lock();
        refused(lock::lock);
        refused(lock::lockInterruptibly);
        refused(() -> lock.recover(() -> {}));
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
        lock.unlock();
        refused(lock::unlock);
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void is_free_again_when_its_owner_was_killed_and_its_next_thread_alone_ends_the_doubt() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.killWithoutWaiting();
            assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(inAnotherThread(lock::markConsistent).get()).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.ownerDied()).isTrue();
        lock.markConsistent();
        assertThat(lock.ownerDied()).isFalse();
        assertThat(inAnotherThread(lock::unlock).get()).isInstanceOf(IllegalMonitorStateException.class);
        lock.unlock();
        refused(lock::markConsistent);
    }

    @Test
    void recovers_in_a_thread_that_holds_it_meanwhile() throws Exception {
        SharedLock strict = SharedLock.create(LockOption.OWNER_BOUND, LockOption.REFUSE_AFTER_OWNER_DEATH);
        try (ChildJvm child = ChildJvm.start(() -> {
            strict.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.kill();
            assertThatThrownBy(strict::lock).isInstanceOf(OwnerDiedException.class);
            refused(strict::unlock);
            assertThat(strict.recover(() -> refused(strict::lock))).isTrue();
            assertThat(strict.isLocked()).isFalse();
            refused(strict::unlock);
        } finally {
            strict.close();
        }
    }

    @Test
    void is_owned_again_by_a_thread_that_comes_back_from_a_condition() throws Exception {
        SharedCondition condition = lock.newCondition();
        AtomicInteger passed = new AtomicInteger();
        Thread waiter = Thread.ofPlatform().start(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            passed.incrementAndGet();
            lock.unlock();
            passed.incrementAndGet();
        });
        eventually("it waits", () -> condition.queueLength() == 1);
        refused(condition::signal);
        lock.lock();
        assertThat(inAnotherThread(condition::signal).get()).isInstanceOf(IllegalMonitorStateException.class);
        condition.signal();
        lock.unlock();
        assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
        assertThat(passed).hasValue(2);
    }
}
