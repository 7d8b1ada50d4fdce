package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What workers keep from task to task, and what travels to them and back. */
@ExtendWith(NothingLeft.class)
class PoolStateTest {
    @TempDir
    Path folder = Path.of(".");

    private static <T> T get(TaskFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void stateIsMadeOnceAWorkerAndEnded() throws Exception {
        String ended = folder.resolve("ended").toString();
        try (ProcessPool pool = ProcessPool.<AtomicInteger>builder()
                .size(1)
                .withoutSpare()
                .init(() -> new AtomicInteger(100))
                .exit(count -> write(ended, "count=" + count.get()))
                .build()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(get(pool.submit(
                                () -> ProcessPool.state(AtomicInteger.class).incrementAndGet())))
                        .isEqualTo(100 + i);
            }
        }
        assertThat(Files.readString(Path.of(ended))).isEqualTo("count=103");
    }

    @Test
    void anEndThatTakesLongerThanItsTimeIsCutShort() throws Exception {
        String ended = folder.resolve("ended").toString();
        ProcessPool pool = ProcessPool.<AtomicInteger>builder()
                .size(1)
                .withoutSpare()
                .endTime(Duration.ofMillis(100))
                .init(() -> new AtomicInteger(100))
                .exit(_ -> {
                    write(ended, "begun");
                    Mishaps.hang();
                })
                .build();
        assertThat(get(pool.submit(() -> 1))).isEqualTo(1);
        pool.shutdown();

        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEndTimeIsPositive() {
        assertThatThrownBy(() -> ProcessPool.builder().endTime(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endTime=PT0S");
    }

    private static void write(String path, String text) {
        try {
            Files.writeString(Path.of(path), text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void failingInitFailsTheTasksAfterThreeAttempts() throws Exception {
        String attempts = folder.resolve("attempts").toString();
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .withoutSpare()
                .init(() -> {
                    try {
                        Mishaps.countIn(attempts);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    throw new IllegalStateException("no database");
                })
                .build()) {
            TaskFuture<Integer> early = pool.submit(() -> 1);

            ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(early));

            assertThat(failure.getCause())
                    .hasMessageContaining("no worker of this pool gets ready")
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("no database");
            assertThat(Files.size(Path.of(attempts))).isEqualTo(3);
            TaskFuture<Integer> late = pool.submit(() -> 1);
            assertThatThrownBy(() -> get(late)).hasRootCauseMessage("no database");
        }
    }

    @Test
    void stateIsForWorkersOnly() {
        assertThatThrownBy(() -> ProcessPool.state(String.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no worker of a pool");
    }

    @Test
    void sharedValueIsBuiltOnceAWorker() throws Exception {
        try (ProcessPool pool = ProcessPool.builder().size(2).build();
                Broadcast<int[]> table = pool.share(new int[] {1, 2, 3})) {
            List<TaskFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(pool.submit(() -> ProcessHandle.current().pid() + " " + System.identityHashCode(table.get())
                        + " " + Arrays.stream(table.get()).sum()));
            }
            Set<String> seen = new HashSet<>();
            for (TaskFuture<String> each : all) {
                seen.add(get(each));
            }
            assertThat(seen).hasSizeBetween(1, 2).allMatch(each -> each.endsWith(" 6"));
            assertThat(table.get()).containsExactly(1, 2, 3);
            table.close();
            TaskFuture<Integer> late = pool.submit(() -> table.get().length);
            assertThatThrownBy(() -> get(late))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the broadcast was closed");
        }
    }

    @Test
    void largeArgumentsAndResultsTravel() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(1).withoutSpare().heap(1500L << 20).build()) {
            byte[] large = new byte[100_000_000];
            for (int i = 0; i < large.length; i += 4096) {
                large[i] = (byte) (i >> 12);
            }
            for (int round = 0; round < 12; round++) { // 2.4 GB in all
                byte[] back = pool.map(bytes -> bytes, List.of(large)).getFirst();
                assertThat(Arrays.equals(back, large)).isTrue();
            }
        }
    }

    @Test
    @Tag("soak")
    void argumentAndResultOfHalfAGibibyteTravel() throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(1).withoutSpare().heap(2600L << 20).build()) {
            byte[] large = new byte[512 << 20];
            large[large.length / 2] = 7;
            large[large.length - 1] = 9;

            byte[] back = get(pool.submit(() -> large));

            assertThat(Arrays.mismatch(back, large)).isEqualTo(-1);
        }
    }

    @Test
    void linesBearTheNamesOfWorkerAndTask() throws Exception {
        var lines = new ConcurrentLinkedQueue<String>();
        try (ProcessPool pool = ProcessPool.builder()
                .name("printers")
                .size(1)
                .withoutSpare()
                .stdout(lines::add)
                .build()) {
            get(pool.submit(() -> {
                System.out.println("one\ntwo");
                System.out.print("three");
                return null;
            }));
        }
        assertThat(lines).hasSize(3).allMatch(line -> line.startsWith("[printers-worker-1] [task-"));
        assertThat(lines.stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactly("one", "two", "three");
    }

    @Test
    void poolsNest() throws Exception {
        try (ProcessPool outer = ProcessPool.builder().size(1).withoutSpare().build()) {
            List<Integer> squares = get(outer.submit(() -> {
                try (ProcessPool inner =
                        ProcessPool.builder().size(1).withoutSpare().build()) {
                    return inner.map(x -> x * x, List.of(1, 2, 3));
                }
            }));

            assertThat(squares).containsExactly(1, 4, 9);
        }
    }
}
