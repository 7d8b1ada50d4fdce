package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.LoggedWarnings;
import dev.procession.core.DeadlockException;
import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import dev.procession.meal.Guest;
import dev.procession.shm.engine.SimulatedMember;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests who wait for each other: who is told, what, and that all get up in the end. */
@Timeout(120)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // who waits for whom is what is tested
class DeadlockTest {
    /** The issue asks for 50 ms; a machine that is busy with other tests may not give us a processor for long. */
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final ThreadFactory PLATFORM =
            Thread.ofPlatform().name("guest-", 1).factory();
    private static final ThreadFactory VIRTUAL =
            Thread.ofVirtual().name("light-", 1).factory();

    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void leaveNothing() throws Exception {
        eventually("nobody is blocked", () -> SimulatedMember.blocked(Spaces.family()) == 0);
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T made(T primitive) {
        closing.add(primitive);
        return primitive;
    }

    private Space space(String policy) {
        return made(Space.open(URI.create("shm:kitchen"), Map.of("dir", place, "deadlocks", policy)));
    }

    private static FutureTask<String> seat(ThreadFactory threads, Guest guest) {
        FutureTask<String> meal = new FutureTask<>(guest);
        threads.newThread(meal).start();
        return meal;
    }

    /** One guest each way round the table, and what they say. */
    private List<String> dine(List<ThreadFactory> threads, List<? extends Lock> table) throws Exception {
        SharedCountDownLatch taken = made(SharedCountDownLatch.create(table.size()));
        List<FutureTask<String>> meals = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            meals.add(seat(
                    threads.get(i % threads.size()),
                    new Guest(table.get(i), table.get((i + 1) % table.size()), taken)));
        }
        List<String> said = new ArrayList<>();
        for (FutureTask<String> meal : meals) {
            said.add(meal.get(60, TimeUnit.SECONDS));
        }
        return said;
    }

    private static String onlyComplaint(List<String> said) {
        assertThat(said).filteredOn(Guest.ATE::equals).hasSize(said.size() - 1);
        return said.stream().filter(each -> !each.equals(Guest.ATE)).findAny().orElseThrow();
    }

    @Test
    void the_thread_that_closes_the_circle_is_told_who_holds_what_where() throws Exception {
        Space kitchen = space("throw");
        List<FencedLock> table = List.of(kitchen.lock("noodles"), kitchen.lock("chopsticks"));
        long begin = System.nanoTime();
        String complaint = onlyComplaint(dine(List.of(PLATFORM), table));
        assertThat(System.nanoTime() - begin).isLessThan(SOON_NANOS);
        long pid = ProcessHandle.current().pid();
        assertThat(complaint)
                .matches(
                        "deadlock: \\S+ \\(pid " + pid + ", thread guest-\\d+\\) waits for (noodles|chopsticks) held by"
                                + " \\S+ \\(pid " + pid + ", thread guest-\\d+\\) at Guest\\.java:\\d+, which waits for"
                                + " (noodles|chopsticks) held by \\S+ \\(pid " + pid + ", thread guest-\\d+\\) at"
                                + " Guest\\.java:\\d+");
    }

    @Test
    void so_are_virtual_threads() throws Exception {
        List<SharedLock> table = List.of(
                made(SharedLock.create(LockOption.OWNER_BOUND)),
                made(SharedLock.create(LockOption.OWNER_BOUND, LockOption.FAIR)));
        assertThat(onlyComplaint(dine(List.of(VIRTUAL), table))).contains("thread light-", "held by", "SharedLock");
    }

    @Test
    void so_are_threads_of_both_kinds() throws Exception {
        List<SharedReentrantLock> table =
                List.of(made(SharedReentrantLock.create()), made(SharedReentrantLock.create(LockOption.FAIR)));
        assertThat(onlyComplaint(dine(List.of(PLATFORM, VIRTUAL), table)))
                .contains("thread light-", "thread guest-", "SharedReentrantLock");
    }

    @Test
    void a_circle_of_three_is_named_edge_by_edge() throws Exception {
        Space kitchen = space("throw");
        List<FencedLock> table = List.of(kitchen.lock("noodles"), kitchen.lock("chopsticks"), kitchen.lock("soup"));
        String complaint = onlyComplaint(dine(List.of(PLATFORM, VIRTUAL), table));
        assertThat(complaint).contains("noodles", "chopsticks", "soup");
        assertThat(complaint.split(" held by ", -1)).hasSize(4);
        assertThat(complaint.split(", which waits for ", -1)).hasSize(3);
    }

    @Test
    void one_of_many_at_once_is_told_in_each_circle_and_none_waits_for_ever() throws Exception {
        for (int round = 0; round < 50; round++) {
            List<SharedLock> table = List.of(
                    made(SharedLock.create(LockOption.OWNER_BOUND)), made(SharedLock.create(LockOption.OWNER_BOUND)));
            String _ = onlyComplaint(dine(List.of(PLATFORM, VIRTUAL), table));
        }
    }

    @Test
    void where_anybody_may_release_it_is_reported_and_goes_on_when_somebody_does() throws Exception {
        SharedLock noodles = made(SharedLock.create());
        SharedLock chopsticks = made(SharedLock.create());
        SharedCountDownLatch taken = made(SharedCountDownLatch.create(2));
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            Background<Boolean> one = Background.run(() -> take(noodles, taken, chopsticks));
            Background<Boolean> other = Background.run(() -> take(chopsticks, taken, noodles));
            eventually("it is reported", () -> deadlocksIn(warnings) > 0);
            assertThat(one.isRunning() && other.isRunning()).isTrue();
            noodles.unlock();
            assertThat(other.result()).isTrue();
            chopsticks.unlock();
            assertThat(one.result()).isTrue();
            assertThat(deadlocksIn(warnings)).isEqualTo(1);
        }
    }

    /** And keeps both. */
    private static void take(Lock first, SharedCountDownLatch taken, Lock second) throws InterruptedException {
        first.lock();
        taken.countDown();
        taken.await();
        second.lock();
    }

    private static long deadlocksIn(LoggedWarnings warnings) {
        return warnings.heard().stream()
                .filter(warning -> warning.message().startsWith("deadlock: "))
                .count();
    }

    private Examination examined() {
        return NamedSpaces.in(place).examine("kitchen").orElseThrow();
    }

    @Test
    void a_space_that_only_reports_does_that_and_an_examination_sees_it_from_outside() throws Exception {
        Space kitchen = space("report");
        FencedLock noodles = kitchen.lock("noodles");
        FencedLock chopsticks = kitchen.lock("chopsticks");
        assertThat(examined().deadlocks()).isEmpty();
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            noodles.lock();
            CountDownLatch holds = new CountDownLatch(1);
            Background<Boolean> other = Background.run(() -> {
                chopsticks.lock();
                try {
                    holds.countDown();
                    noodles.lockInterruptibly();
                } finally {
                    chopsticks.unlock();
                }
            });
            holds.await();
            Background<Boolean> rescuer = Background.run(() -> {
                eventually("it is reported", () -> deadlocksIn(warnings) > 0);
                try {
                    Examination stuck = examined();
                    assertThat(stuck.deadlocks()).hasSize(1);
                    assertThat(stuck.deadlocks().getFirst()).contains("noodles held by", "chopsticks held by");
                    assertThat(stuck.locks()).hasSize(2).allSatisfy(lock -> {
                        assertThat(lock.owner().orElseThrow().pid())
                                .isEqualTo(ProcessHandle.current().pid());
                        assertThat(lock.waiters()).hasSize(1);
                        assertThat(lock.waiters().getFirst().waited()).isPositive();
                    });
                } finally {
                    other.interrupt();
                }
            });
            chopsticks.lock();
            chopsticks.unlock();
            noodles.unlock();
            assertThat(other.failure(InterruptedException.class)).isNotNull();
            assertThat(rescuer.result()).isTrue();
            assertThat(deadlocksIn(warnings)).isEqualTo(1);
            assertThat(examined().deadlocks()).isEmpty();
            assertThat(examined().locks()).allMatch(lock -> lock.owner().isEmpty());
        }
    }

    @Test
    void a_space_that_breaks_reports_first_and_ends_it_after_a_second() throws Exception {
        Space kitchen = space("break");
        List<FencedLock> table = List.of(kitchen.lock("noodles"), kitchen.lock("chopsticks"));
        long begin = System.nanoTime();
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            assertThat(onlyComplaint(dine(List.of(PLATFORM, VIRTUAL), table))).startsWith("deadlock: ");
            assertThat(deadlocksIn(warnings)).isEqualTo(1);
        }
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void a_wait_with_a_time_out_is_no_deadlock() throws Exception {
        SharedReentrantLock noodles = made(SharedReentrantLock.create());
        SharedReentrantLock chopsticks = made(SharedReentrantLock.create());
        noodles.lock();
        Background<Boolean> other = Background.call(() -> {
            chopsticks.lock();
            boolean got = noodles.tryLock(300, TimeUnit.MILLISECONDS);
            chopsticks.unlock();
            return got;
        });
        eventually("the other waits", () -> SimulatedMember.blocked(Spaces.family()) == 1);
        chopsticks.lock();
        assertThat(other.result()).isFalse();
        chopsticks.unlock();
        noodles.unlock();
    }

    @Test
    void who_comes_back_from_a_condition_is_never_the_one_to_give_up() throws Exception {
        SharedReentrantLock kitchen = made(SharedReentrantLock.create());
        SharedReentrantLock pantry = made(SharedReentrantLock.create());
        SharedCondition ready = kitchen.newCondition();
        SharedCountDownLatch waits = made(SharedCountDownLatch.create(1));
        Background<Boolean> cook = Background.run(() -> {
            pantry.lock();
            kitchen.lock();
            waits.countDown();
            ready.await();
            kitchen.unlock();
            pantry.unlock();
        });
        waits.await();
        kitchen.lock();
        ready.signal();
        try {
            pantry.lock();
            throw new AssertionError("the cook holds it");
        } catch (DeadlockException told) {
            assertThat(told).hasMessageContaining("SharedReentrantLock");
        }
        kitchen.unlock();
        assertThat(cook.result()).isTrue();
    }

    @Test
    void two_processes_are_told_apart_and_both_finish() throws Exception {
        Space kitchen = space("throw");
        FencedLock noodles = kitchen.lock("noodles");
        FencedLock chopsticks = kitchen.lock("chopsticks");
        SharedCountDownLatch taken = made(SharedCountDownLatch.create(2));
        Guest one = new Guest(noodles, chopsticks, taken);
        Guest other = new Guest(chopsticks, noodles, taken);
        try (ChildJvm a = ChildJvm.start(() -> say(one.call()));
                ChildJvm b = ChildJvm.start(() -> say(other.call()))) {
            String complaint = onlyComplaint(List.of(a.hear(), b.hear()));
            assertThat(complaint)
                    .contains("ChildJvm (pid " + a.pid(), "ChildJvm (pid " + b.pid(), ", thread main) waits for ")
                    .contains(" held by ChildJvm (pid ", ") at Guest.java:", ", which waits for ");
            assertThat(a.join()).isZero();
            assertThat(b.join()).isZero();
        }
    }

    @Test
    void a_process_and_a_thread_of_another_are_told() throws Exception {
        SharedLock noodles = made(SharedLock.create(LockOption.OWNER_BOUND));
        SharedLock chopsticks = made(SharedLock.create(LockOption.OWNER_BOUND));
        SharedCountDownLatch taken = made(SharedCountDownLatch.create(2));
        Guest there = new Guest(chopsticks, noodles, taken);
        try (ChildJvm child = ChildJvm.start(() -> say(there.call()))) {
            FutureTask<String> here = seat(VIRTUAL, new Guest(noodles, chopsticks, taken));
            String _ = onlyComplaint(List.of(here.get(60, TimeUnit.SECONDS), child.hear()));
            assertThat(child.join()).isZero();
        }
    }

    @Test
    void a_party_that_is_killed_ends_the_circle_and_leaves_no_alarm() throws Exception {
        SharedLock noodles = made(SharedLock.create(LockOption.OWNER_BOUND));
        SharedLock chopsticks = made(SharedLock.create(LockOption.OWNER_BOUND));
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm");
                ChildJvm child = ChildJvm.start(() -> {
                    chopsticks.lock();
                    say("holds");
                    noodles.lock();
                })) {
            noodles.lock();
            assertThat(child.hear()).isEqualTo("holds");
            eventually("the child waits", () -> SimulatedMember.blocked(Spaces.family()) == 1);
            child.killWithoutWaiting();
            eventually("its record is gone", () -> SimulatedMember.blocked(Spaces.family()) == 0);
            chopsticks.lock();
            assertThat(chopsticks.ownerDied()).isTrue();
            chopsticks.markConsistent();
            chopsticks.unlock();
            noodles.unlock();
            assertThat(deadlocksIn(warnings)).isZero();
        }
    }

    @Test
    void a_space_where_nobody_looks_keeps_no_records() throws Exception {
        Space kitchen = space("off");
        FencedLock noodles = kitchen.lock("noodles");
        noodles.lock();
        Background<Boolean> other = Background.run(() -> {
            noodles.lock();
            noodles.unlock();
        });
        other.staysWaiting();
        noodles.unlock();
        assertThat(other.result()).isTrue();
    }
}
