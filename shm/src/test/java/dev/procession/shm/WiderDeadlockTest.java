package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.LoggedWarnings;
import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import dev.procession.meal.Guest;
import dev.procession.shm.engine.SimulatedMember;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Circles that locks of one space do not make alone: through two spaces, and through permits. */
@Timeout(120)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // who waits for whom is what is tested
class WiderDeadlockTest {
    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    @AfterEach
    void nobodyIsBlocked() {
        eventually("nobody is blocked", () -> SimulatedMember.blocked(Spaces.family()) == 0);
    }

    private static String seatBoth(FutureTask<String> one, FutureTask<String> other) throws Exception {
        Thread.ofPlatform().name("guest-1").start(one);
        Thread.ofVirtual().name("guest-2").start(other);
        return onlyComplaint(one.get(60, TimeUnit.SECONDS), other.get(60, TimeUnit.SECONDS));
    }

    private static String onlyComplaint(String one, String other) {
        assertThat(List.of(one, other)).containsOnlyOnce(Guest.ATE);
        return one.equals(Guest.ATE) ? other : one;
    }

    @Test
    void a_circle_through_two_spaces_is_told_in_one_of_them() throws Exception {
        try (Space kitchen = Space.open(URI.create("shm:kitchen"), Map.of("dir", place));
                SharedLock chopsticks = SharedLock.create(LockOption.OWNER_BOUND);
                SharedCountDownLatch taken = SharedCountDownLatch.create(2)) {
            FencedLock noodles = kitchen.lock("noodles");
            String complaint = seatBoth(
                    new FutureTask<>(new Guest(noodles, chopsticks, taken)),
                    new FutureTask<>(new Guest(chopsticks, noodles, taken)));
            assertThat(complaint)
                    .startsWith("deadlock: ")
                    .contains("noodles held by", "SharedLock", "thread guest-1", "thread guest-2");
        }
    }

    @Test
    void so_is_one_of_two_processes_and_three_spaces() throws Exception {
        try (Space kitchen = Space.open(URI.create("shm:kitchen"), Map.of("dir", place));
                Space pantry = Space.open(URI.create("shm:pantry"), Map.of("dir", place));
                SharedCountDownLatch taken = SharedCountDownLatch.create(2)) {
            Guest here = new Guest(kitchen.lock("noodles"), pantry.lock("chopsticks"), taken);
            Guest there = new Guest(pantry.lock("chopsticks"), kitchen.lock("noodles"), taken);
            try (ChildJvm child = ChildJvm.start(() -> say(there.call()))) {
                FutureTask<String> ours = new FutureTask<>(here);
                Thread.startVirtualThread(ours);
                String complaint = onlyComplaint(ours.get(60, TimeUnit.SECONDS), child.hear());
                assertThat(complaint).contains("noodles held by", "chopsticks held by", "ChildJvm (pid " + child.pid());
                assertThat(child.join()).isZero();
            }
        }
    }

    private static long deadlocksIn(LoggedWarnings warnings) {
        return warnings.heard().stream()
                .filter(warning -> warning.message().startsWith("deadlock: "))
                .count();
    }

    @Test
    void who_has_all_permits_of_a_leased_semaphore_holds_it() throws Exception {
        try (SharedSemaphore seats = SharedSemaphore.create(2, SemaphoreOption.LEASED);
                SharedLock noodles = SharedLock.create(LockOption.OWNER_BOUND);
                SharedCountDownLatch taken = SharedCountDownLatch.create(2);
                LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            Background<Boolean> sitting = Background.run(() -> {
                seats.acquire(2);
                taken.countDown();
                taken.await();
                noodles.lock();
                noodles.unlock();
                seats.release(); // the other one was given back for it
            });
            Background<Boolean> holding = Background.run(() -> {
                noodles.lock();
                taken.countDown();
                taken.await();
                seats.acquire();
                noodles.unlock();
                seats.release();
            });
            eventually("it is reported", () -> deadlocksIn(warnings) > 0);
            assertThat(sitting.isRunning() && holding.isRunning()).isTrue();
            assertThat(warnings.heard().getFirst().message()).contains("SharedSemaphore", "SharedLock", " held by ");
            seats.release(); // any thread of the process may
            assertThat(holding.result()).isTrue();
            assertThat(sitting.result()).isTrue();
            assertThat(deadlocksIn(warnings)).isEqualTo(1);
        }
    }

    @Test
    void where_another_has_a_permit_and_runs_it_is_no_deadlock() throws Exception {
        try (SharedSemaphore seats = SharedSemaphore.create(2, SemaphoreOption.LEASED);
                SharedLock noodles = SharedLock.create(LockOption.OWNER_BOUND);
                SharedCountDownLatch taken = SharedCountDownLatch.create(2);
                LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            seats.acquire();
            Background<Boolean> sitting = Background.run(() -> {
                seats.acquire();
                taken.countDown();
                taken.await();
                noodles.lock();
                noodles.unlock();
                seats.release();
            });
            Background<Boolean> holding = Background.run(() -> {
                noodles.lock();
                taken.countDown();
                taken.await();
                seats.acquire();
                noodles.unlock();
                seats.release();
            });
            eventually("both wait", () -> SimulatedMember.blocked(Spaces.family()) == 2);
            sitting.staysWaiting();
            seats.release();
            assertThat(holding.result()).isTrue();
            assertThat(sitting.result()).isTrue();
            assertThat(deadlocksIn(warnings)).isZero();
        }
    }

    @Test
    void a_process_that_dies_with_permits_leaves_no_alarm_and_its_permits() throws Exception {
        try (SharedSemaphore seats = SharedSemaphore.create(1, SemaphoreOption.LEASED);
                SharedLock noodles = SharedLock.create(LockOption.OWNER_BOUND);
                LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm");
                ChildJvm child = ChildJvm.start(() -> {
                    seats.acquire();
                    say("sits");
                    noodles.lock();
                })) {
            noodles.lock();
            assertThat(child.hear()).isEqualTo("sits");
            eventually("the child waits", () -> SimulatedMember.blocked(Spaces.family()) == 1);
            child.kill();
            seats.acquire();
            assertThat(seats.borrowers()).hasSize(1);
            seats.release();
            assertThat(seats.borrowers()).isEmpty();
            noodles.unlock();
            assertThat(deadlocksIn(warnings)).isZero();
        }
    }
}
