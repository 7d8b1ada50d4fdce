package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static dev.procession.shm.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.shm.engine.SimulatedMember;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real twin of the crash-point explorer: children that do nothing but use locks, conditions, semaphores, events,
 * barriers, latches and counters are killed by SIGKILL at random moments, and the survivor uses the same ones after each
 * death.
 *
 * <p>{@code -Dprocession.kills=N} says how many; 300 if it does not.
 */
class SynchronizersKillStormTest {
    /** How long an operation of a survivor may take after a death. */
    private static final Duration NO_WEDGE = Duration.ofSeconds(1);

    @Test
    void nothing_wedges_whenever_a_process_is_killed() throws Exception {
        storm(6);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void nothing_wedges_in_a_storm_of_kills() throws Exception {
        storm(Integer.getInteger("procession.kills", 300));
    }

    private static void storm(int kills) throws Exception {
        int entriesBefore = SimulatedMember.entriesInUse(Spaces.family());
        long worst = 0;
        Random random = new Random();
        Playground playground = Playground.make();
        Deque<ChildJvm> children = new ArrayDeque<>();
        try {
            for (int kill = 0; kill < kills; kill++) {
                while (children.size() < 3) {
                    children.add(ChildJvm.start(() -> playUntilKilled(playground)));
                }
                ChildJvm victim = children.remove();
                assertThat(victim.hear()).isEqualTo("playing");
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(30_000_000)); // any moment will do
                victim.killWithoutWaiting();
                worst = Math.max(worst, playground.playAll(random, NO_WEDGE));
                victim.close();
            }
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
        within(NO_WEDGE, "nobody is in line", () -> SimulatedMember.waiters(Spaces.family()) == 0);
        playground.check(NO_WEDGE, kills + 2); // and the two that were left
        System.out.println("synchronizer kill storm: kills=" + kills + ", worst survivor operation=" + worst / 1000
                + " us, changes under locks="
                + (playground.plainPair().first().get()
                        + playground.ownerBoundPair().first().get()
                        + playground.fairPair().first().get())
                + ", counts=" + playground.counter());
        assertThat(worst).isLessThan(NO_WEDGE.toNanos());
        playground.close();
        eventually("nothing is left", () -> SimulatedMember.entriesInUse(Spaces.family()) == entriesBefore);
    }

    private static void playUntilKilled(Playground playground) throws InterruptedException {
        say("playing");
        Random random = new Random();
        while (true) {
            playground.play(random);
        }
    }
}
