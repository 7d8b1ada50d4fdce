package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks in another process: what travels there and back, and what cannot. */
@ExtendWith(NothingLeft.class)
class ProcessPoolTest {
    private static <T> T get(TaskFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static Throwable failureOf(TaskFuture<?> future) {
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(future));
        assertThat(failure).as("the task must fail").isNotNull();
        return failure.getCause();
    }

    @Test
    void taskRunsInAnotherProcess() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            int captured = 40;
            TaskFuture<Long> pid = pool.submit(() -> ProcessHandle.current().pid());
            TaskFuture<Integer> sum = pool.submit(() -> captured + 2);

            assertThat(get(pid)).isNotEqualTo(ProcessHandle.current().pid());
            assertThat(get(sum)).isEqualTo(42);
        }
    }

    private static int thrower() {
        throw new IllegalArgumentException("123");
    }

    @Test
    @DisplayName("O19, F33: what a task throws arrives with type and message, and the stack it had over there")
    void whatATaskThrowsArrives() {
        try (ProcessPool pool = ProcessPool.of(1)) {
            Throwable failure = failureOf(pool.submit(() -> thrower()));

            assertThat(failure)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("123");
            assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("thrower");
            assertThat(failure.getStackTrace())
                    .as("the worker's frames, which no thread of this process has")
                    .anySatisfy(frame ->
                            assertThat(frame.getClassName()).isEqualTo("dev.procession.process.pool.WorkerLoop"));
        }
    }

    /** Cannot travel: a thread is not serializable. */
    private record Tied(Thread thread) implements Serializable {}

    @Test
    @DisplayName("O20: a result that cannot be serialized fails its task each time, and no worker is lost")
    void resultThatCannotTravel() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            long worker = get(pool.submit(() -> ProcessHandle.current().pid()));
            for (int i = 0; i < 20; i++) {
                var seen = new CompletableFuture<Throwable>();
                TaskFuture<Tied> tied = pool.submit(() -> new Tied(Thread.currentThread()));
                tied.addDoneCallback(done -> seen.complete(done.exceptionNow()));

                assertThat(failureOf(tied))
                        .isInstanceOf(UnencodableException.class)
                        .hasMessageContaining("thread");
                assertThat(seen.get(30, TimeUnit.SECONDS)).isInstanceOf(UnencodableException.class);
            }
            assertThat(get(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(worker);
            assertThat(pool.statistics().restarts()).isZero();
        }
    }

    @Test
    @DisplayName("F30: an argument that cannot be serialized fails its own task, and the pool goes on")
    void argumentThatCannotTravel() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            Tied argument = new Tied(Thread.currentThread());
            TaskFuture<String> tied = pool.submit(() -> argument.thread().getName());

            assertThat(tied.isDone()).as("known in the submitter's thread").isTrue();
            assertThat(failureOf(tied))
                    .isInstanceOf(UnencodableException.class)
                    .hasMessageContaining("argument.thread");
            assertThat(get(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    /** Can be written but not read. */
    private static final class OneWay implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            throw new IOException("no way back");
        }
    }

    @Test
    @DisplayName("F31: an argument that the worker cannot read fails its own task, and the worker lives")
    void argumentThatCannotBeRead() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            long worker = get(pool.submit(() -> ProcessHandle.current().pid()));
            OneWay argument = new OneWay();

            assertThat(failureOf(pool.submit(() -> argument.hashCode())))
                    .isInstanceOf(UndecodableException.class)
                    .hasRootCauseMessage("no way back");
            assertThat(get(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(worker);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    @DisplayName("O14: a number of tasks per worker that is not positive is refused")
    void notANumberOfTasksPerWorker(int tasks) {
        assertThatThrownBy(() -> ProcessPool.builder().maxTasksPerWorker(tasks))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxTasksPerWorker=" + tasks);
    }
}
