package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.procession.conformance.CrashPointExplorer;
import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.conformance.CrashPointExplorer.Scene;
import dev.procession.core.CountingSemaphore;
import dev.procession.core.FencedLock;
import dev.procession.core.Latch;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.Space;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.SimulatedMember;
import dev.procession.shm.engine.SpaceFolder;
import dev.procession.shm.engine.SpaceTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever makes a primitive by its name, or the space itself, dies before each store of that: a survivor finds the
 * primitive whole or makes it, and in the space there is that one and nothing else.
 */
@EnabledIfSystemProperty(
        named = "dev.procession.crashpoints",
        matches = "true",
        disabledReason = "runs in the surefire execution of that name")
@SuppressWarnings("LockNotBeforeTry") // single calls are what is killed
class NamedSpaceCrashPointTest {
    private static final QueueLimits LIMITS = QueueLimits.ofCapacity(5);

    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private final AtomicInteger spaces = new AtomicInteger();

    /** Asks a space for a primitive by name, and uses it. */
    private interface Use {
        void of(Space space) throws Exception;
    }

    private static void useQueue(Space space) throws InterruptedException {
        LeasedQueue<String> queue = space.queue("it", String.class, LIMITS);
        queue.put("tea");
        assertThat(queue.poll(1, TimeUnit.SECONDS)).isEqualTo("tea");
    }

    private static void useMap(Space space) {
        ConcurrentMap<String, Long> map = space.map("it", String.class, Long.class);
        map.put("tea", 3L);
        assertThat(map.remove("tea")).isEqualTo(3L);
    }

    private static void useLock(Space space) throws InterruptedException {
        FencedLock lock = space.lock("it");
        assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.getFence()).isPositive();
        lock.unlock();
    }

    private static void useSemaphore(Space space) throws InterruptedException {
        CountingSemaphore semaphore = space.semaphore("it", 1);
        assertThat(semaphore.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
        semaphore.release();
    }

    private static void useLatch(Space space) throws InterruptedException {
        Latch latch = space.latch("it", 0);
        assertThat(latch.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> making_by_name() {
        return Stream.of(
                making(
                        "queue",
                        20,
                        space -> space.queue("it", String.class, LIMITS),
                        NamedSpaceCrashPointTest::useQueue),
                making("map", 12, space -> space.map("it", String.class, Long.class), NamedSpaceCrashPointTest::useMap),
                making("lock", 12, space -> space.lock("it"), NamedSpaceCrashPointTest::useLock),
                making("semaphore", 12, space -> space.semaphore("it", 1), NamedSpaceCrashPointTest::useSemaphore),
                making("latch", 12, space -> space.latch("it", 0), NamedSpaceCrashPointTest::useLatch));
    }

    private DynamicTest making(String what, int fewestStores, Use make, Use use) {
        return dynamicTest("make a " + what, () -> {
            int stores = CrashPointExplorer.explore(SimulatedMember.DEATHS, () -> new Making(make, use));
            System.out.println("crash points: make a " + what + " by name: " + stores);
            assertThat(stores).isGreaterThanOrEqualTo(fewestStores);
        });
    }

    private AttachedSpace open(String name) {
        return AttachedSpace.openOrCreate(SpaceFolder.in(place).opened(), name, SpaceTerms.NONE, Kind::of);
    }

    private void remove(String name) {
        assertThat(NamedSpaces.in(place).remove(name)).isTrue();
    }

    /** The maker is one member of a space, and the survivor, who asks for the same already, another. */
    private final class Making implements Scene {
        private final String name = "shop-" + spaces.incrementAndGet();
        private final AttachedSpace survivor = open(name);
        private final SimulatedMember victim = new SimulatedMember(survivor, Kind::of);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Use make;
        private final Use use;
        private Thread waiting = Thread.ofVirtual().unstarted(() -> {});

        Making(Use make, Use use) {
            this.make = make;
            this.use = use;
        }

        private Space seenBy(AttachedSpace member) {
            return new NamedSpace(name, member, null);
        }

        @Override
        public void act() throws Exception {
            make.of(seenBy(victim.space()));
        }

        /** While the survivor may be waiting for the naming lock, which the dead one holds. */
        @Override
        public void bury() {
            waiting = Thread.ofVirtual().start(() -> {
                try {
                    use.of(seenBy(survivor));
                } catch (Throwable thrown) {
                    failure.set(thrown);
                }
            });
            victim.dieAndBeBuried();
        }

        @Override
        public void check(Fate fate) throws Exception {
            assertThat(!fate.died() || waiting.join(Duration.ofSeconds(10)))
                    .as("who waited goes on")
                    .isTrue();
            assertThat(failure.get()).isNull();
            use.of(seenBy(survivor));
            assertThat(SimulatedMember.entriesInUse(survivor))
                    .as("what was asked for, and nothing half-made")
                    .isOne();
        }

        @Override
        public void close() {
            victim.close();
            survivor.close();
            remove(name);
        }
    }

    @TestFactory
    Stream<DynamicTest> opening_a_space() {
        return Stream.of(
                opening("a space that is not there", _ -> {}), opening("a space that everybody has left", name -> {
                    try (AttachedSpace before = open(name)) {
                        Space space = new NamedSpace(name, before, null);
                        space.lock("it").lock();
                        space.queue("orders", String.class, LIMITS).put("tea");
                    }
                }));
    }

    /** What a space went through before it is opened. */
    private interface History {
        void of(String name) throws Exception;
    }

    private DynamicTest opening(String what, History history) {
        return dynamicTest("open " + what, () -> {
            int stores = CrashPointExplorer.explore(SimulatedMember.DEATHS, () -> new Opening(history));
            System.out.println("crash points: open " + what + ": " + stores);
            assertThat(stores).isGreaterThanOrEqualTo(5);
        });
    }

    /**
     * The kernel lets go of the file for whoever dies here; so does the opening, on its way out. But from where it has
     * joined it does not: then the dead looks like a member that lives and does nothing, and goes with the folder.
     */
    private final class Opening implements Scene {
        private final String name = "shop-" + spaces.incrementAndGet();
        private final AtomicReference<AttachedSpace> opened = new AtomicReference<>();
        private final boolean used;

        Opening(History history) throws Exception {
            history.of(name);
            this.used = NamedSpaces.in(place).list().stream()
                    .anyMatch(space -> space.name().equals(name));
        }

        @Override
        public void act() {
            opened.set(open(name));
        }

        @Override
        public void bury() {}

        @Override
        public void check(Fate fate) throws Exception {
            AttachedSpace first = opened.get();
            if (first != null) {
                first.close();
            }
            try (AttachedSpace survivor = open(name)) {
                Space space = new NamedSpace(name, survivor, null);
                Eventually.eventually(
                        "the dead are buried", () -> SimulatedMember.members(survivor) <= (fate.died() ? 2 : 1));
                useLock(space);
                LeasedQueue<String> orders = space.queue("orders", String.class, LIMITS);
                assertThat(orders.poll()).isEqualTo(used ? "tea" : null);
                assertThat(SimulatedMember.entriesInUse(survivor)).isEqualTo(2);
            }
        }

        @Override
        public void close() {
            try {
                remove(name);
            } catch (IllegalStateException held) {
                assertThat(held).hasMessageContaining("in use");
            }
        }
    }
}
