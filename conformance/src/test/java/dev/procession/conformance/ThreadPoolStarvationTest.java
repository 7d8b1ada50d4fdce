package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.TaskFuture;
import dev.procession.core.ThreadPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Tasks that wait for tasks of their own pool: who is told when no worker is left, and that nobody is otherwise. */
class ThreadPoolStarvationTest {
    private static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 30 s").isNegative();
            Thread.onSpinWait();
        }
    }

    private static List<String> deadlocksIn(LoggedWarnings warnings) {
        return warnings.heard().stream()
                .map(LoggedWarnings.Warning::message)
                .filter(message -> message.startsWith("deadlock: "))
                .toList();
    }

    /** As in the documentation of Python's executors: one worker, and a task that waits for another. */
    @Test
    void a_task_that_waits_for_one_its_only_worker_would_run_is_reported() throws Exception {
        AtomicReference<TaskFuture<Integer>> inner = new AtomicReference<>();
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.core");
                ThreadPool pool = ThreadPool.builder().size(1).name("kitchen").build()) {
            TaskFuture<Integer> outer = pool.submit((Callable<Integer>) () -> {
                inner.set(pool.submit((Callable<Integer>) () -> 1));
                return inner.get().get();
            });
            until(() -> !deadlocksIn(warnings).isEmpty());
            assertThat(deadlocksIn(warnings))
                    .containsExactly("deadlock: every worker waits for a task of its own pool, and none is left to run"
                            + " what is queued: task-1 waits for task-2; pool=kitchen, workers=1");
            assertThat(outer.isDone()).isFalse();
            pool.resize(1, 2); // which is one way out
            assertThat(outer.get(30, SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void so_are_all_workers_in_whatever_way_they_wait_and_another_may_end_it() throws Exception {
        CyclicBarrier all = new CyclicBarrier(3);
        List<TaskFuture<Integer>> inner = new ArrayList<>();
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.core");
                ThreadPool pool = ThreadPool.virtual(3)) {
            TaskFuture<Integer> joins = pool.submit((Callable<Integer>) () -> {
                all.await();
                TaskFuture<Integer> next = pool.submit((Callable<Integer>) () -> 2);
                inner.add(next);
                return next.join();
            });
            TaskFuture<List<Integer>> maps = pool.submit((Callable<List<Integer>>) () -> {
                all.await();
                return pool.map(i -> i + 1, List.of(1, 2));
            });
            TaskFuture<Integer> invokes = pool.submit((Callable<Integer>) () -> {
                all.await();
                return pool.invokeAll(List.<Callable<Integer>>of(() -> 3))
                        .getFirst()
                        .get();
            });
            until(() -> !deadlocksIn(warnings).isEmpty());
            assertThat(deadlocksIn(warnings)).singleElement().asString().contains("workers=3", "task-1 waits for ");
            inner.getFirst().complete(7);
            assertThat(joins.get(30, SECONDS)).isEqualTo(7); // and its worker runs what the others wait for
            assertThat(maps.get(30, SECONDS)).containsExactly(2, 3);
            assertThat(invokes.get(30, SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void where_a_worker_is_left_nobody_is_told() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.core");
                ThreadPool pool = ThreadPool.of(2)) {
            TaskFuture<Integer> runs = pool.submit((Callable<Integer>) () -> {
                gate.await();
                return 1;
            });
            TaskFuture<Integer> waits = pool.submit((Callable<Integer>) runs::get);
            gate.countDown();
            assertThat(waits.get(30, SECONDS)).isEqualTo(1);
            assertThat(deadlocksIn(warnings)).isEmpty();
        }
    }

    /** Trees of tasks, never as many levels as there are workers: there is always one that can go on. */
    @Test
    void no_false_alarm_among_tasks_that_wait_for_each_other_at_random() throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(3);
        try (LoggedWarnings warnings = LoggedWarnings.of("dev.procession.core");
                ThreadPool pool = ThreadPool.of(3)) {
            Random random = new Random(7);
            long tasks = 0;
            while (System.nanoTime() < end) {
                List<TaskFuture<Integer>> roots = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    int leaves = random.nextInt(4);
                    roots.add(pool.submit((Callable<Integer>) () -> {
                        int sum = 0;
                        for (int leaf = 0; leaf < leaves; leaf++) {
                            sum += pool.submit((Callable<Integer>) () -> 1).get();
                        }
                        return sum;
                    }));
                    tasks += leaves;
                }
                for (TaskFuture<Integer> root : roots) {
                    int _ = root.get();
                }
            }
            assertThat(tasks).isPositive();
            assertThat(deadlocksIn(warnings)).isEmpty();
        }
    }
}
