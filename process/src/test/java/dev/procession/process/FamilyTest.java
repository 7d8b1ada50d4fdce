package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who is who among parents and children. */
@ExtendWith(NothingLeft.class)
class FamilyTest {
    @Test
    @DisplayName("P17: the main process has no parent; a child's parent is told by pid and name")
    void childKnowsItsParent() throws Exception {
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            ProcessInfo parent = Processes.parent().orElseThrow();
            System.out.print(parent + " " + parent.isAlive());
        });

        child.joinOrThrow();

        assertThat(Processes.parent()).isEmpty();
        assertThat(child.stdout())
                .isEqualTo("MainProcess (pid " + ProcessHandle.current().pid() + ") true");
    }

    @Test
    @DisplayName("P19: children are numbered from 1 in each parent, named ones counted too")
    void childrenAreNumberedByTheirPlaceInTheFamily() throws Exception {
        try (ParentProgram program = ParentProgram.start(Names.class, List.of())) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output().lines())
                    .containsExactly(
                            "MainProcess",
                            "[Process-1] Process-1",
                            "[cook] cook",
                            "[cook] [Process-2:1] Process-2:1 of cook",
                            "[Process-3] Process-3");
        }
    }

    /** A main class. */
    static final class Names {
        static void main() throws Exception {
            System.out.println(Processes.current().name());
            ChildProcess.start(Names::tell).joinOrThrow();
            ChildProcess.builder()
                    .name("cook")
                    .start(() -> {
                        tell();
                        ChildProcess.start(() -> System.out.println(Processes.current()
                                                .name() + " of "
                                        + Processes.parent().orElseThrow().name()))
                                .joinOrThrow();
                    })
                    .joinOrThrow();
            ChildProcess.start(Names::tell).joinOrThrow();
        }

        private static void tell() {
            System.out.println(Processes.current().name());
        }
    }

    @Test
    @DisplayName("P20: children start children recursively, each joined before the next")
    void recursionGoesDepthFirst(@TempDir Path folder) throws Exception {
        Path ids = folder.resolve("ids");
        String file = ids.toString();

        ChildProcess.start(() -> descend(List.of(), file)).joinOrThrow();

        assertThat(Files.readAllLines(ids)).containsExactly("[]", "[0]", "[0, 0]", "[0, 1]", "[1]", "[1, 0]", "[1, 1]");
    }

    private static void descend(List<Integer> id, String file) throws Exception {
        Files.writeString(Path.of(file), id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (id.size() < 2) {
            for (int i = 0; i < 2; i++) {
                List<Integer> childId = new ArrayList<>(id);
                childId.add(i);
                ChildProcess.start(() -> descend(List.copyOf(childId), file)).joinOrThrow();
            }
        }
    }

    @Test
    @DisplayName("P22: a child whose action has returned waits for its non-daemon threads only")
    void childWaitsForItsNonDaemonThreads() throws Exception {
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            Thread.ofPlatform().daemon().start(() -> sleepThenPrint(Duration.ofMinutes(5), "daemon"));
            Thread.ofPlatform().start(() -> sleepThenPrint(Duration.ofMillis(300), "non-daemon"));
        });

        assertThat(child.join(Duration.ofSeconds(60))).isTrue();

        assertThat(child.exitCode()).hasValue(0);
        assertThat(child.stdout()).isEqualTo("non-daemon");
    }

    private static void sleepThenPrint(Duration time, String text) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        System.out.print(text);
    }

    @Test
    @DisplayName("P23: cpuCount is at least 1")
    void cpuCountIsPositive() {
        assertThat(Processes.cpuCount()).isPositive();
    }

    @Test
    void currentProcessIsTheOneTheSystemKnows() throws Exception {
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.captured())
                .start(() -> System.out.print(
                        Processes.current().pid() == ProcessHandle.current().pid()));

        long pid = child.pid();
        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo("true");
        assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void childLeadsAProcessGroupOfItsOwnAndReadsNothing() throws Exception {
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.captured())
                .start(() -> System.out.print(groupOf("self") + " " + System.in.read()));

        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo(child.pid() + " -1");
    }

    private static String groupOf(String process) throws Exception {
        String stat = Files.readString(Path.of("/proc", process, "stat"));
        int groupField = 2;
        return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(groupField);
    }

    /** The folder's own descriptor is closed by the time it is asked about. */
    private static String targetOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (java.io.IOException closed) {
            return "closed";
        }
    }

    /** What the parent has open is not open in the child. */
    @Test
    void childInheritsNoDescriptorBeyondItsOwn() throws Exception {
        try (var leak = new java.io.FileInputStream("/proc/self/status")) {
            ChildProcess child = ChildProcess.builder()
                    .stdout(Output.captured())
                    .start(() -> {
                        try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                            for (Path descriptor : open) {
                                System.out.println(targetOf(descriptor));
                            }
                        }
                    });
            child.joinOrThrow();

            assertThat(leak.getFD().valid()).isTrue();
            assertThat(child.stdout()).doesNotContain("status").contains("/dev/null");
        }
    }
}
