package dev.procession.shm;

import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.conformance.CrashPointExplorer.Scene;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.SimulatedMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * A victim and its survivors, who see the same primitives. When the curtain falls nothing is left of any of them: no entry,
 * no member, no thread.
 */
final class CrashStage implements Scene {
    /** What happens, and may throw. */
    interface Step {
        void run() throws Exception;
    }

    interface Check {
        void run(Fate fate) throws Exception;
    }

    interface Setting {
        void prepare(CrashStage stage) throws Exception;
    }

    private final AttachedSpace family = Spaces.family();
    private final int membersBefore = SimulatedMember.members(family);
    private final int entriesBefore = SimulatedMember.entriesInUse(family);
    private final SimulatedMember victim = new SimulatedMember(family, Kind::of);
    private final List<AutoCloseable> primitives = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Step act = () -> {};
    private Check check = fate -> {};

    static Callable<CrashStage> set(Setting setting) {
        return () -> {
            CrashStage stage = new CrashStage();
            setting.prepare(stage);
            return stage;
        };
    }

    AttachedSpace family() {
        return family;
    }

    SimulatedMember victim() {
        return victim;
    }

    /** Has a primitive closed in the end. */
    <T extends AutoCloseable> T made(T primitive) {
        primitives.add(primitive);
        return primitive;
    }

    /** The primitive as the victim sees it. */
    <T> T asVictim(T primitive) {
        return seen(victim, primitive);
    }

    static Handle handleOf(Object primitive) {
        return (Handle)
                switch (primitive) {
                    case SharedLock lock -> lock.writeReplace();
                    case SharedReentrantLock lock -> lock.writeReplace();
                    case SharedCondition condition -> condition.writeReplace();
                    case SharedSemaphore semaphore -> semaphore.writeReplace();
                    case SharedEvent event -> event.writeReplace();
                    case SharedCountDownLatch latch -> latch.writeReplace();
                    case SharedBarrier barrier -> barrier.writeReplace();
                    case SharedLong number -> number.writeReplace();
                    case SharedInt number -> number.writeReplace();
                    case SharedRegion region -> region.writeReplace();
                    default -> throw new AssertionError("not a primitive: " + primitive);
                };
    }

    /** The primitive as another member sees it, who dies at once and is buried after it has done something. */
    <T> void beforehand(T primitive, Consumer<T> deed) {
        try (SimulatedMember earlier = new SimulatedMember(family, Kind::of)) {
            deed.accept(seen(earlier, primitive));
            earlier.dieAndBeBuried();
        }
    }

    @SuppressWarnings("unchecked")
    static <T> T seen(SimulatedMember member, T primitive) {
        return (T) handleOf(primitive).in(member.space());
    }

    /** Runs something in a thread of the survivors, which must have ended in the end. */
    void inBackground(Step step) {
        threads.add(Thread.ofVirtual().start(() -> {
            try {
                step.run();
            } catch (Exception unexpected) {
                throw new AssertionError(unexpected);
            }
        }));
    }

    void act(Step step) {
        this.act = step;
    }

    void check(Check inspection) {
        this.check = inspection;
    }

    @Override
    public void act() throws Exception {
        act.run();
    }

    @Override
    public void bury() {
        victim.dieAndBeBuried();
    }

    @Override
    public void check(Fate fate) throws Exception {
        check.run(fate);
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(2)))
                    .as("a survivor hangs")
                    .isTrue();
        }
    }

    @Override
    public void close() {
        victim.close();
        for (AutoCloseable primitive : primitives) {
            try {
                primitive.close();
            } catch (Exception unexpected) {
                throw new AssertionError(unexpected);
            }
        }
        eventually("nothing is left", () -> SimulatedMember.entriesInUse(family) == entriesBefore);
        eventually("the victim is buried", () -> SimulatedMember.members(family) == membersBefore);
        eventually("nobody is blocked", () -> SimulatedMember.blocked(family) == 0);
        eventually("nobody is in line", () -> SimulatedMember.waiters(family) == 0);
    }
}
