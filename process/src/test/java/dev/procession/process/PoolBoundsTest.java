package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskDeadlineException;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import dev.procession.core.WhenFull;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a pool holds its tasks and its workers to. */
@ExtendWith(NothingLeft.class)
class PoolBoundsTest {
    @TempDir
    Path folder = Path.of(".");

    private static <T> T get(TaskFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static void awaitFile(Path file) throws InterruptedException {
        Marked.poll(Duration.ofSeconds(30), () -> Files.exists(file), () -> "there is no " + file);
    }

    private static ProcessPool one() {
        return ProcessPool.builder().size(1).build();
    }

    @Test
    void endlessTaskIsKilledAtItsDeadlineAndTellsWhereItWas() throws Exception {
        try (ProcessPool pool = one()) {
            TaskFuture<Object> endless = pool.submit(
                    () -> {
                        Mishaps.hang();
                        return null;
                    },
                    TaskOptions.defaults()
                            .withName("endless")
                            .withDeadline(Duration.ofMillis(200))
                            .withGrace(Duration.ofMillis(50)));

            ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(endless));

            assertThat(failure.getCause())
                    .isInstanceOf(TaskDeadlineException.class)
                    .hasMessageContaining("task=endless")
                    .hasMessageContaining("deadline=PT0.2S");
            assertThat(failure.getCause().getCause()).isInstanceOf(StuckTaskException.class);
            assertThat(failure.getCause().getCause().getStackTrace()[0].getMethodName())
                    .isIn("hang", "onSpinWait");
            endless.gone().get(30, TimeUnit.SECONDS);
            assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    @DisplayName("a worker that says nothing any more is killed half a second later, without a dump")
    void stoppedWorkerIsKilledAtItsTasksDeadline() throws Exception {
        try (ProcessPool pool = one()) {
            TaskFuture<Object> stopped = pool.submit(
                    () -> {
                        new ProcessBuilder(
                                        "kill",
                                        "-STOP",
                                        Long.toString(ProcessHandle.current().pid()))
                                .start()
                                .waitFor();
                        return null;
                    },
                    TaskOptions.defaults().withDeadline(Duration.ofMillis(300)).withGrace(Duration.ZERO));

            ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(stopped));

            assertThat(failure.getCause())
                    .isInstanceOf(TaskDeadlineException.class)
                    .hasNoCause();
            stopped.gone().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancelledTaskIsKilledWithAllThatItStarted() throws Exception {
        String mark = UUID.randomUUID().toString();
        Path up = folder.resolve("up");
        String path = up.toString();
        try (ProcessPool pool = one()) {
            TaskFuture<Object> family = pool.submit(
                    () -> {
                        var shell = new ProcessBuilder(
                                "sh",
                                "-c",
                                // a child, a grandchild in a session of its own, and one whose parent is gone
                                "sleep 600 & setsid sleep 600 & (setsid sleep 600 &) ; touch " + path + "; wait");
                        shell.environment().put(Marked.VARIABLE, mark);
                        shell.start();
                        Mishaps.hang();
                        return null;
                    },
                    TaskOptions.defaults().withGrace(Duration.ZERO));
            awaitFile(up);
            Marked.awaitCount(mark, 4, Duration.ofSeconds(10));

            family.cancel(true);

            assertThat(family.isDone()).isTrue();
            Marked.awaitNone(mark, Duration.ofSeconds(10));
            family.gone().get(30, TimeUnit.SECONDS);
            assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void taskThatHeedsTheInterruptKeepsItsWorker() throws Exception {
        Path up = folder.resolve("up");
        String path = up.toString();
        try (ProcessPool pool = one()) {
            long worker = get(pool.submit(() -> ProcessHandle.current().pid()));
            TaskFuture<Object> sleeping = pool.submit(
                    () -> {
                        Files.createFile(Path.of(path));
                        Thread.sleep(Duration.ofMinutes(5));
                        return null;
                    },
                    TaskOptions.defaults().withGrace(Duration.ofSeconds(30)));
            awaitFile(up);

            sleeping.cancel(true);

            sleeping.gone().get(30, TimeUnit.SECONDS);
            assertThat(get(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(worker);
        }
    }

    @Test
    @DisplayName("O25, F34: a worker is replaced after so many tasks, and none is lost")
    void workerIsReplacedAfterSoManyTasks() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(1).maxTasksPerWorker(3).build()) {
            List<Long> pids = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                pids.add(get(pool.submit(() -> ProcessHandle.current().pid())));
            }

            assertThat(pids.subList(0, 3)).containsOnly(pids.getFirst());
            assertThat(pids.subList(3, 6)).containsOnly(pids.get(3)).doesNotContain(pids.getFirst());
            assertThat(pids.get(6)).isNotIn(pids.get(0), pids.get(3));
            assertThat(pool.statistics().restarts()).isZero();
        }
    }

    @Test
    void tasksThatAreQueuedWhenTheirWorkerIsReplacedAreRun() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(1).maxTasksPerWorker(5).build()) {
            List<TaskFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int x = i;
                all.add(pool.submit(() -> x));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(get(all.get(i))).isEqualTo(i);
            }
        }
    }

    @Test
    void workerThatSaysSoIsReplacedAndBeginsOnNothingMore() throws Exception {
        try (ProcessPool pool = ProcessPool.<AtomicInteger>builder()
                .size(1)
                .init(AtomicInteger::new)
                .replaceWhen(seen -> seen.get() >= 4)
                .build()) {
            List<TaskFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                all.add(pool.submit(() -> ProcessPool.state(AtomicInteger.class).incrementAndGet()));
            }
            List<Integer> seen = new ArrayList<>();
            for (TaskFuture<Integer> each : all) {
                seen.add(get(each));
            }
            assertThat(seen)
                    .as("quick tasks are sent ahead, but never run by a worn worker")
                    .allMatch(n -> n <= 4)
                    .contains(4);
            assertThat(pool.statistics().restarts()).isZero();
        }
    }

    @Test
    void workersShareTheProcessors() throws Exception {
        try (ProcessPool shared = ProcessPool.of(Processes.cpuCount());
                ProcessPool chosen = ProcessPool.builder().size(1).processors(3).build()) {
            assertThat(get(shared.submit(() -> Runtime.getRuntime().availableProcessors())))
                    .isEqualTo(1);
            assertThat(get(chosen.submit(() -> Runtime.getRuntime().availableProcessors())))
                    .isEqualTo(3);
        }
        assertThatThrownBy(() -> ProcessPool.builder().processors(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("processors=0");
    }

    @Test
    void workerThatIsTooOldIsReplaced() throws Exception {
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .maxWorkerAge(Duration.ofMillis(300))
                .build()) {
            long first = get(pool.submit(() -> ProcessHandle.current().pid()));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (get(pool.submit(() -> ProcessHandle.current().pid())) == first) {
                assertThat(System.nanoTime() - deadline).isNegative();
            }
        }
    }

    @Test
    void workerThatTakesTooMuchMemoryIsKilledInTheMiddleOfItsTask() throws Exception {
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .heap(512 << 20)
                .maxResident(128 << 20)
                .build()) {
            TaskFuture<Integer> hungry = pool.submit(() -> {
                byte[] much = new byte[300 << 20];
                for (int i = 0; i < much.length; i += 1024) {
                    much[i] = 1;
                }
                Mishaps.hang();
                return much.length;
            });

            ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(hungry));

            assertThat(failure.getCause())
                    .isInstanceOfSatisfying(
                            WorkerDiedException.class,
                            death -> assertThat(death.exitCode()).hasValue(-9));
            assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void numberOfWorkersFollowsTheWork() throws Exception {
        try (ProcessPool pool = ProcessPool.builder()
                .size(3)
                .min(0)
                .withoutSpare()
                .idleTime(Duration.ofMillis(200))
                .build()) {
            assertThat(Processes.activeChildren()).isEmpty();
            String base = folder.toString();
            List<TaskFuture<Long>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int x = i;
                all.add(pool.submit(() -> {
                    Files.createFile(Path.of(base, "at-" + x));
                    while (new File(base).list().length < 3) {
                        Thread.sleep(5);
                    }
                    return ProcessHandle.current().pid();
                }));
            }
            Set<Long> pids = new HashSet<>();
            for (TaskFuture<Long> each : all) {
                pids.add(get(each));
            }
            assertThat(pids).as("all three ran at once").hasSize(3);

            Marked.poll(
                    Duration.ofSeconds(30),
                    () -> Processes.activeChildren().isEmpty(),
                    () -> "idle workers stay: " + Processes.activeChildren());
            assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void fullQueueRejects() throws Exception {
        Path go = folder.resolve("go");
        String path = go.toString();
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .queueCapacity(2)
                .whenFull(WhenFull.REJECT)
                .build()) {
            List<TaskFuture<Object>> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(pool.submit(() -> {
                    while (!Files.exists(Path.of(path))) {
                        Thread.sleep(5);
                    }
                    return null;
                }));
                if (i == 0) {
                    Marked.poll(Duration.ofSeconds(30), taken.getFirst()::isRunning, () -> "it does not start");
                }
            }

            assertThatThrownBy(() -> pool.submit(() -> 1))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("capacity=2");
            taken.get(2).cancel(false);
            TaskFuture<Integer> next = pool.submit(() -> 1);
            Files.createFile(go);
            assertThat(get(next)).isEqualTo(1);
        }
    }

    @Test
    void fullQueueRunsTheTaskInTheCaller() throws Exception {
        Path go = folder.resolve("go");
        String path = go.toString();
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .queueCapacity(1)
                .whenFull(WhenFull.CALLER_RUNS)
                .build()) {
            List<TaskFuture<Object>> taken = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                taken.add(pool.submit(() -> {
                    while (!Files.exists(Path.of(path))) {
                        Thread.sleep(5);
                    }
                    return null;
                }));
                if (i == 0) {
                    Marked.poll(Duration.ofSeconds(30), taken.getFirst()::isRunning, () -> "it does not start");
                }
            }

            TaskFuture<Long> here = pool.submit(() -> ProcessHandle.current().pid());

            assertThat(here).isDone();
            assertThat(get(here)).isEqualTo(ProcessHandle.current().pid());
            Files.createFile(go);
        }
    }

    @Test
    void fullQueueHoldsTheSubmitterUp() throws Exception {
        Path go = folder.resolve("go");
        String path = go.toString();
        try (ProcessPool pool = ProcessPool.builder().size(1).queueCapacity(1).build()) {
            TaskFuture<Object> first = pool.submit(() -> {
                while (!Files.exists(Path.of(path))) {
                    Thread.sleep(5);
                }
                return null;
            });
            Marked.poll(Duration.ofSeconds(30), first::isRunning, () -> "it does not start");
            TaskFuture<Integer> _ = pool.submit(() -> 1);
            var submitted = new CountDownLatch(1);
            Thread submitter = Thread.ofPlatform().start(() -> {
                TaskFuture<Integer> _ = pool.submit(() -> 2);
                submitted.countDown();
            });
            Marked.poll(
                    Duration.ofSeconds(30),
                    () -> submitter.getState() == Thread.State.WAITING,
                    () -> "it does not wait: " + submitter.getState());
            assertThat(submitted.getCount()).isOne();

            Files.createFile(go);

            assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
            submitter.join();
        }
    }
}
