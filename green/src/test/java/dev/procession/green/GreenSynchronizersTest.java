package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Locks, semaphores, events, conditions and barriers between the tasks of a loop, by asyncio's rules. On a virtual clock. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings({
    "FutureReturnValueIgnored", // a loop and a group tell what their tasks threw
    "LockNotBeforeTry", // what each single call does is what is tested
    "WaitNotInLoop"
})
class GreenSynchronizersTest {
    private final List<Object> seen = new ArrayList<>();
    private EventLoop loop;

    private void onLoop(TaskAction main) throws Exception {
        try (EventLoop virtual = EventLoop.builder().virtualClock().build()) {
            loop = virtual;
            virtual.runToTheEnd(EventLoop.callable(main));
        }
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static void letAllRun() {
        EventLoop.sleep(Duration.ZERO);
        EventLoop.sleep(Duration.ZERO);
    }

    /** Case A13 of asyncio. */
    @Test
    void aLockServesFirstComeFirstAndAFreeOneCannotBeReleased() throws Exception {
        onLoop(() -> {
            GreenLock lock = new GreenLock();
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
            lock.lock();
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 1; i <= 3; i++) {
                    int number = i;
                    group.start(() -> {
                        lock.lock();
                        seen.add(number);
                        EventLoop.sleep(millis(1));
                        lock.unlock();
                    });
                }
                EventLoop.sleep(millis(1));
                assertThat(seen).isEmpty();
                lock.unlock();
                assertThat(lock.tryLock()).as("overtaking those who wait").isFalse();
            }
            assertThat(seen).containsExactly(1, 2, 3);
            assertThat(lock.isLocked()).isFalse();
        });
    }

    /** Case A14 of asyncio. */
    @Test
    void aWaiterCancelledAsTheLockComesToItLeavesItToTheNext() throws Exception {
        onLoop(() -> {
            GreenLock lock = new GreenLock();
            lock.lock();
            Task<?> first = Task.start(lock::lock);
            Task<?> second = Task.start(() -> {
                lock.lock();
                seen.add("second");
            });
            letAllRun();
            lock.unlock();
            first.cancel();
            second.join();
            assertThat(first.isCancelled()).isTrue();
            assertThat(seen).containsExactly("second");
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @Test
    void aTimedLockGivesUpAndLosesNothing() throws Exception {
        onLoop(() -> {
            GreenLock lock = new GreenLock();
            lock.lock();
            assertThat(lock.tryLock(5, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(lock.tryLock(0, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(loop.time()).isEqualTo(millis(5));
            loop.callLater(millis(5), lock::unlock);
            assertThat(lock.tryLock(1, TimeUnit.HOURS)).isTrue();
            assertThat(loop.time()).isEqualTo(millis(10));
        });
    }

    @Test
    void aSemaphoreBoundsHowManyAreInside() throws Exception {
        onLoop(() -> {
            GreenSemaphore room = GreenSemaphore.of(2);
            int[] inside = {0, 0};
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < 10; i++) {
                    group.start(() -> {
                        room.acquire();
                        inside[1] = Math.max(inside[1], ++inside[0]);
                        EventLoop.sleep(millis(1));
                        inside[0]--;
                        room.release();
                    });
                }
            }
            assertThat(inside[1]).isEqualTo(2);
            assertThat(room.availablePermits()).isEqualTo(2);
            assertThat(loop.time()).isEqualTo(millis(5));
        });
    }

    @Test
    void aPermitOnItsWayToACancelledTaskGoesToTheNext() throws Exception {
        onLoop(() -> {
            GreenSemaphore semaphore = GreenSemaphore.of(0);
            Task<?> first = Task.start(semaphore::acquire);
            Task<?> second = Task.start(semaphore::acquire);
            letAllRun();
            semaphore.release();
            first.cancel();
            second.join();
            assertThat(first.isCancelled()).isTrue();
            assertThat(semaphore.availablePermits()).isZero();
            assertThat(semaphore.tryAcquire(millis(3))).isFalse();
            assertThat(loop.time()).isEqualTo(millis(3));
        });
    }

    @Test
    void aBoundedSemaphoreRefusesOneReleaseTooMany() throws Exception {
        onLoop(() -> {
            GreenSemaphore semaphore = GreenSemaphore.bounded(1);
            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("permits=1");
            assertThat(semaphore.tryAcquire()).isTrue();
            assertThat(semaphore.tryAcquire()).isFalse();
            semaphore.release();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        });
    }

    @Test
    void anEventWakesAllWhoWaitAlsoIfItIsClearedAtOnce() throws Exception {
        onLoop(() -> {
            GreenEvent event = new GreenEvent();
            assertThat(event.await(millis(2))).isFalse();
            for (int i = 1; i <= 3; i++) {
                int number = i;
                Task.start(() -> {
                    event.await();
                    seen.add(number);
                });
            }
            letAllRun();
            event.set();
            event.clear();
            letAllRun();
            assertThat(seen).containsExactly(1, 2, 3);
            assertThat(event.isSet()).isFalse();
            event.set();
            assertThat(event.await(Duration.ZERO)).isTrue();
        });
    }

    @Test
    void aConditionPassesItsSignalOnAndComesBackWithTheLock() throws Exception {
        onLoop(() -> {
            GreenLock lock = new GreenLock();
            Condition changed = lock.newCondition();
            assertThatThrownBy(changed::signal).isInstanceOf(IllegalMonitorStateException.class);
            List<Task<?>> waiters = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int number = i;
                waiters.add(Task.start(() -> {
                    lock.lock();
                    try {
                        changed.await();
                        seen.add(number);
                    } catch (TaskCancelledException cancelled) {
                        seen.add("cancelled " + number + (lock.isLocked() ? " with the lock" : " without it"));
                        throw cancelled;
                    } finally {
                        lock.unlock();
                    }
                }));
            }
            letAllRun();
            lock.lock();
            changed.signal();
            waiters.getFirst().cancel();
            lock.unlock();
            Tasks.wait(waiters.subList(0, 2));
            assertThat(seen).containsExactlyInAnyOrder("cancelled 1 with the lock", 2);
            lock.lock();
            changed.signalAll();
            lock.unlock();
            waiters.getLast().join();
            assertThat(seen).last().isEqualTo(3);
            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void aConditionsWaitEndsInTime() throws Exception {
        onLoop(() -> {
            GreenLock lock = new GreenLock();
            Condition never = lock.newCondition();
            lock.lock();
            assertThat(never.await(7, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(never.awaitNanos(TimeUnit.MILLISECONDS.toNanos(3))).isNotPositive();
            assertThat(loop.time()).isEqualTo(millis(10));
            assertThat(lock.isLocked()).isTrue();
            lock.unlock();
        });
    }

    @Test
    void aBarrierLetsAllGoOnTogetherAgainAndAgain() throws Exception {
        onLoop(() -> {
            GreenBarrier barrier = new GreenBarrier(3);
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    group.start(() -> {
                        for (int round = 0; round < 2; round++) {
                            EventLoop.sleep(millis(number));
                            int after = barrier.await();
                            seen.add(round + ":" + after + "@" + loop.time().toMillis());
                        }
                    });
                }
            }
            assertThat(seen.subList(0, 3)).containsExactlyInAnyOrder("0:2@2", "0:1@2", "0:0@2");
            assertThat(seen.subList(3, 6)).containsExactlyInAnyOrder("1:2@4", "1:1@4", "1:0@4");
            assertThat(barrier.waiting()).isZero();
        });
    }

    @Test
    void aTaskCancelledAtABarrierBreaksItUntilItIsReset() throws Exception {
        onLoop(() -> {
            GreenBarrier barrier = new GreenBarrier(3);
            Task<?> cancelled = Task.start(() -> barrier.await());
            Task<?> other = Task.start(() -> barrier.await());
            letAllRun();
            cancelled.cancel();
            assertThatThrownBy(other::join).hasCauseInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.isBroken()).isTrue();
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
            barrier.reset();
            assertThat(barrier.isBroken()).isFalse();
            barrier.abort();
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        });
    }
}
