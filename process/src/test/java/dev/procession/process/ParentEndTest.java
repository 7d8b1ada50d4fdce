package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of children when their parent ends in good order. */
@ExtendWith(NothingLeft.class)
class ParentEndTest {
    @ParameterizedTest
    @ValueSource(strings = {"native", "portable"})
    @DisplayName("P28: a parent whose main has returned waits for its non-daemon child")
    void nonDaemonChildIsAwaited(String way) throws Exception {
        try (ParentProgram program = ParentProgram.start(Awaiting.class, List.of("-Dprocession.spawn=" + way))) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output()).isEqualTo("main done\n[Process-1] child done\n");
            assertThat(Marked.alive(program.mark)).isEmpty();
        }
    }

    /** A main class. */
    static final class Awaiting {
        static void main() {
            ChildProcess.start(() -> {
                Thread.sleep(700);
                System.out.println("child done");
            });
            System.out.println("main done");
        }
    }

    @Test
    void daemonChildIsEndedWhenMainReturns() throws Exception {
        try (ParentProgram program = ParentProgram.start(Daemon.class, List.of())) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output()).contains("up").doesNotContain("daemon done");
            assertThat(Marked.alive(program.mark)).isEmpty();
        }
    }

    /** A main class. */
    static final class Daemon {
        static void main() throws Exception {
            ChildProcess child = startDaemon();
            child.join(Duration.ofMillis(1));
        }
    }

    private static ChildProcess startDaemon() throws InterruptedException {
        var up = new java.util.concurrent.CountDownLatch(1);
        ChildProcess child = ChildProcess.builder()
                .daemon()
                .stdout(Output.lines(line -> {
                    System.out.println(line);
                    up.countDown();
                }))
                .start(() -> {
                    System.out.println("up");
                    Thread.sleep(Duration.ofMinutes(5));
                    System.out.println("daemon done");
                });
        up.await();
        return child;
    }

    @Test
    @DisplayName("a daemon child is ended when main returns, though the parent still waits for another child")
    void daemonChildIsEndedBeforeTheOthersAreAwaited() throws Exception {
        try (ParentProgram program = ParentProgram.start(Mixed.class, List.of())) {
            program.awaitOutput("daemon ended with -15");
            program.awaitOutput("[patient] done");
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output().indexOf("daemon ended"))
                    .isLessThan(program.output().indexOf("[patient] done"));
        }
    }

    /** A main class. */
    static final class Mixed {
        static void main() throws Exception {
            ChildProcess daemon = startDaemon();
            var _ = daemon.onExit()
                    .thenAccept(ended -> System.out.println(
                            "daemon ended with " + ended.exitCode().orElseThrow()));
            long pid = daemon.pid();
            ChildProcess.builder().name("patient").start(() -> {
                while (ProcessHandle.of(pid).isPresent()) {
                    Thread.sleep(20);
                }
                System.out.println("done");
            });
        }
    }

    @Test
    void systemExitEndsAllChildren() throws Exception {
        try (ParentProgram program = ParentProgram.start(Exiting.class, List.of())) {
            assertThat(program.awaitExit()).isEqualTo(9);
            assertThat(Marked.alive(program.mark)).isEmpty();
            assertThat(program.output()).contains("hook of [cook]");
        }
    }

    /** A main class. */
    static final class Exiting {
        static void main() throws Exception {
            startCook();
            System.exit(9);
        }
    }

    /** A non-daemon child that says when it is asked to end. */
    private static void startCook() throws InterruptedException {
        var up = new java.util.concurrent.CountDownLatch(1);
        ChildProcess.builder()
                .name("cook")
                .stdout(Output.lines(line -> {
                    System.out.println(line);
                    up.countDown();
                }))
                .start(() -> {
                    Runtime.getRuntime()
                            .addShutdownHook(new Thread(() -> System.out.println(
                                    "hook of [" + Processes.current().name() + "]")));
                    System.out.println("up");
                    Thread.sleep(Duration.ofMinutes(5));
                });
        up.await();
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void signalToTheParentEndsAllChildren(String signal, int status) throws Exception {
        try (ParentProgram program = ParentProgram.of(List.of(
                "/usr/bin/env",
                "--default-signal=INT,HUP",
                java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Waiting.class.getName()))) {
            program.awaitOutput("up");

            program.signal(signal);

            assertThat(program.awaitExit()).isEqualTo(status);
            assertThat(Marked.alive(program.mark)).isEmpty();
            assertThat(program.output()).contains("hook of [cook]").doesNotContain("Exception");
        }
    }

    /** A main class. */
    static final class Waiting {
        static void main() throws Exception {
            startCook();
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    @Test
    void childThatDoesNotAnswerIsKilledAfterTwoSeconds() throws Exception {
        try (ParentProgram program = ParentProgram.start(Stubborn.class, List.of())) {
            program.awaitOutput("leaving");
            long begin = System.nanoTime();

            assertThat(program.awaitExit()).isEqualTo(3);

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(10));
            assertThat(Marked.alive(program.mark)).isEmpty();
        }
    }

    /** A main class. */
    static final class Stubborn {
        static void main() throws Exception {
            var up = new java.util.concurrent.CountDownLatch(1);
            ChildProcess.builder().stdout(Output.lines(_ -> up.countDown())).start(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    while (true) {
                        Thread.onSpinWait();
                    }
                }));
                System.out.println("up");
                Thread.sleep(Duration.ofMinutes(5));
            });
            up.await();
            System.out.println("leaving");
            System.exit(3);
        }
    }

    @Test
    void endingParentStartsNoMoreChildren() throws Exception {
        try (ParentProgram program = ParentProgram.start(Late.class, List.of())) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output())
                    .contains("refused: this JVM is ending and starts no more children: child=Process-");
            assertThat(Marked.alive(program.mark)).isEmpty();
        }
    }

    /** A main class. */
    static final class Late {
        static void main() throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    while (true) {
                        ChildProcess.start(() -> Thread.sleep(Duration.ofMinutes(5)))
                                .join(Duration.ofMillis(50));
                    }
                } catch (IllegalStateException e) {
                    System.out.println("refused: " + e.getMessage());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
            ChildProcess.start(() -> {}).join();
        }
    }
}
