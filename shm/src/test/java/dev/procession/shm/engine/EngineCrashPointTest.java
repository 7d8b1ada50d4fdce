package dev.procession.shm.engine;

import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.procession.conformance.CrashPointExplorer;
import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.conformance.CrashPointExplorer.Scene;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What happens only once in a space: each in a fresh one. */
@EnabledIfSystemProperty(
        named = "dev.procession.crashpoints",
        matches = "true",
        disabledReason = "runs in the surefire execution of that name")
class EngineCrashPointTest {
    /** A kind of primitive that is nothing but an entry. */
    private static final PrimitiveKind THING = new PrimitiveKind() {
        @Override
        public int number() {
            return 1;
        }

        @Override
        public String label() {
            return "Thing";
        }

        @Override
        public void repair(Remains remains) {}

        @Override
        public void close(Cells payload) {}
    };

    private abstract static class FreshSpace implements Scene {
        final AttachedSpace space = AttachedSpace.create(_ -> THING);

        static Entry make(AttachedSpace space, long heapBytes) {
            return space.create(THING, heapBytes, _ -> {}, entry -> entry);
        }

        @Override
        public void check(Fate fate) {
            Entry next = make(space, 1 << 16);
            assertThat(next.heap().getLong(0)).isZero();
            Turns turns = new Turns(next, 0, Turns.Purpose.TURN);
            int place = turns.enter();
            assertThat(turns.isFirst(place)).isTrue();
            turns.leave(place);
            assertThat(SimulatedMember.waiters(space)).isZero();
            assertThat(SimulatedMember.blocked(space)).isZero();
            next.close();
            eventually("nothing is left", () -> SimulatedMember.entriesInUse(space) == 0);
            eventually("the victim is buried", () -> SimulatedMember.members(space) == 1);
        }

        @Override
        public void close() {
            space.close();
        }
    }

    /** Something a member does in a space where nobody has done anything yet. */
    private static final class FirstDeed extends FreshSpace {
        private final SimulatedMember victim = new SimulatedMember(space, _ -> THING);
        private final Consumer<AttachedSpace> deed;

        FirstDeed(Consumer<AttachedSpace> deed) {
            this.deed = deed;
        }

        @Override
        public void act() {
            deed.accept(victim.space());
        }

        @Override
        public void bury() {
            victim.dieAndBeBuried();
        }

        @Override
        public void check(Fate fate) {
            victim.close();
            SimulatedMember.closeUnknown(space, THING, _ -> {});
            super.check(fate);
        }
    }

    private static DynamicTest killed(String operation, java.util.concurrent.Callable<Scene> scenes) {
        return dynamicTest(operation, () -> {
            int stores = CrashPointExplorer.explore(SimulatedMember.DEATHS, scenes);
            System.out.println("crash points: " + operation + ": " + stores);
        });
    }

    @TestFactory
    Stream<DynamicTest> beginnings() {
        return Stream.of(
                killed("make the first primitive", () -> new FirstDeed(space -> FreshSpace.make(space, 0))),
                killed(
                        "make the first primitive with a heap range",
                        () -> new FirstDeed(space -> FreshSpace.make(space, 100_000))),
                killed(
                        "make and close",
                        () -> new FirstDeed(
                                space -> FreshSpace.make(space, 100_000).close())),
                killed(
                        "be the first in line",
                        () -> new FirstDeed(space -> {
                            Entry thing = FreshSpace.make(space, 0);
                            Turns turns = new Turns(thing, 0, Turns.Purpose.TURN);
                            turns.leave(turns.enter());
                        })),
                killed(
                        "be the first to block",
                        () -> new FirstDeed(space -> {
                            Entry thing = FreshSpace.make(space, 0);
                            try (Wait wait =
                                    Wait.uninterruptibly(space.deadlocks().watch(thing, DeadlockWatch.Way.MAY_THROW))) {
                                assertThat(wait.pause(thing.payload(), 0, 1)).isEqualTo(Wait.Outcome.LOOK_AGAIN);
                            }
                        })),
                killed(
                        "fail to make one",
                        () -> new FirstDeed(space -> assertThatThrownBy(() -> space.create(
                                        THING,
                                        4096,
                                        _ -> {
                                            throw new UnsupportedOperationException("no");
                                        },
                                        entry -> entry))
                                .hasMessage("no"))));
    }
}
