package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableAction;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of one child as its parent sees it. */
@ExtendWith(NothingLeft.class)
class ChildProcessTest {
    private static final SerializableAction SLEEP = () -> Thread.sleep(Duration.ofMinutes(5));

    @Test
    @DisplayName("P01: what was not started is nothing: no pid, no exit code, not among the active children")
    void builderStartsNothing() {
        ChildProcess.Builder unstarted = ChildProcess.builder().name("unstarted");

        assertThat(Processes.activeChildren()).isEmpty();
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThat(publicMethodsOf(unstarted.getClass())).doesNotContain("pid", "exitCode", "isAlive");
    }

    @Test
    @DisplayName("P02: alive and active until joined, then exit code 0 and gone")
    void returnsAndIsGone() throws Exception {
        ChildProcess child = ChildProcess.start(() -> {});

        assertThat(child.isAlive()).isTrue();
        assertThat(child.exitCode()).isEmpty();
        assertThat(Processes.activeChildren()).containsExactly(child);

        child.join();

        assertThat(child.exitCode()).hasValue(0);
        assertThat(child.failure()).isEmpty();
        assertThat(child.isAlive()).isFalse();
        assertThat(Processes.activeChildren()).isEmpty();
        child.joinOrThrow();
    }

    @Test
    @DisplayName("P04: join with zero or a negative time-out returns at once")
    void joinWithoutTimeDoesNotWait() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        long begin = System.nanoTime();

        assertThat(child.join(Duration.ZERO)).isFalse();
        assertThat(child.join(Duration.ofSeconds(-1))).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        assertThat(child.isAlive()).isTrue();
        killAndJoin(child);
        assertThat(child.join(Duration.ZERO)).isTrue();
        assertThat(child.join(Duration.ofSeconds(-1))).isTrue();
    }

    @Test
    @DisplayName("P05: join with a time-out the child outlives returns after that time and leaves the child alone")
    void joinWithTimeoutWaitsThatLong() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        long begin = System.nanoTime();

        assertThat(child.join(Duration.ofMillis(300))).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
        assertThat(child.isAlive()).isTrue();
        assertThat(child.exitCode()).isEmpty();
        killAndJoin(child);
    }

    @Test
    @DisplayName("P07: kill reads as exit code -9")
    void killReadsAsItsSignal() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);

        killAndJoin(child);

        assertThat(child.exitCode()).hasValue(-9);
        assertThat(child.failure())
                .hasValueSatisfying(failure -> assertThat(failure)
                        .hasMessageContaining(
                                child.name() + " (pid " + child.pid() + ") was ended by SIGKILL: exitCode=-9")
                        .hasNoCause());
        assertThatThrownBy(child::joinOrThrow).isInstanceOf(ChildFailedException.class);
    }

    @Test
    @DisplayName("P08: SIGKILL from outside by pid reads as exit code -9 and leaves no zombie")
    void killFromOutside() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);

        new ProcessBuilder("kill", "-9", Long.toString(child.pid())).start().waitFor();
        child.join();

        assertThat(child.exitCode()).hasValue(-9);
        assertThat(Path.of("/proc", Long.toString(child.pid()))).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"TERM,-15", "ABRT,-6", "USR1,-10"})
    void signalFromOutsideReadsAsItsNumber(String signal, int exitCode, @TempDir Path folder) throws Exception {
        Path up = folder.resolve("up");
        String mark = up.toString();
        ChildProcess child = ChildProcess.builder()
                .workingDirectory(folder)
                .jvmOptions("-XX:-CreateCoredumpOnCrash")
                .stdout(Output.discarded())
                .stderr(Output.discarded())
                .start(() -> {
                    Files.createFile(Path.of(mark));
                    Thread.sleep(Duration.ofMinutes(5));
                });
        awaitFile(up);

        new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                .start()
                .waitFor();
        child.join();

        assertThat(child.exitCode()).hasValue(exitCode);
    }

    @Test
    void terminateRunsShutdownHooks(@TempDir Path folder) throws Exception {
        String up = folder.resolve("up").toString();
        String ended = folder.resolve("ended").toString();
        ChildProcess child = ChildProcess.start(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(ended)));
            touch(up);
            Thread.sleep(Duration.ofMinutes(5));
        });
        awaitFile(Path.of(up));

        child.terminate();
        child.join();

        assertThat(child.exitCode()).hasValue(-15);
        assertThat(Path.of(ended)).exists();
        child.terminate();
        child.kill();
        assertThat(child.exitCode()).as("signals after the end do nothing").hasValue(-15);
    }

    @Test
    void terminateBeforeTheChildIsUpEndsIt() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);

        child.terminate();

        assertThat(child.join(Duration.ofSeconds(30))).isTrue();
        assertThat(child.exitCode()).hasValue(-15);
        assertThat(child.failure()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 42, 255})
    void exitCodeOfSystemExitIsKept(int code) throws Exception {
        ChildProcess child = ChildProcess.start(() -> System.exit(code));

        child.join();

        assertThat(child.exitCode()).hasValue(code);
        assertThat(child.failure().isPresent()).isEqualTo(code != 0);
    }

    @Test
    void exitCodeOfHaltIsKept() throws Exception {
        ChildProcess child = ChildProcess.start(() -> Runtime.getRuntime().halt(7));

        child.join();

        assertThat(child.exitCode()).hasValue(7);
    }

    @Test
    void exitCodeOfAShellsSignalReadsAsThatSignal() throws Exception {
        ChildProcess child = ChildProcess.start(() -> System.exit(137));

        child.join();

        assertThat(child.exitCode()).hasValue(-9);
    }

    @Test
    @DisplayName("P11: the daemon flag is the creator's own unless given")
    void daemonFlagIsTheCreatorsUnlessGiven() throws Exception {
        ChildProcess byDefault = ChildProcess.start(() -> {});
        ChildProcess daemon = ChildProcess.builder().daemon().start(() -> {});
        ChildProcess nonDaemon = ChildProcess.builder().daemon().nonDaemon().start(() -> {});

        assertThat(byDefault.isDaemon()).isFalse();
        assertThat(daemon.isDaemon()).isTrue();
        assertThat(nonDaemon.isDaemon()).isFalse();
        for (ChildProcess child : List.of(byDefault, daemon, nonDaemon)) {
            child.join();
        }
    }

    @Test
    @DisplayName("P11: a daemon child's children would be daemons, and it may not have any")
    void daemonCannotHaveChildren() throws Exception {
        ChildProcess daemon = ChildProcess.builder().daemon().start(() -> ChildProcess.start(() -> {}));

        daemon.join();

        assertThat(daemon.exitCode()).hasValue(1);
        assertThat(daemon.failure().orElseThrow())
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("daemon child cannot start children")
                .hasMessageContaining("child=" + daemon.name() + ":1, daemon=true");
    }

    @Test
    @DisplayName("P13: the daemon flag cannot change after the start")
    void changingTheBuilderChangesNoStartedChild() throws Exception {
        ChildProcess.Builder builder = ChildProcess.builder().name("first");
        ChildProcess child = builder.start(() -> {});

        builder.daemon().name("second");

        assertThat(child.isDaemon()).isFalse();
        assertThat(child.name()).isEqualTo("first");
        assertThat(publicMethodsOf(ChildProcess.class))
                .noneMatch(method -> method.matches("(?i)(set)?(daemon|name)\\w+"));
        child.join();
    }

    @Test
    @DisplayName("P14: nobody can join a child that was not started, since there is none")
    void onlyStartedChildrenCanBeJoined() {
        assertThat(publicMethodsOf(ChildProcess.Builder.class)).doesNotContain("join");
        assertThat(ChildProcess.class.getConstructors()).isEmpty();
    }

    @Test
    @DisplayName(
            "P16: close while running is refused; after it all but the name is refused; a second close does nothing")
    void closeOnlyWhatHasEnded() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        assertThatIllegalStateException().isThrownBy(child::close).withMessageContaining("still running");

        killAndJoin(child);
        child.close();
        child.close();

        assertThat(child.name()).startsWith("Process-");
        for (var call : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                child::isAlive,
                child::join,
                () -> child.join(Duration.ZERO),
                child::terminate,
                child::kill,
                child::pid,
                child::exitCode,
                child::failure,
                child::onExit,
                child::stdout)) {
            assertThatIllegalStateException().isThrownBy(call).withMessageContaining("closed: child=" + child.name());
        }
    }

    @Test
    @DisplayName("P25: messages of four children all arrive, then the end of each")
    void messagesOfSeveralChildrenAllArriveBeforeTheirEnd() throws Exception {
        var messages = new LinkedBlockingQueue<String>();
        List<ChildProcess> children = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int id = writer;
            children.add(ChildProcess.builder()
                    .stdout(Output.lines(messages::add))
                    .start(() -> {
                        for (int i = 0; i < 10; i++) {
                            System.out.println(id + ":" + i);
                        }
                    }));
        }

        List<ChildProcess> running = new ArrayList<>(children);
        while (!running.isEmpty()) {
            running.removeAll(ChildProcess.waitAny(running, Duration.ofSeconds(30)));
        }

        assertThat(messages).hasSize(40);
        for (int writer = 0; writer < 4; writer++) {
            String prefix = writer + ":";
            assertThat(messages.stream().filter(line -> line.startsWith(prefix)))
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 10)
                            .mapToObj(i -> prefix + i)
                            .toList());
        }
    }

    @Test
    @DisplayName("P26: waitAny with nothing ready gives an empty list after the time-out, at once if it is negative")
    void waitAnyTimesOut() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);

        long begin = System.nanoTime();
        assertThat(ChildProcess.waitAny(List.of(child), Duration.ofMillis(200))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));

        begin = System.nanoTime();
        assertThat(ChildProcess.waitAny(List.of(child), Duration.ofSeconds(-10)))
                .isEmpty();
        assertThat(ChildProcess.waitAny(List.of(), Duration.ofMillis(1))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        killAndJoin(child);
    }

    @Test
    void waitAnyGivesThoseThatHaveEnded() throws Exception {
        ChildProcess slow = ChildProcess.start(SLEEP);
        ChildProcess quick = ChildProcess.start(() -> {});

        assertThat(ChildProcess.waitAny(List.of(slow, quick), Duration.ofSeconds(60)))
                .containsExactly(quick);

        killAndJoin(slow);
        assertThat(ChildProcess.waitAny(List.of(slow, quick), Duration.ZERO)).containsExactly(slow, quick);
    }

    @Test
    void onExitCompletesWithTheChildAndCannotBeForged() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        CompletableFuture<ChildProcess> forged = child.onExit();
        CompletableFuture<Integer> code =
                child.onExit().thenApply(ended -> ended.exitCode().orElseThrow());

        forged.complete(null);
        forged.cancel(true);
        assertThat(child.isAlive()).isTrue();
        assertThat(child.onExit()).isNotDone();

        child.kill();
        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(-9);
        child.join();
    }

    @Test
    void callbackThatBlocksHoldsUpNobody() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        var release = new java.util.concurrent.CountDownLatch(1);
        CompletableFuture<Void> blocked = child.onExit().thenRun(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        killAndJoin(child);

        assertThat(Processes.activeChildren()).isEmpty();
        assertThat(blocked).isNotDone();
        release.countDown();
        blocked.get(30, TimeUnit.SECONDS);
    }

    @Test
    void joinIsInterruptibleAndLeavesTheChildAlone() throws Exception {
        ChildProcess child = ChildProcess.start(SLEEP);
        Thread.currentThread().interrupt();

        assertThatThrownBy(child::join).isInstanceOf(InterruptedException.class);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(child.isAlive()).isTrue();
        killAndJoin(child);
    }

    @Test
    void startsWithTheChoicesOfTheBuilder(@TempDir Path folder) throws Exception {
        ChildProcess child = ChildProcess.builder()
                .name("cook")
                .heap(48 << 20)
                .jvmOptions("-Dspice=salt", "-XX:+UseSerialGC")
                .environment("PROCESSION_DISH", "soup")
                .withoutEnvironment("HOME")
                .workingDirectory(folder)
                .stdout(Output.captured())
                .start(() -> System.out.print(String.join(
                        "|",
                        Processes.current().name(),
                        System.getProperty("spice"),
                        System.getenv("PROCESSION_DISH"),
                        String.valueOf(System.getenv("HOME")),
                        Path.of("").toAbsolutePath().toString(),
                        Boolean.toString(Runtime.getRuntime().maxMemory() <= 48 << 20))));

        child.joinOrThrow();

        assertThat(child.name()).isEqualTo("cook");
        assertThat(child.stdout()).isEqualTo("cook|salt|soup|null|" + folder.toRealPath() + "|true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines", "bell\u0007"})
    void refusesNamesThatWouldBreakALine(String name) {
        assertThatThrownBy(() -> ChildProcess.builder().name(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> ChildProcess.start(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ChildProcess.builder().name(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> ChildProcess.builder().environment("A", null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void systemThatCannotMakeTheProcessSaysWhy(@TempDir Path folder) {
        Path gone = folder.resolve("gone");

        assertThatThrownBy(() -> ChildProcess.builder()
                        .name("lost")
                        .workingDirectory(gone)
                        .start(() -> {}))
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining("cannot start a child: name=lost")
                .hasMessageContaining("workingDirectory=" + gone)
                .hasMessageContaining("ENOENT");
        assertThat(Processes.activeChildren()).isEmpty();
    }

    @Test
    void actionIsCopied() throws Exception {
        AtomicInteger n = new AtomicInteger(10);
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            n.set(100);
            System.out.print(n);
        });

        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo("100");
        assertThat(n).hasValue(10);
    }

    /** The other way to say what a child does. */
    static final class Countdown implements SerializableAction {
        private static final long serialVersionUID = 1;
        private int from;

        Countdown(int from) {
            this.from = from;
        }

        @Override
        public void run() {
            while (from > 0) {
                System.out.print(from--);
            }
        }
    }

    @Test
    void runsAnObjectWithItsOwnState() throws Exception {
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(new Countdown(3));

        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo("321");
    }

    @Test
    void takesAnActionOfManyMegabytes() throws Exception {
        byte[] load = new byte[64 << 20];
        Arrays.fill(load, (byte) 7);
        ChildProcess child = ChildProcess.builder().stdout(Output.captured()).start(() -> {
            long sum = 0;
            for (byte each : load) {
                sum += each;
            }
            System.out.print(sum);
        });

        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo(Long.toString(7L * load.length));
    }

    private static void killAndJoin(ChildProcess child) throws InterruptedException {
        child.kill();
        assertThat(child.join(Duration.ofSeconds(30))).isTrue();
    }

    private static void touch(String file) {
        try {
            Files.createFile(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        Marked.poll(Duration.ofSeconds(30), () -> Files.exists(file), () -> "no file: " + file);
    }

    private static List<String> publicMethodsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(java.lang.reflect.Method::getName)
                .toList();
    }
}
