package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.shm.engine.SimulatedMember;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real twin of the crash-point explorer: children that do nothing but use locks, conditions and semaphores are killed
 * by SIGKILL at random moments, and the survivor uses the same ones after each death.
 *
 * <p>{@code -Dprocession.kills=N} says how many; 250 if it does not.
 */
@Tag("soak")
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"})
class SynchronizersKillStormTest {
    private static final int KILLS = Integer.getInteger("procession.kills", 250);
    private static final int CAPACITY = 3;

    /** How long an operation of a survivor may take after a death. */
    private static final Duration NO_WEDGE = Duration.ofSeconds(1);

    /** What all use. Each pair of numbers is changed together under its lock, so they differ only while it is held. */
    private record Playground(
            SharedLock plain,
            SharedLong plainFirst,
            SharedLong plainSecond,
            SharedReentrantLock fair,
            SharedCondition changed,
            SharedLong fairFirst,
            SharedLong fairSecond,
            SharedSemaphore leased,
            SharedSemaphore fairLeased)
            implements Serializable, AutoCloseable {
        static Playground make() {
            SharedReentrantLock fair = SharedReentrantLock.create(LockOption.FAIR);
            return new Playground(
                    SharedLock.create(),
                    SharedLong.create(0),
                    SharedLong.create(0),
                    fair,
                    fair.newCondition(),
                    SharedLong.create(0),
                    SharedLong.create(0),
                    SharedSemaphore.create(CAPACITY, SemaphoreOption.LEASED),
                    SharedSemaphore.create(CAPACITY, SemaphoreOption.LEASED, SemaphoreOption.FAIR));
        }

        /** One random operation. */
        void play(Random random) throws InterruptedException {
            switch (random.nextInt(5)) {
                case 0 -> {
                    plain.lock();
                    increment(plainFirst, plainSecond, plain.ownerDied());
                    plain.markConsistent();
                    plain.unlock();
                }
                case 1 -> {
                    fair.lock();
                    fair.lock();
                    increment(fairFirst, fairSecond, fair.ownerDied());
                    fair.markConsistent();
                    changed.signal();
                    fair.unlock();
                    fair.unlock();
                }
                case 2 -> {
                    fair.lock();
                    boolean _ = changed.await(random.nextInt(2_000), TimeUnit.MICROSECONDS);
                    fair.unlock();
                }
                case 3 -> comeAndGo(leased, 1 + random.nextInt(CAPACITY));
                default -> comeAndGo(fairLeased, 1 + random.nextInt(CAPACITY));
            }
        }

        private static void comeAndGo(SharedSemaphore semaphore, int count) throws InterruptedException {
            if (semaphore.tryAcquire(count, 100, TimeUnit.MILLISECONDS)) {
                semaphore.release(count);
            }
        }

        /** Whoever finds the pair uneven must have been told that an owner died. */
        private static void increment(SharedLong first, SharedLong second, boolean ownerDied) {
            if (first.getPlain() != second.getPlain()) {
                if (!ownerDied || first.getPlain() != second.getPlain() + 1) {
                    throw new AssertionError("uneven: first=" + first + ", second=" + second + ", told=" + ownerDied);
                }
                second.setPlain(first.getPlain());
            }
            first.setPlain(first.getPlain() + 1);
            second.setPlain(second.getPlain() + 1);
        }

        @Override
        public void close() {
            for (AutoCloseable each :
                    new AutoCloseable[] {plain, plainFirst, plainSecond, fair, fairFirst, fairSecond, leased, fairLeased
                    }) {
                try {
                    each.close();
                } catch (Exception unexpected) {
                    throw new AssertionError(unexpected);
                }
            }
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothing_wedges_and_no_pair_is_uneven_whenever_a_process_is_killed() throws Exception {
        long worst = 0;
        int entriesBefore = SimulatedMember.entriesInUse(Spaces.family());
        Playground playground = Playground.make();
        Deque<ChildJvm> children = new ArrayDeque<>();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                while (children.size() < 3) {
                    children.add(ChildJvm.start(() -> {
                        say("playing");
                        Random random = new Random();
                        while (true) {
                            playground.play(random);
                        }
                    }));
                }
                ChildJvm victim = children.remove();
                assertThat(victim.hear()).isEqualTo("playing");
                Thread.sleep(ThreadLocalRandom.current().nextInt(30)); // at random, not to be right
                victim.killWithoutWaiting();
                worst = Math.max(worst, useAll(playground));
                victim.close();
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
        Eventually.within(
                NO_WEDGE, "all permits are back", () -> playground.leased().availablePermits() == CAPACITY);
        Eventually.within(
                NO_WEDGE, "all permits are back", () -> playground.fairLeased().availablePermits() == CAPACITY);
        Eventually.within(NO_WEDGE, "nobody is in line", () -> SimulatedMember.waiters(Spaces.family()) == 0);
        playground.plain().recover(() -> {});
        assertThat(playground.plainFirst().get() - playground.plainSecond().get())
                .isBetween(0L, 1L);
        System.out.println("kill storm: kills=" + KILLS + ", worst survivor operation ms=" + worst / 1_000_000
                + ", increments=" + playground.plainFirst() + "+" + playground.fairFirst());
        playground.close();
        Eventually.eventually("nothing is left", () -> SimulatedMember.entriesInUse(Spaces.family()) == entriesBefore);
    }

    /** One operation of each kind by the survivor; the result is how long the slowest took. */
    private static long useAll(Playground playground) throws InterruptedException {
        long worst = 0;
        for (int kind = 0; kind < 4; kind++) {
            long begin = System.nanoTime();
            boolean done = switch (kind) {
                case 0 -> {
                    boolean held = playground.plain().tryLock(NO_WEDGE.toMillis(), TimeUnit.MILLISECONDS);
                    Playground.increment(
                            playground.plainFirst(),
                            playground.plainSecond(),
                            playground.plain().ownerDied());
                    playground.plain().markConsistent();
                    playground.plain().unlock();
                    yield held;
                }
                case 1 -> {
                    boolean held = playground.fair().tryLock(NO_WEDGE.toMillis(), TimeUnit.MILLISECONDS);
                    Playground.increment(
                            playground.fairFirst(),
                            playground.fairSecond(),
                            playground.fair().ownerDied());
                    playground.fair().markConsistent();
                    playground.changed().signalAll();
                    playground.fair().unlock();
                    yield held;
                }
                case 2 -> {
                    boolean acquired = playground.leased().tryAcquire(1, 5, SECONDS);
                    playground.leased().release();
                    yield acquired;
                }
                default -> {
                    boolean acquired = playground.fairLeased().tryAcquire(CAPACITY, 5, SECONDS);
                    playground.fairLeased().release(CAPACITY);
                    yield acquired;
                }
            };
            assertThat(done).as("operation of kind " + kind + " wedged").isTrue();
            worst = Math.max(worst, System.nanoTime() - begin);
        }
        return worst;
    }
}
