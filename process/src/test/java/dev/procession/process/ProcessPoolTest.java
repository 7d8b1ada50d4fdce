package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class ProcessPoolTest {
    @Test
    void taskRunsInAnotherProcess() throws Exception {
        try (ProcessPool pool = ProcessPool.of(1)) {
            int captured = 40;
            TaskFuture<Long> pid = pool.submit(() -> ProcessHandle.current().pid());
            TaskFuture<Integer> sum = pool.submit(() -> captured + 2);

            assertThat(pid.get(30, TimeUnit.SECONDS))
                    .isNotEqualTo(ProcessHandle.current().pid());
            assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(42);
        }
    }

    @Test
    void whatATaskThrowsArrives() {
        try (ProcessPool pool = ProcessPool.of(1)) {
            TaskFuture<Object> failing = pool.submit(() -> {
                throw new IllegalArgumentException("123");
            });

            assertThatThrownBy(() -> failing.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("123");
        }
    }
}
