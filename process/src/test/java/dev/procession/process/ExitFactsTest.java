package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableAction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends that look alike and are told apart: each is done for real. */
@ExtendWith(NothingLeft.class)
class ExitFactsTest {
    @TempDir
    Path folder;

    /** Reads where no memory is, as faulty native code does. The JVM cannot make an exception of that. */
    @SuppressWarnings("restricted")
    private static void crash() {
        MemorySegment nothing = MemorySegment.ofAddress(8).reinterpret(64);
        System.out.println(nothing.get(ValueLayout.JAVA_INT, 0));
    }

    private static void fillTheHeap() {
        List<byte[]> hoard = new ArrayList<>();
        while (hoard.size() < 1 << 20) {
            hoard.add(new byte[1 << 20]);
        }
        System.out.println(hoard.size());
    }

    @Test
    void wrongAccessOfMemoryReadsAsAbortAndLeavesACrashFile() throws Exception {
        ChildFailedException failure = failureOf(quiet(), ExitFactsTest::crash);

        assertThat(failure.exitCode()).isEqualTo(-6);
        assertThat(failure.ranOutOfMemory()).isFalse();
        Path file = failure.crashFile().orElseThrow();
        try {
            assertThat(failure).hasMessageContaining("was ended by SIGABRT: exitCode=-6, crashFile=" + file);
            assertThat(Files.readString(file)).contains("SIGSEGV").contains(ExitFactsTest.class.getName() + ".crash");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .as("memory of the child is nobody else's business")
                    .isEqualTo("rwx------");
        } finally {
            Files.delete(file);
        }
    }

    /** Then the JVM exits rather than abort, with a code like that of a program that failed. */
    @Test
    void crashWithoutCoreDumpIsKnownByItsFileAlone() throws Exception {
        ChildFailedException failure =
                failureOf(quiet().jvmOptions("-XX:-CreateCoredumpOnCrash"), ExitFactsTest::crash);

        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure.crashFile()).isPresent();
        Files.delete(failure.crashFile().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash.log", "crash of %p.log"})
    void placeThatTheUserChoseForCrashFilesStands(String name) throws Exception {
        ChildProcess child = quiet().workingDirectory(folder)
                .jvmOptions("-XX:ErrorFile=" + name)
                .start(ExitFactsTest::crash);
        long pid = child.pid();
        child.join();

        assertThat(child.failure().orElseThrow().crashFile())
                .hasValue(folder.resolve(name.replace("%p", Long.toString(pid))))
                .get()
                .satisfies(file -> assertThat(file).exists());
    }

    @Test
    void abortByAnotherLeavesNoCrashFile() throws Exception {
        ChildFailedException failure = failureOf(quiet(), () -> {
            new ProcessBuilder(
                            "kill",
                            "-ABRT",
                            Long.toString(ProcessHandle.current().pid()))
                    .start();
            Thread.sleep(60_000);
        });

        assertThat(failure.exitCode()).isEqualTo(-6);
        assertThat(failure.crashFile()).isEmpty();
    }

    @Test
    void memoryThatRanOutInAJvmThatEndsThenIsTold() throws Exception {
        ChildFailedException failure =
                failureOf(quiet().heap(16 << 20).jvmOptions("-XX:+ExitOnOutOfMemoryError"), ExitFactsTest::fillTheHeap);

        assertThat(failure.exitCode()).isEqualTo(3);
        assertThat(failure.ranOutOfMemory()).isTrue();
        assertThat(failure)
                .hasMessageContaining(" ran out of memory: exitCode=3")
                .hasMessageContaining("Java heap space");
    }

    /** Whatever the program prints, on whatever stream. */
    @ParameterizedTest
    @ValueSource(strings = {"out", "err", "elsewhere"})
    void exitCodeThreeAloneIsNoProofThatMemoryRanOut(String where) throws Exception {
        ChildFailedException failure = failureOf(quiet(), () -> {
            switch (where) {
                case "out" -> System.out.println("Terminating due to java.lang.OutOfMemoryError: Java heap space");
                case "err" -> System.err.println("no more java.lang.OutOfMemoryError here");
                default -> {}
            }
            System.exit(3);
        });

        assertThat(failure.exitCode()).isEqualTo(3);
        assertThat(failure.ranOutOfMemory()).isFalse();
        assertThat(failure).hasMessageContaining(" exited: exitCode=3");
    }

    @Test
    void wordsOfTheJvmAreNoOutputOfTheProgram() throws Exception {
        ChildProcess child = quiet().heap(16 << 20)
                .stdout(Output.captured())
                .jvmOptions("-XX:+ExitOnOutOfMemoryError")
                .start(() -> {
                    System.out.println("filling");
                    fillTheHeap();
                });
        child.join();

        assertThat(child.stdout()).isEqualTo("filling\n");
    }

    /** The JVM says so of its own SIGTERM, by 128 + 15; nobody can tell whose word it is. */
    @Test
    void exitCodeOfAShellsKillReadsAsThatSignal() throws Exception {
        assertThat(failureOf(quiet(), () -> System.exit(137)).exitCode()).isEqualTo(-9);
    }

    private static ChildFailedException failureOf(ChildProcess.Builder builder, SerializableAction action)
            throws InterruptedException {
        ChildProcess child = builder.start(action);
        child.join();
        return child.failure().orElseThrow();
    }

    private ChildProcess.Builder quiet() {
        return ChildProcess.builder()
                .stdout(Output.discarded())
                .stderr(Output.captured())
                .workingDirectory(folder); // where the system may put a core dump
    }
}
