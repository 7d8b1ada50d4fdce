package dev.procession.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procession.conformance.NothingLeft;
import dev.procession.explore.Exploration.Coverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // how locks and conditions are used wrongly is what is tested
class ExplorerTest {
    @Test
    void tokenRunsTheScheduleAgain() {
        FailingSchedule failing =
                Explorer.explore(KnownCountsTest.buyers(2, 1)).shortest().orElseThrow();
        Exploration again = Explorer.replay(failing.token(), KnownCountsTest.buyers(2, 1));
        assertThat(again.coverage()).isEqualTo(Coverage.REPLAY);
        assertThat(again.schedules()).isEqualTo(1);
        assertThat(again.shortest()).contains(failing);
    }

    @Test
    void tokenOfAnotherProgramIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.replay("x1-00001111", KnownCountsTest.buyers(2, 1)))
                .withMessageContaining("step=3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.replay("x1-03", KnownCountsTest.buyers(2, 1)))
                .withMessageContaining("step=1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.replay("20", KnownCountsTest.buyers(2, 1)))
                .withMessageContaining("token=20");
    }

    @Test
    void randomSchedulesAreThoseOfTheSeed() {
        Exploration one = Explorer.random(50, 7).run(KnownCountsTest.buyers(3, 2));
        assertThat(one.coverage()).isEqualTo(Coverage.SAMPLE);
        assertThat(one.schedules()).isEqualTo(50);
        assertThat(one.failing()).isBetween(1L, 49L);
        assertThat(Explorer.random(50, 7).run(KnownCountsTest.buyers(3, 2))).isEqualTo(one);
    }

    @Test
    void limitOfSchedulesIsTold() {
        Exploration found = Explorer.everySchedule().maxSchedules(5).run(KnownCountsTest.buyers(2, 1));
        assertThat(found.coverage()).isEqualTo(Coverage.CUT_OFF);
        assertThat(found.provesCorrect()).isFalse();
        assertThat(found).asString().contains("the first 5 schedules, not all there are");
        assertThat(Explorer.everySchedule()
                        .maxSchedules(20)
                        .run(KnownCountsTest.buyers(2, 1))
                        .coverage())
                .isEqualTo(Coverage.EVERY_SCHEDULE);
    }

    @Test
    void failureOfATaskIsTheSchedulesFailure() {
        Exploration found = Explorer.explore(() -> {
            var program = new Program();
            var ready = program.variable("ready", false);
            program.task("maker", () -> ready.set(true));
            return program.task("user", () -> {
                if (!ready.get()) {
                    throw new IllegalStateException("not ready");
                }
            });
        });
        assertThat(found.schedules()).isEqualTo(6);
        assertThat(found.failing()).isEqualTo(3);
        assertThat(found.shortest().orElseThrow().failure())
                .isEqualTo("user threw java.lang.IllegalStateException: not ready");
    }

    @Test
    void failedAssertionInACheckIsAFailure() {
        Exploration found =
                Explorer.explore(() -> new Program().task("only", () -> {}).check("two is one", () -> {
                    assertThat(2).isEqualTo(1);
                    return true;
                }));
        assertThat(found.shortest().orElseThrow().failure())
                .startsWith("not so: two is one: ")
                .contains("expected: 1");
    }

    @Test
    void yieldPointsTakeApartWhatIsNoVariable() {
        Exploration found = Explorer.explore(() -> {
            var program = new Program();
            int[] counter = {0};
            for (String name : List.of("ada", "ben")) {
                program.task(name, () -> {
                    Explorer.yieldPoint("read counter");
                    int seen = counter[0];
                    Explorer.yieldPoint("write counter");
                    counter[0] = seen + 1;
                });
            }
            return program.check("both count", () -> counter[0] == 2);
        });
        assertThat(found.schedules()).isEqualTo(20);
        assertThat(found.failing()).isEqualTo(12);
        assertThat(found.shortest().orElseThrow().toString()).contains("ada           | ben\n", "read counter");
    }

    /** A consumer that looks with {@code if} instead of {@code while} is caught; the one with {@code while} is proved. */
    @Test
    void waitWithoutALoopIsFound() {
        assertThat(Explorer.everyKind().run(() -> bufferOfOne(false)).failing()).isPositive();
        assertThat(Explorer.everyKind().run(() -> bufferOfOne(true)).provesCorrect())
                .isTrue();
    }

    private static Program bufferOfOne(boolean looksAgain) {
        var program = new Program();
        Lock lock = program.lock("buffer");
        Condition filled = lock.newCondition();
        var buffer = new ArrayList<Integer>();
        var taken = new ArrayList<Integer>();
        for (String name : List.of("ada", "ben")) {
            program.task(name, () -> {
                lock.lock();
                try {
                    if (looksAgain) {
                        while (buffer.isEmpty()) {
                            filled.await();
                        }
                    } else if (buffer.isEmpty()) {
                        filled.await();
                    }
                    taken.add(buffer.removeFirst());
                } finally {
                    lock.unlock();
                }
            });
        }
        program.task("maker", () -> {
            for (int i = 1; i <= 2; i++) {
                lock.lock();
                try {
                    buffer.add(i);
                    filled.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        });
        return program.check("all taken", () -> taken.size() == 2);
    }

    @Test
    void signalThatNobodyHearsIsADeadlock() {
        Exploration found = Explorer.explore(() -> {
            var program = new Program();
            Lock lock = program.lock("bell");
            Condition rung = lock.newCondition();
            program.task("sleeper", () -> {
                lock.lock();
                try {
                    rung.await();
                } finally {
                    lock.unlock();
                }
            });
            return program.task("ringer", () -> {
                lock.lock();
                try {
                    rung.signal();
                } finally {
                    lock.unlock();
                }
            });
        });
        assertThat(found.failing()).isBetween(1L, found.schedules() - 1);
        assertThat(found.shortest().orElseThrow().failure())
                .isEqualTo("deadlock: sleeper waits for bell to be signalled");
    }

    @Test
    void timedWaitMayEndEitherWay() {
        var outcomes = new java.util.HashSet<Boolean>();
        Exploration found = Explorer.explore(() -> {
            var program = new Program();
            Lock lock = program.lock("bell");
            Condition rung = lock.newCondition();
            program.task("sleeper", () -> {
                lock.lock();
                try {
                    outcomes.add(rung.await(1, TimeUnit.HOURS));
                } finally {
                    lock.unlock();
                }
            });
            return program.task("ringer", () -> {
                lock.lock();
                try {
                    rung.signal();
                } finally {
                    lock.unlock();
                }
            });
        });
        assertThat(found.failing()).isZero();
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void loopWithoutEndIsAFailure() {
        Exploration found = Explorer.everySchedule()
                .maxSteps(100)
                .maxSchedules(1)
                .run(() -> {
                    var program = new Program();
                    var stop = program.variable("stop", false);
                    return program.task("spinner", () -> {
                        while (!stop.get()) {}
                    });
                });
        assertThat(found.shortest().orElseThrow().failure()).isEqualTo("no end after 100 steps");
    }

    @Test
    void programOfChanceIsRefused() {
        var runs = new AtomicInteger();
        assertThatIllegalStateException()
                .isThrownBy(() -> Explorer.explore(() -> {
                    var program = new Program();
                    var value = program.variable("value", 0);
                    int round = runs.getAndIncrement();
                    program.task("ada", () -> {
                        for (int i = 0; i <= round % 2; i++) {
                            value.get();
                        }
                    });
                    return program.task("ben", () -> value.set(1));
                }))
                .withMessageContaining("not deterministic");
    }

    @Test
    void taskThatWaitsOutsideIsNamedWithItsStack() {
        var never = new CountDownLatch(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> Explorer.everySchedule()
                        .stepTimeout(Duration.ofMillis(200))
                        .run(() -> new Program().task("stuck", never::await)))
                .withMessageContaining("task=stuck")
                .satisfies(stuck -> assertThat(stuck.getCause().getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(CountDownLatch.class.getName())));
    }

    @Test
    void programsAreDescribedInFull() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Explorer.explore(Program::new))
                .withMessageContaining("no tasks");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Program().task("twin", () -> {}).task("twin", () -> {}))
                .withMessageContaining("name=twin");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.random(0, 1))
                .withMessageContaining("schedules=0");
    }

    /** A task that is cut off in the middle runs its finally blocks, and cannot go on by catching what ends it. */
    @Test
    void abandonedTasksLeaveNothing() {
        var left = new AtomicInteger();
        Exploration found = Explorer.explore(() -> {
            var program = new Program();
            Lock first = program.lock("first");
            Lock second = program.lock("second");
            program.task("ada", () -> cross(first, second, left));
            return program.task("ben", () -> cross(second, first, left));
        });
        assertThat(found.failing()).isEqualTo(6);
        assertThat(left).hasValue(0);
    }

    private static void cross(Lock one, Lock two, AtomicInteger inside) {
        inside.incrementAndGet();
        one.lock();
        try {
            two.lock();
            two.unlock();
        } catch (RuntimeException e) {
            throw new AssertionError("a program must not see how it is ended", e);
        } finally {
            one.unlock();
            inside.decrementAndGet();
        }
    }
}
