package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableCallable;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a worker can die, done for real: the task it was in tells how, and nobody else notices. */
@ExtendWith(NothingLeft.class)
class WorkerDeathTest {
    @TempDir
    Path folder = Path.of(".");

    private ProcessPool pool;

    @BeforeEach
    void open() {
        pool = ProcessPool.builder()
                .size(1)
                .heap(64 << 20)
                .jvmOptions("-XX:ErrorFile=" + folder.resolve("hs_err_%p.log"))
                .stderr(_ -> {})
                .build();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static <T> T get(TaskFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private WorkerDiedException deathOf(SerializableCallable<Object> task) throws Exception {
        TaskFuture<Object> future = pool.submit(task, TaskOptions.defaults().withName("the task"));
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(future));
        assertThat(failure).as("the task must fail").isNotNull();
        assertThat(failure.getCause()).isInstanceOf(WorkerDiedException.class);
        assertThat(get(pool.submit(() -> 42))).as("the pool goes on").isEqualTo(42);
        WorkerDiedException death = (WorkerDiedException) failure.getCause();
        assertThat(death.task()).isEqualTo("the task");
        assertThat(death.deaths()).isEqualTo(1);
        assertThat(death).hasMessageContaining("(pid " + death.pid() + ") died while it ran the task: ");
        return death;
    }

    @Test
    void exit() throws Exception {
        WorkerDiedException death = deathOf(() -> {
            System.err.println("its last words");
            System.exit(3);
            return null;
        });

        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.EXIT);
        assertThat(death.exitCode()).hasValue(3);
        assertThat(death.lastErrors()).containsExactly("[the task] its last words");
        assertThat(death).hasMessageContaining("it exited, exitCode=3").hasMessageContaining("its last words");
    }

    @Test
    void exitWithZeroIsADeathToo() throws Exception {
        WorkerDiedException death = deathOf(() -> {
            System.exit(0);
            return null;
        });

        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.EXIT);
        assertThat(death.exitCode()).hasValue(0);
    }

    @Test
    void halt() throws Exception {
        WorkerDiedException death = deathOf(() -> {
            Runtime.getRuntime().halt(7);
            return null;
        });

        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.EXIT);
        assertThat(death.exitCode()).hasValue(7);
    }

    @Test
    @DisplayName("O23, F28: SIGKILL fails the task that ran, and no other")
    void sigkill() throws Exception {
        List<TaskFuture<Integer>> behind = new ArrayList<>();
        TaskFuture<Object> killed = pool.submit(() -> {
            Mishaps.killSelf();
            return null;
        });
        for (int i = 0; i < 20; i++) {
            int x = i;
            behind.add(pool.submit(() -> x));
        }

        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(killed));
        WorkerDiedException death = (WorkerDiedException) failure.getCause();
        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.SIGNAL);
        assertThat(death.exitCode()).hasValue(-9);
        assertThat(death).hasMessageContaining("it was ended by SIGKILL, exitCode=-9");
        for (int i = 0; i < 20; i++) {
            assertThat(get(behind.get(i))).isEqualTo(i);
        }
        assertThat(pool.statistics().restarts()).isEqualTo(1);
    }

    @Test
    void fullHeap() throws Exception {
        WorkerDiedException death = deathOf(() -> {
            Mishaps.fillHeap();
            return null;
        });

        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.OUT_OF_MEMORY);
        assertThat(death.exitCode()).hasValue(3);
        assertThat(death).hasMessageContaining("its heap was full").hasMessageContaining("Java heap space");
    }

    @Test
    void crashInNativeCode() throws Exception {
        WorkerDiedException death = deathOf(() -> {
            Mishaps.crash();
            return null;
        });

        assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.CRASH);
        assertThat(death.exitCode()).hasValue(-6);
        assertThat(death.crashFile()).hasValueSatisfying(file -> {
            assertThat(file).isEqualTo(folder.resolve("hs_err_" + death.pid() + ".log"));
            assertThat(Files.exists(file)).isTrue();
        });
        assertThat(death).hasMessageContaining("the JVM crashed").hasMessageContaining("SIGSEGV");
    }

    @Test
    void stackOverflowIsTheTasksOwnAndTheWorkerLives() throws Exception {
        long before = get(pool.submit(() -> ProcessHandle.current().pid()));
        TaskFuture<Integer> deep = pool.submit(() -> Mishaps.depth(Integer.MAX_VALUE));

        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(deep));

        assertThat(failure.getCause()).isInstanceOf(StackOverflowError.class);
        assertThat(get(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(before);
    }

    @Test
    void outOfMemoryErrorOfTheTasksOwnMakingIsAnException() throws Exception {
        TaskFuture<Object> thrown = pool.submit(() -> {
            throw new OutOfMemoryError("made up");
        });

        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(thrown));

        assertThat(failure.getCause()).isInstanceOf(OutOfMemoryError.class).hasMessage("made up");
    }

    @Test
    void taskIsStartedAgainAsOftenAsItsOptionsSay() throws Exception {
        Path count = folder.resolve("count");
        String path = count.toString();
        TaskFuture<Integer> third = pool.submit(
                () -> {
                    int attempt = Mishaps.countIn(path);
                    if (attempt < 3) {
                        Mishaps.killSelf();
                    }
                    return attempt;
                },
                TaskOptions.defaults().withRetries(2));

        assertThat(get(third)).isEqualTo(3);
        assertThat(pool.statistics().retried()).isEqualTo(2);
        assertThat(pool.statistics().restarts()).isEqualTo(2);
    }

    @Test
    void taskThatKillsEveryWorkerIsGivenUp() throws Exception {
        String path = folder.resolve("count").toString();
        TaskFuture<Integer> poison = pool.submit(
                () -> {
                    int attempt = Mishaps.countIn(path);
                    Mishaps.killSelf();
                    return attempt;
                },
                TaskOptions.defaults().withRetries(2));

        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(poison));

        assertThat(failure.getCause()).isInstanceOfSatisfying(WorkerDiedException.class, death -> {
            assertThat(death.deaths()).isEqualTo(3);
            assertThat(death).hasMessageContaining("workers that died with this task=3");
        });
        assertThat(Files.size(Path.of(path))).isEqualTo(3);
        assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
    }

    @Test
    void spareTakesThePlaceOfOneThatDied() throws Exception {
        long first = get(pool.submit(() -> ProcessHandle.current().pid()));
        Set<Long> dying = new HashSet<>();
        for (int death = 1; death <= 2; death++) {
            dying.add(first);
            Marked.poll(
                    Duration.ofSeconds(30),
                    () -> Processes.activeChildren().stream().anyMatch(child -> !dying.contains(child.pid())),
                    () -> "there is no spare: " + Processes.activeChildren());
            List<Long> spares = Processes.activeChildren().stream()
                    .map(ChildProcess::pid)
                    .filter(pid -> !dying.contains(pid))
                    .toList();
            TaskFuture<Object> deadly = pool.submit(() -> {
                Mishaps.killSelf();
                return null;
            });
            assertThat(catchThrowableOfType(ExecutionException.class, () -> get(deadly)))
                    .hasCauseInstanceOf(WorkerDiedException.class);

            long next = get(pool.submit(() -> ProcessHandle.current().pid()));

            assertThat(spares).as("death " + death).containsExactly(next);
            first = next;
        }
    }

    @Test
    void idleWorkerThatIsKilledIsReplaced() throws Exception {
        long first = get(pool.submit(() -> ProcessHandle.current().pid()));
        new ProcessBuilder("kill", "-9", Long.toString(first)).start().waitFor();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (get(pool.submit(() -> ProcessHandle.current().pid())) == first) {
            assertThat(System.nanoTime() - deadline).isNegative();
        }
    }
}
