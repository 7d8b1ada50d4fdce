package dev.procession.shm.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes made, bound, signalled and collected without the JDK. */
@ExtendWith(NothingLeft.class)
class PosixSpawnTest {
    private static final int NOTHING = PosixSpawn.NOTHING;

    @Test
    void givesTheProcessItsDescriptorsArgumentsVariablesAndFolder(@TempDir Path folder) throws Exception {
        String script = "cat <&3; printf '%s|%s|%s|' \"$1\" \"$NAME\" \"$PWD\"; ls /proc/self/fd | tr '\\n' ' '";
        try (AnonymousPipe out = AnonymousPipe.open();
                AnonymousPipe extra = AnonymousPipe.open()) {
            FileInputStream reader = out.reader();
            try (var writer = extra.writer()) {
                writer.write("through 3|".getBytes(StandardCharsets.UTF_8));
            }
            long pid = PosixSpawn.start(new PosixSpawn.Order(
                    List.of("/bin/sh", "-c", script, "sh", "an argument"),
                    List.of(
                            "NAME=värde".getBytes(StandardCharsets.UTF_8),
                            "PATH=/bin:/usr/bin".getBytes(StandardCharsets.UTF_8)),
                    folder.toString(),
                    List.of(NOTHING, out.writeDescriptor(), NOTHING, extra.readDescriptor())));
            extra.close();
            out.close();

            String said = new String(reader.readAllBytes(), StandardCharsets.UTF_8);
            reader.close();

            // `ls` has its four, and one on the folder it lists.
            assertThat(said).isEqualTo("through 3|an argument|värde|" + folder.toRealPath() + "|0 1 2 3 4 ");
            assertThat(PosixSpawn.await(pid)).isEqualTo(new PosixSpawn.Ending(0, false));
            PosixSpawn.collect(pid);
        }
    }

    @Test
    void processLeadsItsOwnGroup() throws Exception {
        long pid = shell("sleep 300 & wait");

        assertThat(Signals.groupOf(pid)).isEqualTo(pid);
        assertThat(Signals.sendToGroup(pid, Signals.KILL)).isTrue();

        assertThat(endOf(pid)).isEqualTo(new PosixSpawn.Ending(Signals.KILL, true));
    }

    @Test
    void endingTellsAnExitCodeFromASignal() throws Exception {
        assertThat(endOf(shell("exit 137"))).isEqualTo(new PosixSpawn.Ending(137, false));
        assertThat(endOf(shell("kill -KILL $$"))).isEqualTo(new PosixSpawn.Ending(9, true));
        assertThat(endOf(shell("kill -TERM $$"))).isEqualTo(new PosixSpawn.Ending(15, true));
    }

    @Test
    void endedProcessKeepsItsPidUntilCollected() throws Exception {
        long pid = shell("exit 0");

        PosixSpawn.await(pid);

        assertThat(Signals.send(pid, 0)).isTrue();
        PosixSpawn.collect(pid);
        assertThat(Signals.send(pid, 0)).isFalse();
        assertThatThrownBy(() -> PosixSpawn.await(pid)).hasMessageContaining("ECHILD");
    }

    @Test
    void noSignalIsBlockedInTheProcess() throws Exception {
        try (AnonymousPipe out = AnonymousPipe.open();
                FileInputStream reader = out.reader()) {
            long pid = PosixSpawn.start(new PosixSpawn.Order(
                    List.of("/bin/grep", "SigBlk", "/proc/self/status"),
                    List.of(),
                    null,
                    List.of(NOTHING, out.writeDescriptor(), NOTHING)));
            out.close();

            assertThat(new String(reader.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("SigBlk:\t0000000000000000\n");
            endOf(pid);
        }
    }

    @Test
    void refusalSaysWhy() {
        assertThatThrownBy(() -> PosixSpawn.start(order("/no/such/program")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot start /no/such/program: errno=2 (ENOENT: no such file or folder)");
        assertThatThrownBy(() -> PosixSpawn.start(order("/etc/passwd")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("EACCES");
        assertThatThrownBy(() -> PosixSpawn.start(order("/bin/echo", "a\0b"))).hasMessageContaining("zero byte");
        assertThatThrownBy(() -> PosixSpawn.start(order("/bin/echo", "x".repeat(1 << 18))))
                .hasMessageContaining("E2BIG");
    }

    @Test
    void cutLifelineKillsTheWholeGroupThoughItIsStopped(@TempDir Path folder) throws Exception {
        Path pids = folder.resolve("pids");
        try (AnonymousPipe pipe = AnonymousPipe.open()) {
            long pid = PosixSpawn.start(new PosixSpawn.Order(
                    List.of(
                            "/bin/sh",
                            "-c",
                            "sleep 300 & echo $! > " + pids + ".new; mv " + pids + ".new " + pids + "; wait"),
                    List.of("PATH=/bin:/usr/bin".getBytes(StandardCharsets.UTF_8)),
                    null,
                    List.of(NOTHING, NOTHING, NOTHING, pipe.readDescriptor())));
            Lifeline lifeline = Lifeline.bind(pipe, pid);
            pipe.close();
            await(() -> Files.exists(pids));
            long sleeper = Long.parseLong(Files.readString(pids).strip());
            Signals.sendToGroup(pid, Signals.STOP);
            assertThat(Signals.send(sleeper, 0)).isTrue();

            lifeline.cut();

            assertThat(endOf(pid)).isEqualTo(new PosixSpawn.Ending(Signals.KILL, true));
            await(() -> ProcessIdentity.of(sleeper) == null);
        }
    }

    /** A group that has lost its leader and its lifeline's reading end is out of reach, and so is whoever got its number. */
    @Test
    void lifelineOfALeaderThatEndedKillsNobody(@TempDir Path folder) throws Exception {
        try (AnonymousPipe pipe = AnonymousPipe.open()) {
            long pid = PosixSpawn.start(new PosixSpawn.Order(
                    List.of("/bin/true"), List.of(), null, List.of(NOTHING, NOTHING, NOTHING, pipe.readDescriptor())));
            Lifeline lifeline = Lifeline.bind(pipe, pid);
            pipe.close();
            endOf(pid);

            lifeline.cut();

            assertThat(ProcessHandle.current().isAlive()).isTrue();
        }
    }

    private static PosixSpawn.Order order(String... command) {
        return new PosixSpawn.Order(
                List.of(command),
                List.of("PATH=/bin:/usr/bin".getBytes(StandardCharsets.UTF_8)),
                null,
                List.of(NOTHING, NOTHING, NOTHING));
    }

    private static long shell(String script) throws IOException {
        return PosixSpawn.start(order("/bin/sh", "-c", script));
    }

    /** A native wait does not hear JUnit's time-out: what should have ended is killed after ten seconds, stopped or not. */
    private static PosixSpawn.Ending endOf(long pid) {
        var overdue = CompletableFuture.runAsync(
                () -> Signals.sendToGroup(pid, Signals.KILL), CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS));
        PosixSpawn.Ending ending = PosixSpawn.await(pid);
        assertThat(overdue.cancel(false)).as("ended in time").isTrue();
        PosixSpawn.collect(pid);
        return ending;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - deadlineNanos).as("time left").isNegative();
            Thread.sleep(5);
        }
    }
}
