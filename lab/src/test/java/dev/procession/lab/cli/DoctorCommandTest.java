package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.core.FencedLock;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.Space;
import dev.procession.process.ChildProcess;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class DoctorCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--dir=" + place;
        return new Commands(print(out), print(err), Terminal.detect(Map.of()), List.of()).execute(all);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Space kitchen() {
        return Space.open(URI.create("shm:kitchen"), Map.of("dir", place, "deadlocks", "report"));
    }

    @Test
    void a_healthy_space_is_shown_and_nothing_is_changed() throws Exception {
        assertThat(run("doctor")).isZero();
        assertThat(said()).startsWith("no spaces in ");
        try (Space kitchen = kitchen()) {
            FencedLock _ = kitchen.lock("noodles");
            LeasedQueue<String> orders = kitchen.queue("orders", String.class, QueueLimits.ofCapacity(2));
            orders.put("soup");
            byte[] before = everything();
            assertThat(run("doctor", "kitchen")).isZero();
            assertThat(everything()).isEqualTo(before);
            assertThat(said()).contains("space kitchen", "noodles", "free", "orders", "1 of 2", "healthy");
            assertThat(said()).contains(ProcessHandle.current().pid() + " ");
        }
    }

    /** The file up to its heap, but for the heartbeats of the living, which move by themselves. */
    private byte[] everything() throws Exception {
        try (var files = Files.walk(place)) {
            Path file = files.filter(Files::isRegularFile).findAny().orElseThrow();
            try (InputStream content = Files.newInputStream(file)) {
                byte[] bytes = content.readNBytes(24 << 20);
                Arrays.fill(bytes, 4096, 1 << 20, (byte) 0);
                return bytes;
            }
        }
    }

    @Test
    void a_typing_error_is_named_and_misuse_refused() {
        try (Space _ = kitchen()) {
            assertThat(run("doctor", "kichten")).isEqualTo(64);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("Did you mean kitchen?")
                    .hasLineCount(1);
            assertThat(run("doctor", "--jsn")).isEqualTo(64);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("Did you mean --json?");
            assertThat(run("doctor", "--patience=-1")).isEqualTo(64);
            assertThat(run("doctor", "--help")).isZero();
            assertThat(said()).contains("2 deadlock");
        }
    }

    @Test
    void a_full_queue_is_a_warning() throws Exception {
        try (Space kitchen = kitchen()) {
            LeasedQueue<String> orders = kitchen.queue("orders", String.class, QueueLimits.ofCapacity(1));
            orders.put("soup");
            assertThat(run("doctor", "--watch", "shm:kitchen", "--pause=0.01", "--looks=2", "--json"))
                    .isEqualTo(1);
            List<String> lines = said().lines().toList();
            assertThat(lines).hasSize(2);
            JsonNode finding =
                    new JsonMapper().readTree(lines.getFirst()).get("findings").get(0);
            assertThat(finding.get("kind").asString()).isEqualTo("full queue");
            assertThat(finding.get("message").asString()).contains("orders", "1 of at most 1");
            assertThat(orders.take()).isEqualTo("soup");
            assertThat(run("doctor")).isZero();
        }
    }

    @Test
    void who_is_waited_for_too_long_and_who_died_holding_a_lock_is_named() throws Exception {
        try (Space kitchen = kitchen()) {
            FencedLock noodles = kitchen.lock("noodles");
            ChildProcess cook = ChildProcess.builder().name("cook").start(() -> holdForEver(noodles));
            try {
                Background.until(() -> run("doctor") == 0 && said().contains("cook (pid " + cook.pid()));
                Background<Boolean> waiter = Background.run(noodles::lock);
                Background.until(() -> run("doctor", "--patience=0.05") == 1);
                assertThat(said())
                        .contains("held too long in kitchen: noodles is held by cook (pid " + cook.pid())
                        .contains("thread background) at Background.java:");
                cook.kill();
                assertThat(waiter.result()).isTrue();
                Background.until(() -> run("doctor") == 1 && said().contains("in doubt in kitchen: noodles"));
            } finally {
                end(cook);
            }
        }
    }

    private static void end(ChildProcess child) throws InterruptedException {
        child.kill();
        child.join();
        child.close();
    }

    private static void holdForEver(FencedLock noodles) throws InterruptedException {
        noodles.lock();
        new CountDownLatch(1).await();
    }

    @Test
    void a_deadlock_is_named_and_ends_by_a_kill() throws Exception {
        try (Space kitchen = kitchen()) {
            FencedLock noodles = kitchen.lock("noodles");
            FencedLock chopsticks = kitchen.lock("chopsticks");
            ChildProcess one = ChildProcess.builder().name("Egon").start(() -> takeBoth(noodles, chopsticks));
            ChildProcess other = ChildProcess.builder().name("Alex").start(() -> takeBoth(chopsticks, noodles));
            try {
                Background.until(() -> run("doctor") == 2);
                assertThat(said())
                        .contains("deadlock in kitchen: ", "Egon (pid " + one.pid(), "Alex (pid " + other.pid());
                assertThat(said()).contains("which waits for ", "DoctorCommandTest.java:");
                one.kill();
                Background.until(() -> run("doctor") < 2);
                other.join();
                assertThat(other.exitCode()).hasValue(0);
            } finally {
                end(one);
                end(other);
            }
        }
    }

    /** Once the other holds the second, so that there is no way out. */
    private static void takeBoth(FencedLock first, FencedLock second) {
        first.lock();
        while (second.tryLock()) {
            second.unlock();
            Thread.onSpinWait();
        }
        second.lock();
    }
}
