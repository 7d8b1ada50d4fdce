package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.LoggedWarnings;
import dev.procession.meal.OrderlyGuest;
import dev.procession.shm.engine.SimulatedMember;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that take locks, permits and items always in one order, at random: there is no deadlock, so none must be told of. */
class NoDeadlockTest {
    private static final int THREADS = 2;

    /** What one process says in the end. */
    private record Report(long meals, int alarms) {}

    /** What all of them share. */
    private record Room(SharedQueue<Integer> orders, SharedSemaphore seats, List<Lock> table, SharedEvent bell)
            implements Serializable {
        OrderlyGuest guest(Random random) {
            return new OrderlyGuest(orders, seats, table, bell, random);
        }
    }

    @Test
    void a_few_seconds_without_a_false_alarm() throws Exception {
        run(2, Duration.ofSeconds(3));
    }

    @Test
    @Tag("soak")
    void a_minute_of_eight_processes_without_a_false_alarm() throws Exception {
        run(7, Duration.ofSeconds(60));
    }

    private static void run(int children, Duration time) throws Exception {
        try (SharedLock noodles = SharedLock.create(LockOption.OWNER_BOUND);
                SharedReentrantLock chopsticks = SharedReentrantLock.create(LockOption.FAIR);
                SharedLock soup = SharedLock.create();
                SharedReentrantLock tea = SharedReentrantLock.create();
                SharedSemaphore seats = SharedSemaphore.create(children + 1, SemaphoreOption.LEASED);
                SharedQueue<Integer> orders = SharedQueue.create((children + 1) * THREADS);
                SharedEvent bell = SharedEvent.create()) {
            Room room = new Room(orders, seats, new ArrayList<>(List.of(noodles, chopsticks, soup, tea)), bell);
            List<ChildJvm> jvms = new ArrayList<>();
            try {
                for (int seed = 1; seed <= children; seed++) {
                    int ours = seed;
                    jvms.add(ChildJvm.start(() -> dine(room, ours)));
                }
                for (ChildJvm jvm : jvms) {
                    assertThat(jvm.hear()).isEqualTo("seated");
                }
                Thread timer = Thread.startVirtualThread(() -> {
                    try {
                        Thread.sleep(time);
                    } catch (InterruptedException early) {
                        Thread.currentThread().interrupt();
                    }
                    bell.set();
                });
                Report here = dineHere(room, 0);
                timer.join();
                assertThat(here.alarms()).isZero();
                assertThat(here.meals()).isPositive();
                for (ChildJvm jvm : jvms) {
                    assertThat(jvm.hear()).matches("meals=[1-9]\\d* alarms=0");
                    assertThat(jvm.join()).isZero();
                }
            } finally {
                for (ChildJvm jvm : jvms) {
                    jvm.close();
                }
            }
            eventually("nobody is blocked", () -> SimulatedMember.blocked(Spaces.family()) == 0);
        }
    }

    private static void dine(Room room, int seed) throws Exception {
        say("seated");
        Report report = dineHere(room, seed);
        say("meals=" + report.meals() + " alarms=" + report.alarms());
    }

    /** One thread of each kind; a DeadlockException would fail it. */
    private static Report dineHere(Room room, int seed) throws Exception {
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.shm")) {
            List<FutureTask<Long>> guests = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                FutureTask<Long> guest = new FutureTask<>(room.guest(new Random(seed * THREADS + i)));
                guests.add(guest);
                Thread.Builder kind = i == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                kind.start(guest);
            }
            long meals = 0;
            for (FutureTask<Long> guest : guests) {
                meals += guest.get(120, TimeUnit.SECONDS);
            }
            return new Report(meals, warnings.heard().size());
        }
    }
}
