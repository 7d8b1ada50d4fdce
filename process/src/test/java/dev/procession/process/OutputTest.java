package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procession.conformance.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where the lines of children go, and that none is lost. */
@ExtendWith(NothingLeft.class)
class OutputTest {
    @Test
    void linesCarryTheNameOfTheChildAndKeepTheirColours() throws Exception {
        Printed printed = printing(() -> {
            ChildProcess.builder()
                    .name("cook")
                    .start(() -> {
                        System.out.println("\u001b[32mgreen\u001b[0m 绿");
                        System.err.println("red");
                    })
                    .joinOrThrow();
        });

        assertThat(printed.out).isEqualTo("[cook] \u001b[32mgreen\u001b[0m 绿\n");
        assertThat(printed.err).isEqualTo("[cook] red\n");
    }

    @Test
    void linesOfSeveralChildrenStayWhole() throws Exception {
        Printed printed = printing(() -> {
            List<ChildProcess> children = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String letter = String.valueOf((char) ('a' + i));
                children.add(ChildProcess.builder().name(letter).start(() -> {
                    for (int n = 0; n < 1000; n++) {
                        System.out.println(letter.repeat(50));
                    }
                }));
            }
            for (ChildProcess child : children) {
                child.joinOrThrow();
            }
        });

        assertThat(printed.out.lines()).hasSize(3000).allMatch(line -> line.matches("\\[(.)] \\1{50}"));
    }

    @Test
    void nothingIsLostOfAChildThatIsKilledInTheMiddleOfALine() throws Exception {
        Printed printed = printing(() -> {
            ChildProcess child = ChildProcess.builder().name("cook").start(() -> {
                for (int i = 0; i < 2000; i++) {
                    System.out.println("line " + i);
                }
                System.out.print("half a li");
                System.out.flush();
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
                Thread.sleep(Duration.ofMinutes(5));
            });
            child.join();
            assertThat(child.exitCode()).hasValue(-9);
        });

        List<String> expected = new ArrayList<>(
                IntStream.range(0, 2000).mapToObj(i -> "[cook] line " + i).toList());
        expected.add("[cook] half a li");
        assertThat(printed.out.lines()).containsExactlyElementsOf(expected);
        assertThat(printed.out).endsWith("half a li\n");
    }

    @Test
    void lineGoesOnAsSoonAsItIsWhole() throws Exception {
        var lines = new LinkedBlockingQueue<String>();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.lines(lines::add))
                .start(() -> {
                    System.out.println("ready");
                    Thread.sleep(Duration.ofMinutes(5));
                });

        assertThat(lines.poll(30, TimeUnit.SECONDS)).isEqualTo("ready");
        assertThat(child.isAlive()).isTrue();
        child.kill();
        child.join();
    }

    private static final class Stackless extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stackless(String message) {
            super(message, null, false, false);
        }
    }

    @Test
    void consumerThatThrowsMissesNoLaterLine() throws Exception {
        var lines = new ArrayList<String>();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.lines(line -> {
                    lines.add(line);
                    throw new Stackless("a consumer of this test fails on purpose");
                }))
                .start(() -> System.out.print("a\nb\n\nc"));

        child.joinOrThrow();

        assertThat(lines).containsExactly("a", "b", "", "c");
    }

    @Test
    void consumerCannotWaitForTheEndItHoldsUp() throws Exception {
        var handle = new AtomicReference<ChildProcess>();
        var refused = new AtomicReference<Throwable>();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.lines(line -> {
                    try {
                        while (handle.get() == null) {
                            Thread.onSpinWait();
                        }
                        handle.get().join();
                    } catch (Throwable e) {
                        refused.set(e);
                    }
                }))
                .start(() -> System.out.println("a line"));
        handle.set(child);

        assertThat(child.join(Duration.ofSeconds(60))).isTrue();

        assertThat(refused.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot wait for that child's end");
    }

    @Test
    void slowConsumerGetsAllBeforeTheEnd() throws Exception {
        var lines = new ArrayList<String>();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.lines(line -> {
                    sleep(Duration.ofMillis(300));
                    lines.add(line);
                }))
                .start(() -> System.out.print("1\n2\n3\n4\n"));

        child.joinOrThrow();

        assertThat(lines).containsExactly("1", "2", "3", "4");
    }

    /** The pipe is full long before the child is done: it waits, and goes on when somebody reads. */
    @Test
    void muchOutputIsCapturedWhole() throws Exception {
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.captured())
                .stderr(Output.captured())
                .start(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        System.out.println("0123456789".repeat(5));
                        System.err.println(i);
                    }
                });

        child.joinOrThrow();

        assertThat(child.stdout()).hasSize(20_000 * 51);
        assertThat(child.stderr().lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, 20_000).mapToObj(String::valueOf).toList());
    }

    @Test
    void lineWithoutEndIsPassedOnInPieces() throws Exception {
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            for (int i = 0; i < 3 << 10; i++) {
                System.out.print("x".repeat(1 << 10));
            }
        });

        child.joinOrThrow();

        assertThat(child.stdout()).hasSize(3 << 20);
    }

    @Test
    void captureThatWasNotAskedForIsRefused() throws Exception {
        ChildProcess child = ChildProcess.start(() -> {});
        child.join();

        assertThatIllegalStateException()
                .isThrownBy(child::stdout)
                .withMessageContaining("start it with builder().stdout(Output.captured())");
    }

    @Test
    void discardedOutputIsPrintedNowhere() throws Exception {
        Printed printed = printing(() -> ChildProcess.builder()
                .stdout(Output.discarded())
                .stderr(Output.discarded())
                .start(() -> {
                    System.out.println("unheard");
                    System.err.println("unheard");
                })
                .joinOrThrow());

        assertThat(printed.out).isEmpty();
        assertThat(printed.err).isEmpty();
    }

    @Test
    void sharedOutputGoesPastTheParent() throws Exception {
        try (ParentProgram program = ParentProgram.start(Sharing.class, List.of())) {
            assertThat(program.awaitExit()).isZero();
            assertThat(program.output()).isEqualTo("plain\n");
        }
    }

    /** A main class. */
    static final class Sharing {
        static void main() throws Exception {
            ChildProcess.builder()
                    .stdout(Output.shared())
                    .start(() -> System.out.println("plain"))
                    .joinOrThrow();
        }
    }

    /** A process that outlives the child and holds its output open does not hold up the child's end. */
    @Test
    void grandchildThatKeepsTheOutputOpenDoesNotDelayTheEnd() throws Exception {
        var lines = new LinkedBlockingQueue<String>();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.lines(lines::add))
                .start(() -> {
                    System.out.println("before");
                    Process sleeper =
                            new ProcessBuilder("sleep", "300").inheritIO().start();
                    System.out.println(sleeper.pid());
                });

        assertThat(child.join(Duration.ofSeconds(30))).isTrue();

        assertThat(lines.poll()).isEqualTo("before");
        long sleeper = Long.parseLong(lines.poll());
        ProcessHandle.of(sleeper).ifPresent(ProcessHandle::destroyForcibly);
    }

    private record Printed(String out, String err) {}

    private interface Printing {
        void run() throws Exception;
    }

    private static Printed printing(Printing action) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var newOut = new ByteArrayOutputStream();
        var newErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return new Printed(newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
