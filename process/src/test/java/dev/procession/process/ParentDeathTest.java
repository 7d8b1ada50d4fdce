package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A parent that is killed, in whatever state, leaves no process of its family after two seconds, and no file.
 *
 * <p>Each test starts a parent JVM as a user would, kills it by SIGKILL, and looks in {@code /proc} for processes that
 * carry the parent's mark.
 */
@ExtendWith(NothingLeft.class)
class ParentDeathTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** The ways to make a child; both must hold. */
    enum Way {
        NATIVE,
        PORTABLE;

        List<String> options(Path sockets) {
            return List.of("-Dprocession.spawn=" + name().toLowerCase(Locale.ROOT), "-Djava.io.tmpdir=" + sockets);
        }
    }

    @ParameterizedTest
    @EnumSource
    void childAndGrandchildrenDieWithTheirParent(Way way, @TempDir Path sockets) throws Exception {
        try (ParentProgram program = ParentProgram.start(Sleepers.class, way.options(sockets))) {
            program.awaitOutput("the child is up");
            program.awaitOutput("the grandchild is up");
            program.awaitOutput("the sleeper is up");
            Marked.awaitCount(program.mark, 4, Duration.ofSeconds(10));

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT);
            assertNoFiles(sockets);
        }
    }

    /** A main class: a child that has a child of its own and a process that knows nothing of this library. */
    static final class Sleepers {
        static void main() throws Exception {
            ChildProcess.start(() -> {
                System.out.println("the child is up");
                ChildProcess.start(() -> {
                    System.out.println("the grandchild is up");
                    sleep();
                });
                new ProcessBuilder("sleep", "600").start();
                System.out.println("the sleeper is up");
                sleep();
            });
            sleep();
        }

        private static void sleep() throws InterruptedException {
            Thread.sleep(Duration.ofMinutes(10));
        }
    }

    /** The kernel needs nobody's cooperation. */
    @Test
    void stoppedChildDiesWithItsParent(@TempDir Path sockets) throws Exception {
        try (ParentProgram program = ParentProgram.start(Sleepers.class, Way.NATIVE.options(sockets))) {
            program.awaitOutput("the sleeper is up");
            for (long pid : Marked.alive(program.mark)) {
                Stopped.stop(pid);
            }

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT);
        }
    }

    /** Where the child itself watches: {@code halt} would wait for the loop to reach a safepoint. */
    @ParameterizedTest
    @EnumSource
    void childInALongCountedLoopDiesWithItsParent(Way way, @TempDir Path sockets) throws Exception {
        try (ParentProgram program = ParentProgram.start(Looping.class, way.options(sockets))) {
            program.awaitOutput("looping");

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT);
            assertNoFiles(sockets);
        }
    }

    /** A main class. */
    static final class Looping {
        static void main() throws Exception {
            ChildProcess.start(() -> {
                        for (int warm = 0; warm < 20; warm++) {
                            count(1_000_000);
                        }
                        System.out.println("looping");
                        while (count(Integer.MAX_VALUE) != 42) {
                            Thread.onSpinWait();
                        }
                    })
                    .join();
        }

        private static long count(int to) {
            long sum = 0;
            for (int i = 0; i < to; i++) {
                sum += sum ^ i;
            }
            return sum;
        }
    }

    /** At any moment of the start: before the child is up, while it greets, while it gets a task of many megabytes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 8, 9})
    void parentKilledWhileItStartsChildrenLeavesNone(int step, @TempDir Path sockets) throws Exception {
        Way way = step % 2 == 0 ? Way.NATIVE : Way.PORTABLE;
        try (ParentProgram program = ParentProgram.start(Starting.class, way.options(sockets))) {
            program.awaitOutput("first started");
            Thread.sleep(step * 40L); // where in the start the kill hits, not a wait for anything

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT.plus(Duration.ofSeconds(1)));
            sweepAndAssertNoFiles(way, sockets);
        }
    }

    /** A main class: starts children without end, each with a load that does not fit into a pipe or a socket's buffer. */
    static final class Starting {
        static void main() throws Exception {
            byte[] load = new byte[8 << 20];
            var last = new ArrayList<ChildProcess>();
            while (true) {
                last.add(ChildProcess.start(() -> Thread.sleep(load.length)));
                System.out.println("first started");
                if (last.size() == 4) {
                    ChildProcess child = last.removeFirst();
                    child.kill();
                    child.join();
                }
            }
        }
    }

    /** The child is the one in the middle of a start, and dies with its own child half made. */
    @ParameterizedTest
    @EnumSource
    void childThatIsStartingChildrenDiesWithThem(Way way, @TempDir Path sockets) throws Exception {
        try (ParentProgram program = ParentProgram.start(Nested.class, way.options(sockets))) {
            program.awaitOutput("first started");

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT.plus(Duration.ofSeconds(1)));
            sweepAndAssertNoFiles(way, sockets);
        }
    }

    /** A main class. */
    static final class Nested {
        static void main() throws Exception {
            ChildProcess.start(Starting::main).join();
        }
    }

    /** What a JVM that was still booting could not remove is removed by the next one that starts a child there. */
    private static void sweepAndAssertNoFiles(Way way, Path sockets) throws Exception {
        try (ParentProgram next = ParentProgram.start(One.class, way.options(sockets))) {
            assertThat(next.awaitExit()).as(next::seen).isZero();
        }
        assertNoFiles(sockets);
    }

    /** A main class. */
    static final class One {
        static void main() throws Exception {
            ChildProcess.start(() -> {}).joinOrThrow();
        }
    }

    /** {@code Runtime.halt} runs no hook. */
    @ParameterizedTest
    @EnumSource
    void childDiesWithAParentThatHalts(Way way, @TempDir Path sockets) throws Exception {
        try (ParentProgram program = ParentProgram.start(Halting.class, way.options(sockets))) {
            assertThat(program.awaitExit()).isEqualTo(5);

            Marked.awaitNone(program.mark, LIMIT);
            assertNoFiles(sockets);
        }
    }

    /** A main class. */
    static final class Halting {
        static void main() throws Exception {
            ChildProcess child = ChildProcess.builder()
                    .stdout(Output.lines(_ -> Runtime.getRuntime().halt(5)))
                    .start(() -> {
                        System.out.println("up");
                        Thread.sleep(Duration.ofMinutes(10));
                    });
            child.join();
        }
    }

    private static void assertNoFiles(Path folder) throws InterruptedException {
        Marked.poll(LIMIT, () -> TempFiles.left(folder).isEmpty(), () -> "files left: " + TempFiles.left(folder));
    }
}
