package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.SpaceGoneException;
import dev.procession.core.codec.Codec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("LockNotBeforeTry") // the lock itself is what is tested
class SharedLockTest {
    private final SharedLock lock = SharedLock.create();

    @AfterEach
    void close() {
        lock.close();
    }

    /** L01. */
    @Test
    void is_taken_once_and_released_once() {
        lock.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.isLocked()).isTrue();
        lock.unlock();
        assertThat(lock.isLocked()).isFalse();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("nobody holds SharedLock");
    }

    /** L04. */
    @Test
    void may_be_released_by_another_thread_and_by_another_process() throws Exception {
        lock.lock();
        Thread releaser = Thread.startVirtualThread(lock::unlock);
        releaser.join();
        assertThat(lock.tryLock()).isTrue();
        try (ChildJvm child = ChildJvm.start(lock::unlock)) {
            assertThat(child.join()).isZero();
        }
        assertThat(lock.tryLock()).isTrue();
    }

    /** L06. */
    @Test
    void gives_up_after_the_time_out_and_is_sound_afterwards() throws Exception {
        lock.lock();
        long begin = System.nanoTime();
        assertThat(lock.tryLock(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(System.nanoTime() - begin).isBetween(300_000_000L, 2_000_000_000L);
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    void does_not_wait_for_a_time_out_of_zero_or_less() throws Exception {
        lock.lock();
        assertThat(lock.tryLock(0, TimeUnit.SECONDS)).isFalse();
        assertThat(lock.tryLock(-1, TimeUnit.SECONDS)).isFalse();
        assertThat(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
    }

    @Test
    void wakes_a_waiter_of_another_process_on_release() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        lock.lock();
        try (ChildJvm child = ChildJvm.start(() -> {
            say("waiting");
            lock.lock();
            say("held");
            lock.unlock();
        })) {
            assertThat(child.hear()).isEqualTo("waiting");
            lock.unlock();
            assertThat(child.hear()).isEqualTo("held");
        }
    }

    /** L07. */
    @Test
    void excludes_threads_of_several_processes() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        SharedLock counter = SharedLock.create();
        try {
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    children.add(ChildJvm.start(() -> {
                        SharedLockTest.increment(lock, counter, 20_000);
                        say("done");
                    }));
                }
                for (ChildJvm child : children) {
                    assertThat(child.hear()).isEqualTo("done");
                }
            } finally {
                for (ChildJvm child : children) {
                    child.close();
                }
            }
            assertThat(counterOf(counter)).isEqualTo(60_000);
        } finally {
            counter.close();
        }
    }

    /** An unprotected read and write of a shared int: the deaths count of another lock, which nobody else uses. */
    private static void increment(SharedLock lock, SharedLock counter, int times) {
        for (int i = 0; i < times; i++) {
            lock.lock();
            try {
                counter.cells().setInt(8, counter.cells().getInt(8) + 1);
            } finally {
                lock.unlock();
            }
        }
    }

    private static int counterOf(SharedLock counter) {
        return counter.cells().getInt(8);
    }

    @Test
    void excludes_threads_of_one_process() throws Exception {
        int[] counter = {0};
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Runnable work = () -> {
                for (int n = 0; n < 5_000; n++) {
                    lock.lock();
                    counter[0]++;
                    lock.unlock();
                }
            };
            threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(counter[0]).isEqualTo(40_000);
    }

    @Test
    void sees_an_interrupt_while_it_waits() throws Exception {
        lock.lock();
        for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            AtomicInteger interrupted = new AtomicInteger();
            Thread waiter = builder.start(() -> {
                try {
                    lock.lockInterruptibly();
                } catch (InterruptedException expected) {
                    interrupted.set(Thread.currentThread().isInterrupted() ? 2 : 1);
                }
            });
            eventually("it waits", () -> waiter.getState() != Thread.State.NEW);
            waiter.interrupt();
            assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
            assertThat(interrupted).hasValue(1);
        }
    }

    @Test
    void keeps_an_interrupt_for_later_where_it_cannot_be_interrupted() throws Exception {
        for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            lock.lock();
            AtomicInteger outcome = new AtomicInteger();
            Thread waiter = builder.start(() -> {
                lock.lock();
                outcome.set(Thread.currentThread().isInterrupted() ? 1 : 2);
                lock.unlock();
            });
            waiter.interrupt();
            lock.unlock();
            assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
            assertThat(outcome).hasValue(1);
        }
    }

    @Test
    void refuses_an_interrupted_thread_although_it_is_free() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(lock.isLocked()).isFalse();
    }

    /** L09, where we differ from Python: its lock would stay held for ever. */
    @Test
    void is_free_again_when_its_owner_was_killed_and_tells_so() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.toString()).endsWith("[held by pid=" + child.pid() + "]");
            child.killWithoutWaiting();
            assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
            assertThat(lock.ownerDied()).isTrue();
            lock.markConsistent();
            assertThat(lock.ownerDied()).isFalse();
            lock.unlock();
            assertThat(lock.toString()).endsWith("[free]");
        }
    }

    @Test
    void warns_each_jvm_once_of_an_owner_that_died() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.kill();
        }
        for (int jvm = 0; jvm < 2; jvm++) {
            try (ChildJvm next = ChildJvm.start(() -> {
                ByteArrayOutputStream log = new ByteArrayOutputStream();
                System.setErr(new PrintStream(log, /* autoFlush= */ true, StandardCharsets.UTF_8));
                for (int i = 0; i < 3; i++) {
                    lock.lock();
                    lock.unlock();
                }
                log.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("a process died holding"))
                        .forEach(ChildJvm::say);
                say("no more");
            })) {
                assertThat(next.hear())
                        .endsWith("a process died holding " + lock.toString().replaceAll("\\[.*", "")
                                + "; what it guards may be half-changed until markConsistent()");
                assertThat(next.hear()).isEqualTo("no more");
            }
        }
    }

    @Test
    void wakes_whoever_waits_when_its_owner_is_killed() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            long[] acquiredAt = new long[1];
            Thread waiter = Thread.ofPlatform().start(() -> {
                lock.lock();
                acquiredAt[0] = System.nanoTime();
                lock.unlock();
            });
            eventually("it waits", () -> waiter.getState() == Thread.State.RUNNABLE);
            long killedAt = System.nanoTime();
            child.killWithoutWaiting();
            waiter.join();
            System.out.println("owner death to acquire: " + (acquiredAt[0] - killedAt) / 1_000 + " us");
            assertThat(acquiredAt[0] - killedAt).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void may_refuse_after_an_owner_has_died_until_somebody_recovers() throws Exception {
        SharedLock strict = SharedLock.create(LockOption.REFUSE_AFTER_OWNER_DEATH);
        try (ChildJvm child = ChildJvm.start(() -> {
            strict.lock();
            say("held");
            Thread.sleep(60_000);
        })) {
            assertThat(child.hear()).isEqualTo("held");
            child.kill();
            assertThatThrownBy(strict::lock)
                    .isInstanceOf(OwnerDiedException.class)
                    .hasMessageContaining("recover");
            assertThatThrownBy(strict::tryLock).isInstanceOf(OwnerDiedException.class);
            assertThatThrownBy(() -> strict.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(OwnerDiedException.class);
            assertThat(strict.isLocked()).isFalse();
            assertThatThrownBy(() -> strict.recover(() -> {
                        throw new UnsupportedOperationException("cannot repair");
                    }))
                    .hasMessage("cannot repair");
            assertThat(strict.ownerDied()).isTrue();
            AtomicInteger repairs = new AtomicInteger();
            assertThat(strict.recover(repairs::incrementAndGet)).isTrue();
            assertThat(strict.recover(repairs::incrementAndGet)).isFalse();
            assertThat(repairs).hasValue(1);
            assertThat(strict.tryLock()).isTrue();
        } finally {
            strict.close();
        }
    }

    @Test
    void stays_locked_when_a_process_that_only_waited_is_killed() throws Exception {
        SharedLock lock = this.lock; // not this test, which cannot travel
        lock.lock();
        try (ChildJvm child = ChildJvm.start(() -> {
            say("waiting");
            lock.lock();
        })) {
            assertThat(child.hear()).isEqualTo("waiting");
            child.kill();
        }
        assertThat(lock.tryLock(100, TimeUnit.MILLISECONDS)).isFalse();
        lock.unlock();
        assertThat(lock.ownerDied()).isFalse();
        assertThat(lock.tryLock()).isTrue();
    }

    @Test
    void is_one_object_in_one_jvm_however_often_it_is_sent() {
        Codec codec = Codec.standard();
        assertThat(codec.decode(codec.encode(lock))).isSameAs(lock);
    }

    @Test
    void ends_for_everybody_when_it_is_closed() throws Exception {
        SharedLock closing = SharedLock.create();
        try (ChildJvm child = ChildJvm.start(() -> {
            closing.lock();
            say("held");
            try {
                closing.lock();
            } catch (IllegalStateException expected) {
                say(expected.getMessage());
            }
            eventually("the view is gone", () -> closing.toString().endsWith("[closed]"));
            say("gone");
        })) {
            assertThat(child.hear()).isEqualTo("held");
            String name = closing.toString().replaceAll("\\[.*", "");
            Thread waiter = Thread.ofPlatform()
                    .unstarted(() -> assertThatThrownBy(closing::lock).isInstanceOf(IllegalStateException.class));
            waiter.start();
            closing.close();
            closing.close();
            assertThat(child.hear()).isEqualTo(name + " is closed");
            assertThat(child.hear()).isEqualTo("gone");
            waiter.join();
            assertThatThrownBy(closing::lock)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(name + " is closed");
        }
    }

    @Test
    void cannot_be_attached_to_once_it_was_closed() {
        SharedLock closing = SharedLock.create();
        byte[] handle = Codec.standard().encode(closing);
        closing.close();
        assertThatThrownBy(() -> Codec.standard().decode(handle))
                .hasStackTraceContaining(SpaceGoneException.class.getName());
        SharedLock next = SharedLock.create();
        assertThatThrownBy(() -> Codec.standard().decode(handle))
                .hasStackTraceContaining(SpaceGoneException.class.getName());
        next.close();
    }

    @Test
    void is_made_by_a_child_in_the_memory_of_its_family() throws Exception {
        try (ChildJvm child = ChildJvm.start(() -> {
            SharedLock own = SharedLock.create();
            say(own.toString());
        })) {
            String space = lock.toString().replaceAll("/.*", "");
            assertThat(child.hear()).startsWith(space);
        }
    }
}
