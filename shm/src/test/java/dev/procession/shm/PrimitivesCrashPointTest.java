package dev.procession.shm;

import static dev.procession.shm.CrashStage.set;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.procession.conformance.CrashPointExplorer;
import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.core.DeadlockException;
import dev.procession.core.SpaceGoneException;
import dev.procession.shm.engine.SimulatedMember;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every operation of every primitive, killed before each of its stores. */
@EnabledIfSystemProperty(
        named = "dev.procession.crashpoints",
        matches = "true",
        disabledReason = "runs in the surefire execution of that name")
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // single calls are what is killed
class PrimitivesCrashPointTest {
    private static DynamicTest killed(String operation, CrashStage.Setting setting) {
        return dynamicTest(operation, () -> {
            int stores = CrashPointExplorer.explore(SimulatedMember.DEATHS, set(setting));
            System.out.println("crash points: " + operation + ": " + stores);
        });
    }

    // ---- locks ----

    private interface LockOperation {
        void run(SharedLock lock) throws Exception;
    }

    private static DynamicTest killedLock(String operation, LockOperation act, LockOption... options) {
        return killed(operation, stage -> {
            SharedLock lock = stage.made(SharedLock.create(options));
            SharedLock theirs = stage.asVictim(lock);
            stage.act(() -> act.run(theirs));
            stage.check(fate -> ensureUsable(lock, fate));
        });
    }

    private static void ensureUsable(SharedLock lock, Fate fate) throws Exception {
        assertThat(lock.isLocked()).isFalse();
        if (!fate.died()) {
            assertThat(lock.ownerDied()).isFalse();
        }
        lock.recover(() -> {});
        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.tryLock()).isFalse();
        lock.unlock();
        assertThat(lock.ownerDied()).isFalse();
        assertThat(lock.isLocked()).isFalse();
    }

    private static void lockUnlessDeadlocked(SharedLock lock, AtomicInteger told) {
        try {
            lock.lock();
            lock.unlock();
        } catch (DeadlockException deadlocked) {
            told.incrementAndGet();
        }
    }

    @TestFactory
    Stream<DynamicTest> locks() {
        return Stream.of(
                killedLock("lock, unlock", lock -> {
                    lock.lock();
                    lock.unlock();
                }),
                killedLock(
                        "lock, unlock of a fair lock",
                        lock -> {
                            lock.lock();
                            lock.unlock();
                        },
                        LockOption.FAIR),
                killedLock(
                        "lock, unlock of an owner-bound lock",
                        lock -> {
                            lock.lock();
                            assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
                            lock.unlock();
                        },
                        LockOption.OWNER_BOUND),
                killedLock(
                        "wait with an owner-bound lock",
                        lock -> {
                            try (SharedCondition condition = lock.newCondition()) {
                                lock.lock();
                                assertThat(condition.await(1, TimeUnit.NANOSECONDS))
                                        .isFalse();
                                lock.unlock();
                            }
                        },
                        LockOption.OWNER_BOUND,
                        LockOption.FAIR),
                killedLock("lock in vain", lock -> {
                    lock.lock();
                    assertThat(lock.tryLock(1, TimeUnit.NANOSECONDS)).isFalse();
                    lock.unlock();
                }),
                killedLock(
                        "lock in vain, in line",
                        lock -> {
                            lock.lock();
                            assertThat(lock.tryLock(1, TimeUnit.NANOSECONDS)).isFalse();
                            lock.unlock();
                        },
                        LockOption.FAIR),
                killed("recover", stage -> {
                    SharedLock lock =
                            stage.made(SharedLock.create(LockOption.REFUSE_AFTER_OWNER_DEATH, LockOption.OWNER_BOUND));
                    stage.beforehand(lock, SharedLock::lock);
                    assertThatThrownBy(lock::lock).isInstanceOf(OwnerDiedException.class);
                    SharedLock theirs = stage.asVictim(lock);
                    AtomicInteger repairs = new AtomicInteger();
                    stage.act(() -> theirs.recover(repairs::incrementAndGet));
                    stage.check(fate -> {
                        if (lock.ownerDied()) {
                            assertThatThrownBy(lock::lock).isInstanceOf(OwnerDiedException.class);
                            assertThat(lock.recover(repairs::incrementAndGet)).isTrue();
                        }
                        assertThat(repairs.get()).isPositive();
                        ensureUsable(lock, fate);
                    });
                }),
                killed("wait in vain for another process", stage -> {
                    SharedLock lock = stage.made(SharedLock.create(LockOption.OWNER_BOUND));
                    SharedLock theirs = stage.asVictim(lock);
                    lock.lock();
                    stage.act(() ->
                            assertThat(theirs.tryLock(1, TimeUnit.MILLISECONDS)).isFalse());
                    stage.check(fate -> {
                        assertThat(SimulatedMember.blocked(stage.family())).isZero();
                        lock.unlock();
                        ensureUsable(lock, fate);
                    });
                }),
                killed("be told of a deadlock", stage -> {
                    SharedLock noodles = stage.made(SharedLock.create(LockOption.OWNER_BOUND));
                    SharedLock chopsticks = stage.made(SharedLock.create(LockOption.OWNER_BOUND));
                    SharedLock theirNoodles = stage.asVictim(noodles);
                    SharedLock theirChopsticks = stage.asVictim(chopsticks);
                    CountDownLatch victimHolds = new CountDownLatch(1);
                    AtomicInteger told = new AtomicInteger(); // whoever looks first: usually the victim
                    stage.inBackground(() -> {
                        chopsticks.lock();
                        victimHolds.await();
                        lockUnlessDeadlocked(noodles, told);
                        chopsticks.unlock();
                    });
                    eventually("the survivor holds one", chopsticks::isLocked);
                    stage.act(() -> {
                        try {
                            theirNoodles.lock();
                        } finally {
                            victimHolds.countDown();
                        }
                        eventually(
                                "the survivor waits for the other", () -> SimulatedMember.blocked(stage.family()) == 1);
                        lockUnlessDeadlocked(theirChopsticks, told);
                        assertThat(told.get()).isPositive();
                        theirNoodles.unlock();
                    });
                    stage.check(fate -> {
                        eventually("the survivor went on", () -> !chopsticks.isLocked());
                        ensureUsable(noodles, fate);
                        assertThat(SimulatedMember.blocked(stage.family())).isZero();
                    });
                }),
                killed("lock twice, unlock twice", stage -> {
                    SharedReentrantLock lock = stage.made(SharedReentrantLock.create());
                    SharedReentrantLock theirs = stage.asVictim(lock);
                    stage.act(() -> {
                        theirs.lock();
                        theirs.lock();
                        theirs.unlock();
                        theirs.unlock();
                    });
                    stage.check(fate -> {
                        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
                        assertThat(lock.getHoldCount()).isOne();
                        lock.unlock();
                        assertThat(lock.isLocked()).isFalse();
                    });
                }),
                killed("unlock for one who waits in line", stage -> {
                    SharedReentrantLock lock = stage.made(SharedReentrantLock.create(LockOption.FAIR));
                    SharedReentrantLock theirs = stage.asVictim(lock);
                    theirs.lock();
                    stage.inBackground(() -> {
                        lock.lock();
                        lock.unlock();
                    });
                    eventually("a survivor is in line", () -> lock.queueLength() == 1);
                    stage.act(theirs::unlock);
                    stage.check(
                            fate -> eventually("it got the lock", () -> lock.queueLength() == 0 && !lock.isLocked()));
                }));
    }

    // ---- conditions ----

    private static DynamicTest killedSignaller(String operation, Consumer<SharedCondition> signal) {
        return killed(operation, stage -> {
            SharedReentrantLock lock = stage.made(SharedReentrantLock.create());
            SharedCondition condition = lock.newCondition();
            SharedReentrantLock theirs = stage.asVictim(lock);
            SharedCondition theirCondition = stage.asVictim(condition);
            AtomicInteger awake = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                stage.inBackground(() -> {
                    lock.lock();
                    condition.await();
                    awake.incrementAndGet();
                    lock.unlock();
                });
            }
            eventually("two wait", () -> condition.queueLength() == 2);
            stage.act(() -> {
                theirs.lock();
                signal.accept(theirCondition);
                theirs.unlock();
            });
            stage.check(fate -> {
                lock.lock();
                condition.signalAll();
                lock.unlock();
                eventually("both are awake", () -> awake.get() == 2);
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> conditions() {
        return Stream.of(
                killedSignaller("signal", SharedCondition::signal),
                killedSignaller("signalAll", SharedCondition::signalAll),
                killed("await in vain", stage -> {
                    SharedReentrantLock lock = stage.made(SharedReentrantLock.create());
                    SharedCondition condition = lock.newCondition();
                    SharedReentrantLock theirs = stage.asVictim(lock);
                    SharedCondition theirCondition = stage.asVictim(condition);
                    stage.act(() -> {
                        theirs.lock();
                        assertThat(theirCondition.await(1, TimeUnit.NANOSECONDS))
                                .isFalse();
                        theirs.unlock();
                    });
                    stage.check(fate -> {
                        assertThat(condition.queueLength()).isZero();
                        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
                        lock.unlock();
                    });
                }));
    }

    // ---- semaphores ----

    private static DynamicTest killedSemaphore(SemaphoreOption... options) {
        boolean leased = Stream.of(options).anyMatch(option -> option == SemaphoreOption.LEASED);
        return killed("acquire, release " + Stream.of(options).toList(), stage -> {
            SharedSemaphore semaphore = stage.made(SharedSemaphore.create(2, options));
            SharedSemaphore theirs = stage.asVictim(semaphore);
            stage.act(() -> {
                theirs.acquire(2);
                assertThat(theirs.tryAcquire(1, TimeUnit.NANOSECONDS)).isFalse();
                theirs.release();
                theirs.release();
            });
            stage.check(fate -> {
                int lost = fate.died() && !leased ? 2 : 0;
                assertThat(semaphore.availablePermits()).isBetween(2 - lost, 2);
                if (semaphore.availablePermits() == 2) {
                    semaphore.acquire(2);
                    assertThat(semaphore.tryAcquire()).isFalse();
                    assertThat(semaphore.borrowers()).hasSize(leased ? 2 : 0);
                    stage.inBackground(() -> {
                        semaphore.acquire(2);
                        semaphore.release(2);
                    });
                    semaphore.release(2);
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> semaphores() {
        return Stream.of(
                killedSemaphore(),
                killedSemaphore(SemaphoreOption.BOUNDED),
                killedSemaphore(SemaphoreOption.FAIR),
                killedSemaphore(SemaphoreOption.LEASED),
                killedSemaphore(SemaphoreOption.LEASED, SemaphoreOption.FAIR),
                killed("release for one who waits", stage -> {
                    SharedSemaphore semaphore = stage.made(SharedSemaphore.create(1));
                    SharedSemaphore theirs = stage.asVictim(semaphore);
                    theirs.acquire();
                    stage.inBackground(semaphore::acquire);
                    eventually("a survivor sleeps", semaphore::hasSleepers);
                    stage.act(theirs::release);
                    stage.check(fate -> semaphore.release());
                }));
    }

    // ---- events, latches, barriers ----

    @TestFactory
    Stream<DynamicTest> events_and_latches() {
        return Stream.of(
                killed("set, clear", stage -> {
                    SharedEvent event = stage.made(SharedEvent.create());
                    SharedEvent theirs = stage.asVictim(event);
                    stage.inBackground(event::await);
                    eventually("a survivor sleeps", event::hasSleepers);
                    stage.act(() -> {
                        theirs.set();
                        theirs.clear();
                    });
                    stage.check(fate -> event.set());
                }),
                killed("count down to zero", stage -> {
                    SharedCountDownLatch latch = stage.made(SharedCountDownLatch.create(2));
                    SharedCountDownLatch theirs = stage.asVictim(latch);
                    stage.inBackground(latch::await);
                    AtomicInteger done = new AtomicInteger();
                    stage.act(() -> {
                        theirs.countDown();
                        done.incrementAndGet();
                        theirs.countDown();
                        done.incrementAndGet();
                    });
                    stage.check(fate -> {
                        assertThat(latch.getCount()).isEqualTo(2 - done.get());
                        latch.countDown();
                        latch.countDown();
                    });
                }));
    }

    /** The second store of an arrival makes the victim a party; from then on its death breaks the barrier by itself. */
    private static void abortUnlessVictimWasParty(SharedBarrier barrier, Fate fate) {
        if (fate.died() && fate.stores() < 2) {
            barrier.abort();
        }
    }

    /** What the survivor who waits comes to: it passes or it learns that the barrier is broken, and never hangs. */
    private static void waitAt(SharedBarrier barrier, AtomicReference<String> outcome) throws InterruptedException {
        try {
            barrier.await();
            outcome.set("passed");
        } catch (BrokenBarrierException broken) {
            outcome.set("broken");
        }
    }

    @TestFactory
    Stream<DynamicTest> barriers() {
        return Stream.of(
                killed("arrive as the last", stage -> {
                    SharedInt runs = stage.made(SharedInt.create(0));
                    SharedBarrier barrier = stage.made(SharedBarrier.create(2, () -> runs.incrementAndGet()));
                    SharedBarrier theirs = stage.asVictim(barrier);
                    AtomicReference<String> outcome = new AtomicReference<>();
                    stage.inBackground(() -> waitAt(barrier, outcome));
                    eventually("a survivor waits", () -> barrier.getNumberWaiting() == 1);
                    stage.act(theirs::await);
                    stage.check(fate -> {
                        abortUnlessVictimWasParty(barrier, fate);
                        eventually("the survivor knows", () -> outcome.get() != null);
                        if (outcome.get().equals("passed")) {
                            assertThat(runs.get()).isOne();
                        } else {
                            assertThat(fate.died()).isTrue();
                            assertThat(barrier.isBroken()).isTrue();
                        }
                        barrier.reset();
                        assertThat(barrier.isBroken()).isFalse();
                    });
                }),
                killed("arrive and give up", stage -> {
                    SharedBarrier barrier = stage.made(SharedBarrier.create(3));
                    SharedBarrier theirs = stage.asVictim(barrier);
                    AtomicReference<String> outcome = new AtomicReference<>();
                    stage.inBackground(() -> waitAt(barrier, outcome));
                    eventually("a survivor waits", () -> barrier.getNumberWaiting() == 1);
                    stage.act(() -> assertThatThrownBy(() -> theirs.await(0, TimeUnit.SECONDS))
                            .isInstanceOf(TimeoutException.class));
                    stage.check(fate -> {
                        abortUnlessVictimWasParty(barrier, fate);
                        eventually("the survivor knows", () -> "broken".equals(outcome.get()));
                    });
                }),
                killed("reset", stage -> {
                    SharedBarrier barrier = stage.made(SharedBarrier.create(2));
                    SharedBarrier theirs = stage.asVictim(barrier);
                    AtomicReference<String> outcome = new AtomicReference<>();
                    stage.inBackground(() -> waitAt(barrier, outcome));
                    eventually("a survivor waits", () -> barrier.getNumberWaiting() == 1);
                    stage.act(theirs::reset);
                    stage.check(fate -> {
                        if (barrier.getNumberWaiting() == 1) {
                            barrier.abort();
                        }
                        eventually("the survivor knows", () -> "broken".equals(outcome.get()));
                        barrier.reset();
                        assertThat(barrier.isBroken()).isFalse();
                    });
                }));
    }

    // ---- values ----

    @TestFactory
    Stream<DynamicTest> values() {
        return Stream.of(killed("increment", stage -> {
            SharedLong number = stage.made(SharedLong.create(0));
            SharedLong theirs = stage.asVictim(number);
            stage.act(() -> {
                theirs.incrementAndGet();
                theirs.updateAndGet(value -> value + 1);
            });
            stage.check(fate -> assertThat(number.get()).isEqualTo(fate.stores()));
        }));
    }

    // ---- what all have in common: being made, attached to, closed; burying the dead ----

    @TestFactory
    Stream<DynamicTest> lives() {
        return Stream.of(
                killed("make a primitive with a heap range", stage -> {
                    AtomicReference<SharedRegion> made = new AtomicReference<>();
                    stage.act(() -> {
                        SharedRegion region = stage.victim()
                                .space()
                                .create(
                                        Kind.REGION,
                                        1 << 20,
                                        entry -> entry.payload().setLong(Guarded.VALUE_AT, 1 << 20),
                                        SharedRegion::new);
                        made.set(region);
                    });
                    stage.check(fate -> {
                        try (SharedRegion next = SharedRegion.create(1 << 20)) {
                            assertThat(next.segment()
                                            .mismatch(java.lang.foreign.MemorySegment.ofArray(new byte[1 << 20])))
                                    .as("a new region is all zeros")
                                    .isEqualTo(-1);
                        }
                        // One that was published lives on, though nobody has got to know it.
                        if (fate.died()) {
                            SimulatedMember.closeUnknown(
                                    stage.family(),
                                    Kind.REGION,
                                    payload -> assertThat(payload.getLong(Guarded.VALUE_AT))
                                            .as("what is published is whole")
                                            .isEqualTo(1 << 20));
                        } else {
                            made.get().close();
                        }
                    });
                }),
                killed("attach and close", stage -> {
                    SharedRegion region = stage.made(SharedRegion.create(1 << 20));
                    region.segment().fill((byte) 1);
                    stage.act(() -> {
                        SharedRegion theirs = stage.asVictim(region);
                        theirs.close();
                    });
                    stage.check(fate -> {
                        if (!fate.died()) {
                            assertThatThrownBy(() -> CrashStage.handleOf(region).in(stage.family()))
                                    .isInstanceOf(SpaceGoneException.class);
                        }
                    });
                }),
                killed("close what somebody waits for", stage -> {
                    SharedLock lock = stage.made(SharedLock.create());
                    SharedLock theirs = stage.asVictim(lock);
                    lock.lock();
                    stage.inBackground(() -> assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class));
                    stage.act(theirs::close);
                    stage.check(fate -> lock.close());
                }),
                killed("leave", stage -> {
                    SharedLock lock = stage.made(SharedLock.create());
                    SharedLock theirs = stage.asVictim(lock);
                    theirs.lock();
                    stage.act(() -> stage.victim().close());
                    stage.check(fate ->
                            assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue());
                }),
                killed("bury another", stage -> {
                    SharedLock lock = stage.made(SharedLock.create());
                    SharedSemaphore leased = stage.made(SharedSemaphore.create(2, SemaphoreOption.LEASED));
                    SharedReentrantLock mutex = stage.made(SharedReentrantLock.create());
                    SharedCondition condition = mutex.newCondition();
                    SimulatedMember first = stage.made(new SimulatedMember(stage.family(), Kind::of));
                    CrashStage.seen(first, lock).lock();
                    CrashStage.seen(first, leased).acquire(2);
                    SharedRegion half = first.space()
                            .create(
                                    Kind.REGION,
                                    1 << 20,
                                    entry -> entry.payload().setLong(Guarded.VALUE_AT, 1 << 20),
                                    SharedRegion::new);
                    half.close();
                    stage.inBackground(() -> {
                        mutex.lock();
                        condition.await();
                        mutex.unlock();
                    });
                    eventually("a survivor waits", () -> condition.queueLength() == 1);
                    stage.act(() -> {
                        try (AutoCloseable _ = SimulatedMember.withoutKeeper()) {
                            first.buryBy(stage.victim().space());
                        }
                    });
                    stage.check(fate -> {
                        if (fate.died()) {
                            first.dieAndBeBuried();
                        }
                        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
                        assertThat(lock.ownerDied()).isTrue();
                        assertThat(leased.availablePermits()).isEqualTo(2);
                        mutex.lock();
                        condition.signal();
                        mutex.unlock();
                    });
                }));
    }
}
