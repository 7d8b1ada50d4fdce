package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.core.TaskFuture;
import dev.procession.process.ChildProcess;
import dev.procession.process.ProcessPool;
import dev.procession.shm.SharedEvent;
import dev.procession.shm.SharedLock;
import dev.procession.shm.SharedQueue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor} asked about this very process: the memory it shares with its children, and its pools. */
@Timeout(120)
class DoctorFamilyTest {
    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Commands(print(out), print(err), Terminal.detect(Map.of()), List.of()).execute(arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() {
        int _ = run("doctor", SELF, "--json");
        return new JsonMapper().readTree(said());
    }

    @Test
    void a_full_queue_of_a_family_is_a_warning() throws Exception {
        try (SharedQueue<String> orders = SharedQueue.create(1)) {
            orders.put("soup");
            assertThat(run("doctor", SELF)).isEqualTo(1);
            assertThat(said()).containsPattern("space anonymous-[0-9a-f]{8} ");
            assertThat(said())
                    .containsPattern(
                            "full queue in anonymous-([0-9a-f]{8}): SharedQueue \\1/\\d+: 1 of at most 1 items wait");
            assertThat(orders.take()).isEqualTo("soup");
            int _ = run("doctor", SELF);
            assertThat(said()).contains("0 of 1").doesNotContain("full queue");
        }
    }

    @Test
    void a_deadlock_of_two_children_is_named_and_ends_by_a_kill() throws Exception {
        try (SharedLock noodles = SharedLock.create();
                SharedLock chopsticks = SharedLock.create()) {
            ChildProcess one = ChildProcess.builder().name("Egon").start(() -> takeBoth(noodles, chopsticks));
            ChildProcess other = ChildProcess.builder().name("Alex").start(() -> takeBoth(chopsticks, noodles));
            try {
                Background.until(() -> run("doctor", Long.toString(one.pid())) == 2);
                assertThat(said())
                        .containsPattern("deadlock in anonymous-[0-9a-f]{8}: ")
                        .contains("Egon (pid " + one.pid(), "Alex (pid " + other.pid(), "which waits for SharedLock ")
                        .contains("DoctorFamilyTest.java:");
                one.kill();
                Background.until(() -> run("doctor", SELF) < 2);
                other.join();
                assertThat(other.exitCode()).hasValue(0);
            } finally {
                end(one);
                end(other);
            }
        }
    }

    private static void end(ChildProcess child) throws InterruptedException {
        child.kill();
        child.join();
    }

    /** Once the other holds the second, so that there is no way out. */
    private static void takeBoth(SharedLock first, SharedLock second) {
        first.lock();
        while (second.tryLock()) {
            second.unlock();
            Thread.onSpinWait();
        }
        second.lock();
    }

    @Test
    void a_pool_shows_its_workers_and_what_waits_for_them() throws Exception {
        try (SharedEvent begun = SharedEvent.create();
                SharedEvent end = SharedEvent.create();
                ProcessPool pool = ProcessPool.builder()
                        .name("kitchen")
                        .size(1)
                        .queueCapacity(2)
                        .build()) {
            TaskFuture<?> cooking = pool.submit(() -> {
                begun.set();
                end.await();
                return "done";
            });
            begun.await();
            List<TaskFuture<?>> waiting = List.<TaskFuture<?>>of(pool.submit(() -> {}), pool.submit(() -> {}));
            JsonNode kitchen = kitchen(json());
            assertThat(kitchen.get("waiting").asInt()).isEqualTo(2);
            assertThat(kitchen.get("capacity").asInt()).isEqualTo(2);
            JsonNode worker = kitchen.get("workers").get(0);
            assertThat(ProcessHandle.of(worker.get("pid").asLong())
                            .orElseThrow()
                            .parent())
                    .hasValue(ProcessHandle.current());
            assertThat(worker.get("workingMillis").asLong()).isNotNegative();
            Background.until(() -> run("doctor", SELF) == 1 && said().contains("spare"));
            assertThat(said())
                    .contains("pool kitchen of pid " + SELF + ": 2 of 2 tasks wait", "in a task for ")
                    .contains(
                            "full queue in pool kitchen of pid " + SELF + ": 2 of at most 2 tasks wait for 1 workers");

            end.set();
            cooking.get();
            for (TaskFuture<?> each : waiting) {
                each.get();
            }
            Background.until(() -> !kitchen(json()).get("workers").get(0).has("workingMillis"));
            assertThat(kitchen(json()).get("waiting").asInt()).isZero();
            int _ = run("doctor", SELF);
            assertThat(said()).contains("idle").doesNotContain("full queue in pool kitchen");
        }
        assertThat(json().get("pools").findValuesAsString("name")).doesNotContain("kitchen");
    }

    private static JsonNode kitchen(JsonNode seen) {
        return StreamSupport.stream(seen.get("pools").spliterator(), false)
                .filter(pool -> pool.get("name").asString().equals("kitchen"))
                .findAny()
                .orElseThrow();
    }

    @Test
    void a_worker_that_was_killed_in_its_task_is_seen_no_more() throws Exception {
        try (SharedEvent begun = SharedEvent.create();
                ProcessPool pool = ProcessPool.builder().name("kitchen").size(1).build()) {
            TaskFuture<?> cooking = pool.submit(() -> {
                begun.set();
                new CountDownLatch(1).await();
                return "never";
            });
            begun.await();
            long cook = kitchen(json()).get("workers").get(0).get("pid").asLong();
            assertThat(ProcessHandle.of(cook).orElseThrow().destroyForcibly()).isTrue();
            Background.until(() -> cooking.isDone());
            Background.until(() -> pids(json()).stream().anyMatch(pid -> pid != cook));
            assertThat(pids(json())).doesNotContain(cook);
        }
    }

    private static List<Long> pids(JsonNode seen) {
        return seen.get("pools").findValues("pid").stream()
                .map(JsonNode::asLong)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .toList();
    }

    @Test
    void a_process_that_is_none_is_misuse() {
        assertThat(run("doctor", "999999999")).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no space 999999999 in ", "no process 999999999")
                .hasLineCount(1);
    }
}
