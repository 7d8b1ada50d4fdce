package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.Lease;
import dev.procession.core.QueueLimits;
import dev.procession.core.codec.UndecodableException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.CrashPoints;
import dev.procession.shm.queue.QueueProbe;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Every operation of a queue, dead before each of its stores, and what a survivor finds: the state before or the state
 * after, a queue that works, and no memory lost. In a JVM of its own, since deaths are simulated where that is switched
 * on.
 */
class QueueCrashPointTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final QueueLimits LIMITS = QueueLimits.ofCapacity(100).withMaxDeliveries(3);
    private static final int FIRST_AREA_BYTES = 16 << 10;

    /** A survivor's and a victim's view of one queue. */
    private static final class Stage {
        final SharedQueue<Object> mine;
        final SharedQueue<Object> theirs;
        final List<Lease<Object>> leases = new ArrayList<>();

        Stage(SharedQueue<Object> mine, SharedQueue<Object> theirs) {
            this.mine = mine;
            this.theirs = theirs;
        }

        void put(Object... items) throws InterruptedException {
            mine.putAll(List.of(items));
        }

        Lease<Object> leaseTheirs() throws InterruptedException {
            leases.add(theirs.lease(LONG));
            return leases.getLast();
        }

        /** Moves the stream on, so that it stands so many bytes into its first area. */
        void standAt(int kibibytes) throws InterruptedException {
            for (int i = 0; i < kibibytes; i++) {
                mine.put(new byte[1024 - 8]);
                mine.take();
                mine.taskDone();
            }
        }

        /** A dead letter. */
        void bury(Object item) throws InterruptedException {
            mine.put(item);
            mine.lease(LONG).reject();
        }
    }

    /** A step on a stage. */
    @FunctionalInterface
    private interface Step {
        void run(Stage stage) throws Exception;
    }

    /** What may be found besides the state before and the state after. */
    private enum Between {
        NOTHING,
        /** The first few items are gone, and finished. */
        FEWER_ITEMS,
        /** The item is gone with the process that took it, and no dead letter yet. */
        TAKEN
    }

    private record Scenario(String name, int fewestStores, Between between, Step before, Step operation) {
        Scenario(String name, int fewestStores, Step before, Step operation) {
            this(name, fewestStores, Between.NOTHING, before, operation);
        }
    }

    /**
     * What a survivor finds, by leasing and acknowledging everything: items and letters with their deliveries, and how
     * many are unfinished then, because somebody took them.
     */
    private record Found(List<String> items, List<String> letters, long unfinished, boolean shutDown) {
        /** Whether this is what the other becomes when its first items are removed one by one. */
        boolean isFewerItemsOf(Found other) {
            int gone = other.items.size() - items.size();
            return gone >= 0
                    && other.items.subList(gone, other.items.size()).equals(items)
                    && unfinished == other.unfinished
                    && letters.equals(other.letters);
        }
    }

    /** Can be encoded, and not be decoded. */
    private static final class Mute implements Serializable {
        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("no voice");
        }
    }

    private static void three(Stage stage) throws InterruptedException {
        stage.put("a", "b", "c");
    }

    private static void threeAndLease(Stage stage) throws InterruptedException {
        three(stage);
        stage.leaseTheirs();
    }

    /** Given back twice by others: once more is too often. */
    private static void threeAndLeaseForTheLastTime(Stage stage) throws InterruptedException {
        three(stage);
        stage.mine.lease(LONG).nack();
        stage.mine.lease(LONG).nack();
        stage.leaseTheirs();
    }

    private static void leaseOf(Stage stage) throws InterruptedException {
        assertThat(stage.leaseTheirs()).isNotNull();
    }

    private static byte[] bytes(int kibibytes) {
        return new byte[kibibytes << 10];
    }

    private static List<Scenario> scenarios() {
        return List.of(
                new Scenario("put into an empty queue", 3, stage -> {}, stage -> stage.theirs.put("a")),
                new Scenario("put", 3, QueueCrashPointTest::three, stage -> stage.theirs.put("d")),
                new Scenario(
                        "put at the end of the area, and jump to its beginning",
                        6,
                        stage -> {
                            stage.standAt(14);
                            three(stage);
                        },
                        stage -> stage.theirs.put(bytes(3))),
                new Scenario(
                        "put what needs a new area",
                        9,
                        QueueCrashPointTest::three,
                        stage -> stage.theirs.put(bytes(40))),
                new Scenario(
                        "put after a large area has run empty",
                        9,
                        stage -> {
                            stage.put(bytes(200), bytes(3));
                            stage.mine.drainTo(new ArrayList<>());
                        },
                        stage -> stage.theirs.put(bytes(3))),
                new Scenario(
                        "put around a leased item",
                        6,
                        stage -> {
                            stage.standAt(2);
                            stage.mine.put(bytes(4));
                            Objects.requireNonNull(stage.mine.lease(LONG));
                            stage.standAt(9);
                        },
                        stage -> stage.theirs.put(bytes(3))),
                new Scenario(
                        "put many at once",
                        7,
                        QueueCrashPointTest::three,
                        stage -> assertThat(stage.theirs.offerAll(List.of("d", "e", "f")))
                                .isEqualTo(3)),
                new Scenario(
                        "put many at once, over three areas",
                        20,
                        QueueCrashPointTest::three,
                        stage -> assertThat(stage.theirs.offerAll(List.of("d", bytes(17), "e", bytes(70), "f")))
                                .isEqualTo(5)),
                new Scenario("take", 2, QueueCrashPointTest::three, stage -> stage.theirs.take()),
                new Scenario("take the last", 2, stage -> stage.put("a"), stage -> stage.theirs.take()),
                new Scenario(
                        "take past removed ones",
                        5,
                        stage -> {
                            stage.put("a", "b", "c", "d");
                            stage.mine.remove("b");
                            stage.mine.remove("c");
                            stage.mine.take();
                        },
                        stage -> stage.theirs.take()),
                new Scenario(
                        "take from another area, and give the first back",
                        5,
                        stage -> {
                            three(stage);
                            stage.put(bytes(40), "d");
                            stage.mine.drainTo(new ArrayList<>(), 3);
                        },
                        stage -> stage.theirs.take()),
                new Scenario(
                        "take what came back",
                        3,
                        stage -> {
                            three(stage);
                            stage.mine.lease(LONG).nack();
                        },
                        stage -> stage.theirs.take()),
                new Scenario(
                        "take what cannot be decoded",
                        12,
                        Between.TAKEN,
                        stage -> stage.put(new Mute(), "a"),
                        QueueCrashPointTest::takeMute),
                new Scenario(
                        "drain two",
                        2,
                        QueueCrashPointTest::three,
                        stage -> stage.theirs.drainTo(new ArrayList<>(), 2)),
                new Scenario("peek", 1, QueueCrashPointTest::three, stage -> stage.theirs.peek()),
                new Scenario("lease", 9, QueueCrashPointTest::three, QueueCrashPointTest::leaseOf),
                new Scenario(
                        "lease what came back",
                        7,
                        stage -> {
                            three(stage);
                            stage.mine.lease(LONG).nack();
                        },
                        QueueCrashPointTest::leaseOf),
                new Scenario(
                        "ack",
                        8,
                        QueueCrashPointTest::threeAndLease,
                        stage -> stage.leases.getFirst().ack()),
                new Scenario(
                        "ack one of two",
                        7,
                        stage -> {
                            threeAndLease(stage);
                            stage.leaseTheirs();
                        },
                        stage -> stage.leases.getFirst().ack()),
                new Scenario(
                        "nack",
                        5,
                        QueueCrashPointTest::threeAndLease,
                        stage -> stage.leases.getFirst().nack()),
                new Scenario(
                        "nack once too often",
                        12,
                        QueueCrashPointTest::threeAndLeaseForTheLastTime,
                        stage -> stage.leases.getFirst().nack()),
                new Scenario(
                        "reject",
                        8,
                        QueueCrashPointTest::threeAndLease,
                        stage -> stage.leases.getFirst().reject()),
                new Scenario(
                        "renew",
                        2,
                        QueueCrashPointTest::threeAndLease,
                        stage -> stage.leases.getFirst().renew(LONG)),
                new Scenario(
                        "taskDone",
                        2,
                        stage -> {
                            three(stage);
                            stage.mine.take();
                        },
                        stage -> stage.theirs.taskDone()),
                new Scenario(
                        "remove from the middle",
                        5,
                        QueueCrashPointTest::three,
                        stage -> assertThat(stage.theirs.remove("b")).isTrue()),
                new Scenario(
                        "remove the first",
                        7,
                        QueueCrashPointTest::three,
                        stage -> assertThat(stage.theirs.remove("a")).isTrue()),
                new Scenario(
                        "remove what came back",
                        5,
                        stage -> {
                            three(stage);
                            stage.mine.lease(LONG).nack();
                        },
                        stage -> assertThat(stage.theirs.remove("a")).isTrue()),
                new Scenario(
                        "clear",
                        20,
                        Between.FEWER_ITEMS,
                        stage -> {
                            three(stage);
                            stage.mine.lease(LONG).nack();
                        },
                        stage -> stage.theirs.clear()),
                new Scenario("shut down", 2, QueueCrashPointTest::three, stage -> stage.theirs.shutdown()),
                new Scenario(
                        "take a dead letter",
                        3,
                        stage -> {
                            three(stage);
                            stage.bury("z");
                        },
                        stage -> stage.theirs.deadLetters().take()),
                new Scenario("lease, give back and take up a dead letter", 12, stage -> stage.bury("z"), stage -> {
                    stage.theirs.deadLetters().lease(LONG).nack();
                    stage.theirs.deadLetters().lease(LONG).reject();
                }),
                new Scenario(
                        "ack a dead letter",
                        3,
                        stage -> stage.bury("z"),
                        stage -> stage.theirs.deadLetters().lease(LONG).ack()));
    }

    @Test
    void is_before_or_after_whichever_store_a_process_dies_before() throws Exception {
        try (ChildJvm child = ChildJvm.start(QueueCrashPointTest::explore, "-Ddev.procession.crashpoints=true")) {
            for (Scenario scenario : scenarios()) {
                assertThat(child.hear()).isEqualTo(scenario.name());
                int stores = Integer.parseInt(child.hear());
                System.out.println("crash points of SharedQueue, " + scenario.name() + ": " + stores);
                assertThat(stores).as(scenario.name()).isGreaterThanOrEqualTo(scenario.fewestStores());
            }
            assertThat(child.join()).isZero();
        }
    }

    private static void explore() throws Exception {
        assertThat(CrashPoints.areOn()).isTrue();
        for (Scenario scenario : scenarios()) {
            say(scenario.name());
            Found before =
                    explore(scenario.before(), stage -> {}, Integer.MAX_VALUE).found();
            Found after = explore(scenario.before(), scenario.operation(), Integer.MAX_VALUE)
                    .found();
            int store = 1;
            while (true) {
                Result result = explore(scenario.before(), scenario.operation(), store);
                if (!result.died()) {
                    assertThat(result.found()).isEqualTo(after);
                    break;
                }
                if (!isAllowed(scenario, before, after, result.found())) {
                    throw new AssertionError(scenario.name() + ", dead before store " + store + ":\n  found  "
                            + result.found() + "\n  before " + before + "\n  after  " + after);
                }
                store++;
            }
            say(store - 1);
        }
    }

    private static boolean isAllowed(Scenario scenario, Found before, Found after, Found found) {
        boolean between = switch (scenario.between()) {
            case NOTHING -> false;
            case FEWER_ITEMS -> found.isFewerItemsOf(before);
            case TAKEN -> found.equals(new Found(after.items(), List.of(), after.unfinished(), false));
        };
        return between || found.equals(before) || found.equals(after);
    }

    private record Result(boolean died, Found found) {}

    /** One life and death of a victim, and what a survivor finds then. */
    private static Result explore(Step before, Step operation, int fatalStore) throws Exception {
        try (AttachedSpace space = AttachedSpace.create(Kind::of)) {
            SharedQueue<Object> mine = SharedQueue.in(space, LIMITS);
            boolean died;
            int victim;
            try (AttachedSpace victims = AttachedSpace.attach(space.address(), Kind::of)) {
                victim = victims.stamp();
                var stage = new Stage(mine, attached(victims, mine));
                before.run(stage);
                died = dies(stage, operation, fatalStore);
            }
            eventually("the victim is known to be dead", () -> space.isDead(victim));
            new QueueProbe(mine.entry()).poke(); // its keeper would come to that in a moment
            Found found = takeEverythingOut(mine);
            if (!found.shutDown()) {
                ensureSound(mine);
            }
            return new Result(died, found);
        }
    }

    @SuppressWarnings("unchecked")
    private static SharedQueue<Object> attached(AttachedSpace space, SharedQueue<Object> queue) {
        return (SharedQueue<Object>)
                Kind.QUEUE.resolve(space, queue.entry().index(), queue.entry().generation());
    }

    private static boolean dies(Stage stage, Step operation, int fatalStore) throws Exception {
        CrashPoints.dieBefore(fatalStore);
        try {
            operation.run(stage);
            return false;
        } catch (CrashPoints.SimulatedDeath death) {
            return true;
        } catch (AssertionError assertion) {
            if (assertion.getCause() instanceof CrashPoints.SimulatedDeath || CrashPoints.resurrect() >= fatalStore) {
                return true; // an assertion on the way out of the dead
            }
            throw assertion;
        } finally {
            CrashPoints.resurrect();
        }
    }

    /** Without an assertion library in between, which would take a simulated death for the wrong exception. */
    private static void takeMute(Stage stage) throws InterruptedException {
        Object decoded;
        try {
            decoded = stage.theirs.take();
        } catch (UndecodableException expected) {
            return;
        }
        throw new IllegalStateException("was decoded: " + decoded);
    }

    private static Found takeEverythingOut(SharedQueue<Object> queue) throws InterruptedException {
        boolean shutDown = queue.isShutdown();
        List<String> items = new ArrayList<>();
        int size = queue.size();
        while (size - items.size() > 0) {
            try {
                Lease<Object> lease = queue.lease(LONG, 0, SECONDS);
                if (lease == null) {
                    break; // a dead letter that had not left the stream, and has now
                }
                items.add(text(lease.get()) + " x" + lease.deliveries());
                lease.ack();
            } catch (UndecodableException mute) {
                items.add("mute");
            }
        }
        assertThat(queue.size()).isZero();
        List<String> letters = new ArrayList<>();
        int lettersSize = queue.deadLetters().size();
        for (int i = 0; i < lettersSize; i++) {
            try {
                letters.add(text(queue.deadLetters().poll()));
            } catch (UndecodableException mute) {
                letters.add("mute");
            }
        }
        return new Found(items, letters, queue.unfinishedTasks(), shutDown);
    }

    private static String text(Object item) {
        return item instanceof byte[] bytes ? bytes.length + " bytes" : item.toString();
    }

    private static void ensureSound(SharedQueue<Object> queue) throws InterruptedException {
        var probe = new QueueProbe(queue.entry());
        assertThat(queue.size()).isZero();
        assertThat(queue.deadLetters()).isEmpty();
        assertThat(queue.remainingCapacity()).isEqualTo(100);
        long unfinished = queue.unfinishedTasks();
        for (int i = 0; i < 90; i++) { // several times around, before anything is worked out anew
            assertThat(queue.offer(new byte[900])).isTrue();
            assertThat(probe.isTailInAnArea()).isTrue();
            assertThat((byte[]) queue.poll()).hasSize(900);
            queue.taskDone();
        }
        for (int i = 0; i < 100; i++) {
            for (int n = 0; n < 10; n++) {
                assertThat(queue.offer(new byte[i * 10 + n])).isTrue();
            }
            for (int n = 0; n < 10; n++) {
                assertThat((byte[]) queue.poll()).hasSize(i * 10 + n);
                queue.taskDone();
            }
        }
        assertThat(queue.unfinishedTasks()).isEqualTo(unfinished);
        assertThat(probe.areas()).as("areas").isOne();
        assertThat(probe.areaBytes()).as("memory").isLessThanOrEqualTo(4 * FIRST_AREA_BYTES);
    }
}
