package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procession.core.Pool;
import dev.procession.core.PoolStatistics;
import dev.procession.core.SerializableCallable;
import dev.procession.core.TaskContext;
import dev.procession.core.TaskDeadlineException;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Pool} promises beyond {@link ExecutorContract} and {@link FutureContract}: tasks and their options, the
 * pool's life and figures. Rules PL1 to PL7 of docs/contracts/pool.md, with the cases of CPython's tests of
 * {@code multiprocessing.Pool} and {@code concurrent.futures} that are about pools. {@link PoolMapContract} has the rest.
 */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
public abstract class PoolContract extends PoolFixture {
    /**
     * Makes a pool, which is ended after the test.
     *
     * @param workers how many tasks it runs at the same time
     * @return the pool
     */
    protected abstract Pool newPool(int workers);

    /** Starts the suite. */
    protected PoolContract() {}

    private Pool of(int workers) {
        return opened(newPool(workers));
    }

    private static TaskFuture<String> running(Pool pool, Signal gate) {
        TaskFuture<String> task = pool.submit(() -> {
            gate.await();
            return "passed";
        });
        Background.until(task::isRunning);
        return task;
    }

    private static int add(int a, int b) {
        return a + b;
    }

    @Test
    @DisplayName("pl1: O01 a function with its arguments; F01 submit")
    final void pl1_everyKindOfTaskIsTakenWithoutACast() throws Exception {
        Pool pool = of(1);
        int x = 40;
        Callable<Integer> variable = call(() -> 5);
        Runnable action = run(() -> {});
        TaskOptions options = TaskOptions.defaults();
        assertThat(get(pool.submit(() -> add(x, 2)))).isEqualTo(42);
        assertThat(get(pool.submit(() -> System.gc()))).isNull();
        assertThat(get(pool.submit(System::lineSeparator))).isEqualTo(System.lineSeparator());
        assertThat(get(pool.submit(System::gc))).isNull();
        assertThat(get(pool.submit(variable))).isEqualTo(5);
        assertThat(get(pool.submit(action))).isNull();
        assertThat(get(pool.submit(() -> System.gc(), "result"))).isEqualTo("result");
        assertThat(get(pool.submit(() -> add(x, 3), options))).isEqualTo(43);
        assertThat(get(pool.submit(() -> System.gc(), options))).isNull();
        assertThat(get(pool.submit(variable, options))).isEqualTo(5);
        assertThat(get(pool.submit(action, options))).isNull();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(pool.submit(() -> {
                    throw new IOException("thrown");
                })))
                .havingCause()
                .isExactlyInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("pl1: O19 the type and message of what a task throws")
    final void pl1_failuresKeepTypeMessageAndStack() {
        Pool pool = of(1);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(pool.submit(() -> {
                    throw new IllegalArgumentException("123");
                })))
                .havingCause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .withMessage("123")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anySatisfy(frame -> assertThat(frame.getClassName()).isEqualTo(PoolContract.class.getName())));
    }

    @Test
    final void pl2_aTaskKnowsItself() throws Exception {
        Pool pool = of(2);
        record About(String name, int worker, long pid, long realPid, boolean deadline, boolean cancelled)
                implements Serializable {
            static About current() {
                TaskContext context = TaskContext.current();
                return new About(
                        context.taskName(),
                        context.workerNumber(),
                        context.pid(),
                        ProcessHandle.current().pid(),
                        context.deadline().isPresent(),
                        context.isCancelled());
            }
        }
        About named = get(pool.submit(
                About::current, TaskOptions.defaults().withName("named").withDeadline(Duration.ofSeconds(60))));
        About unnamed = get(pool.submit(About::current));
        assertThat(named.name()).isEqualTo("named");
        assertThat(unnamed.name()).isNotBlank().isNotEqualTo("named");
        assertThat(List.of(named.worker(), unnamed.worker()))
                .allSatisfy(n -> assertThat(n).isBetween(1, 2));
        assertThat(named.pid()).isEqualTo(named.realPid());
        assertThat(List.of(named.deadline(), unnamed.deadline())).containsExactly(true, false);
        assertThat(named.cancelled()).isFalse();
        assertThat(TaskContext.find()).isEmpty();
        assertThatIllegalStateException().isThrownBy(TaskContext::current);
    }

    @Test
    final void pl2_aTaskIsToldToStop() throws Exception {
        Pool pool = of(1);
        Signal told = newSignal();
        TaskFuture<?> task = pool.submit(
                () -> {
                    TaskContext context = TaskContext.current();
                    while (!context.isCancelled()) {
                        Thread.onSpinWait();
                    }
                    told.set();
                },
                TaskOptions.defaults().withGrace(Background.PATIENCE));
        Background.until(task::isRunning);
        task.cancel(true);
        Background.until(told::isSet);
        task.gone().get(30, SECONDS);
        assertThat(get(pool.submit(() -> TaskContext.current().isCancelled()))).isFalse();
    }

    @Test
    final void pl2_anInterruptNeverHitsTheNextTask() throws Exception {
        Pool pool = of(1);
        for (int i = 0; i < 200; i++) {
            TaskFuture<Integer> task = pool.submit(() -> 1);
            for (int spin = 0; spin < i * 50; spin++) {
                Thread.onSpinWait(); // so that the interrupt hits all the moments of a task's life
            }
            task.cancel(true);
            assertThat(get(pool.submit(() -> Thread.interrupted()))).isFalse();
        }
    }

    @Test
    final void pl3_tasksOfHigherPriorityComeFirst() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        running(pool, gate);
        List<TaskFuture<Integer>> tasks = new ArrayList<>();
        Tally order = newTally();
        for (int priority : new int[] {0, 5, 0, -5, 5}) {
            tasks.add(pool.submit(
                    () -> {
                        order.add();
                        return order.count();
                    },
                    TaskOptions.defaults().withPriority(priority)));
        }
        gate.set();
        List<Integer> ranks = new ArrayList<>();
        for (TaskFuture<Integer> task : tasks) {
            ranks.add(get(task));
        }
        assertThat(ranks).containsExactly(3, 1, 4, 5, 2);
    }

    @Test
    final void pl4_countsWhatItDoes() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> running = running(pool, gate);
        TaskFuture<Integer> queued = pool.submit(() -> 1);
        TaskFuture<Integer> cancelled = pool.submit(() -> 2);
        TaskFuture<Integer> failing = pool.submit(() -> {
            throw new IllegalStateException();
        });
        assertThat(pool.statistics().queued()).isEqualTo(3);
        cancelled.cancel(true);
        PoolStatistics before = pool.statistics();
        assertThat(before.queued()).isEqualTo(2);
        assertThat(before.running()).isEqualTo(1);
        assertThat(before.cancelled()).isEqualTo(1);
        assertThat(before.done()).isZero();
        gate.set();
        get(running);
        get(queued);
        TaskFuture.await(List.of(failing), Background.PATIENCE, TaskFuture.Until.ALL_COMPLETED);
        Background.until(() -> pool.statistics().running() == 0);
        PoolStatistics after = pool.statistics();
        assertThat(after.queued()).isZero();
        assertThat(after.done()).isEqualTo(2);
        assertThat(after.failed()).isEqualTo(1);
        assertThat(after.cancelled()).isEqualTo(1);
        assertThat(after.retried()).isZero();
        assertThat(after.runTime().count()).isEqualTo(3);
        assertThat(after.queueWait().count()).isEqualTo(3);
        assertThat(after.runTime().minNanos()).isPositive();
        assertThat(after.runTime().medianNanos())
                .isBetween(after.runTime().minNanos(), after.runTime().maxNanos());
    }

    @Test
    final void pl5_growsAndShrinksWhileTasksRun() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        Signal secondGate = newSignal();
        List<TaskFuture<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tasks.add(pool.submit(() -> {
                gate.await();
                return "passed";
            }));
        }
        Background.until(() -> pool.statistics().running() == 1);
        pool.resize(0, 3);
        Background.until(() -> pool.statistics().running() == 3);
        pool.resize(0, 1);
        assertThat(pool.statistics().running()).as("none is cut").isEqualTo(3);
        gate.set();
        for (TaskFuture<String> task : tasks) {
            assertThat(get(task)).isEqualTo("passed");
        }
        for (int i = 0; i < 3; i++) {
            tasks.add(pool.submit(() -> {
                secondGate.await();
                return "passed again";
            }));
        }
        Background.call(() -> get(tasks.getLast())).staysWaiting();
        assertThat(pool.statistics().running()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> pool.resize(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.resize(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.resize(2, 1));
    }

    @Test
    @DisplayName("pl6: O13 and F24 a size that is not positive")
    final void pl6_refusesSizesThatAreNotPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> newPool(0)).withMessageContaining("greater than 0");
        assertThatIllegalArgumentException().isThrownBy(() -> newPool(-1)).withMessageContaining("greater than 0");
    }

    @Test
    @DisplayName("pl6: O16 nothing is taken after shutdown")
    final void pl6_refusesEverythingAfterShutdown() {
        Pool pool = of(1);
        pool.shutdown();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.submit(() -> 1));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.map(n -> n, List.of(1)));
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> pool.imap(n -> n, List.of(1)).toList());
    }

    @Test
    @DisplayName("pl6: O17 ten thousand queued tasks do not hold up the end")
    final void pl6_endsAtOnceWithManyTasksQueued() throws Exception {
        Pool pool = of(2);
        Signal gate = newSignal();
        List<TaskFuture<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            tasks.add(pool.submit(() -> {
                gate.await();
                return "passed";
            }));
        }
        Background.until(() -> pool.statistics().running() == 2);
        assertThat(pool.shutdownNow()).hasSize(9_998);
        assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
        assertThat(tasks).allMatch(TaskFuture::isDone);
        assertThat(tasks.stream().filter(TaskFuture::isCancelled).count()).isGreaterThanOrEqualTo(9_998);
    }

    @Test
    @DisplayName(
            "pl6: F21 shutdown waits for fifty queued tasks; F40 so does the end of a try; F37 nobody need look at them")
    final void pl6_allQueuedTasksAreRunBeforeTheEnd() {
        List<TaskFuture<Integer>> tasks = new ArrayList<>();
        Tally ran = newTally();
        try (Pool pool = of(2)) {
            for (int i = 0; i < 50; i++) {
                int n = i;
                tasks.add(pool.submit(() -> {
                    ran.add();
                    return n;
                }));
            }
        }
        assertThat(tasks.stream().map(TaskFuture::resultNow))
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
        assertThat(ran.count()).isEqualTo(50);
    }

    @Test
    @DisplayName("pl6: F22 what had not begun is cancelled by shutdownNow")
    final void pl6_nobodyWaitsForWhatNeverBegins() throws Exception {
        Pool pool = of(5);
        Signal gate = newSignal();
        List<TaskFuture<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            boolean quick = i == 0;
            tasks.add(pool.submit(() -> {
                if (!quick) {
                    gate.await();
                }
                return "passed";
            }));
        }
        assertThat(get(tasks.getFirst())).isEqualTo("passed");
        pool.shutdownNow();
        for (TaskFuture<String> task : tasks.subList(1, 50)) {
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> get(task))
                    .isInstanceOfAny(CancellationException.class, ExecutionException.class);
        }
        assertThat(tasks.stream().filter(TaskFuture::isCancelled).count()).isGreaterThan(20);
    }

    @Test
    @DisplayName("pl6: F27 never more at once than the size, however many wait")
    final void pl6_neverMoreAtOnceThanItsSize() throws Exception {
        Pool pool = of(4);
        Signal gate = newSignal();
        List<TaskFuture<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            tasks.add(pool.submit(() -> {
                gate.await();
                return TaskContext.current().workerNumber();
            }));
        }
        Background.until(() -> pool.statistics().running() == 4);
        Background.call(() -> get(tasks.getLast())).staysWaiting();
        assertThat(pool.statistics().running()).isEqualTo(4);
        gate.set();
        for (TaskFuture<Integer> task : tasks) {
            assertThat(get(task)).isBetween(1, 4);
        }
    }

    @Test
    @DisplayName("pl6: F27 an idle worker is used again")
    final void pl6_anIdleWorkerIsUsedAgain() throws Exception {
        Pool pool = of(4);
        Set<Integer> workers = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            TaskFuture<Integer> task = pool.submit(() -> TaskContext.current().workerNumber());
            workers.add(get(task));
            task.gone().get(30, SECONDS);
            Background.until(() -> pool.statistics().running() == 0);
        }
        // A worker that has just done with a task may still be on its way back, so now and then there is one more.
        assertThat(workers)
                .as("not all, though there were more tasks than workers")
                .hasSizeLessThan(4);
    }

    @Test
    @DisplayName("pl6: F36 cancelled at once, then shut down")
    final void pl6_aTaskCancelledAtOnceDoesNotHoldUpTheEnd() throws Exception {
        for (int i = 0; i < 20; i++) {
            Pool pool = of(2);
            TaskFuture<Integer> task = pool.submit(() -> 1);
            task.cancel(true);
            pool.shutdown();
            assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
        }
    }

    @Test
    final void pl6_aFullQueueOfCancelledTasksEmpties() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> running = running(pool, gate);
        List<TaskFuture<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            tasks.add(pool.submit(() -> 1));
        }
        tasks.forEach(task -> task.cancel(true));
        assertThat(pool.statistics().queued()).isZero();
        assertThat(tasks).allSatisfy(task -> assertThat(task.gone()).isDone());
        gate.set();
        assertThat(get(running)).isEqualTo("passed");
    }

    /** What becomes of a task that has begun before its deadline: which grows until a busy machine gets it begun in time. */
    private static <T> TaskFuture<T> begunInTime(Pool pool, SerializableCallable<T> task, TaskOptions options)
            throws Exception {
        Duration deadline = Duration.ofMillis(50);
        while (true) {
            TaskFuture<T> future = pool.submit(task, options.withDeadline(deadline));
            future.gone().get(60, SECONDS);
            boolean unbegun = future.state() == Future.State.FAILED
                    && future.exceptionNow() instanceof TaskDeadlineException late
                    && late.getCause() == null;
            if (!unbegun || deadline.compareTo(Duration.ofSeconds(20)) > 0) {
                return future;
            }
            deadline = deadline.multipliedBy(8);
        }
    }

    @Test
    final void pl7_aTaskThatHeedsItsDeadlineEndsWithIt() throws Exception {
        Pool pool = of(1);
        TaskFuture<Object> task = begunInTime(
                pool,
                () -> {
                    neverSet().await();
                    return null;
                },
                TaskOptions.defaults().withName("napper"));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(task))
                .havingCause()
                .isExactlyInstanceOf(TaskDeadlineException.class)
                .withMessageContaining("napper")
                .withMessageContaining("deadline=PT")
                .withCauseExactlyInstanceOf(InterruptedException.class);
        assertThat(get(pool.submit(() -> "free"))).isEqualTo("free");
    }

    @Test
    final void pl7_aTaskThatReturnsWithinItsGraceHasItsResult() throws Exception {
        Pool pool = of(1);
        TaskFuture<String> task = begunInTime(
                pool,
                () -> {
                    TaskContext context = TaskContext.current();
                    while (!context.isCancelled()) {
                        Thread.onSpinWait();
                    }
                    return "as far as I came";
                },
                TaskOptions.defaults().withGrace(Background.PATIENCE));
        assertThat(get(task)).isEqualTo("as far as I came");
    }

    @Test
    final void pl7_aTaskThatIgnoresItsDeadlineIsGivenUp() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = pool.submit(
                () -> {
                    gate.awaitUninterruptibly();
                    return "too late";
                },
                TaskOptions.defaults().withDeadline(Duration.ofMillis(50)).withGrace(Duration.ofMillis(50)));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(task))
                .withCauseExactlyInstanceOf(TaskDeadlineException.class);
        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        gate.set();
        task.gone().get(30, SECONDS);
        assertThat(get(pool.submit(() -> "free"))).isEqualTo("free");
    }

    @Test
    final void pl7_aDeadlineCountsFromTheStartAndHarmsNoTaskInTime() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        running(pool, gate);
        TaskFuture<String> waitsLong =
                pool.submit(() -> "in time", TaskOptions.defaults().withDeadline(Duration.ofSeconds(20)));
        TaskFuture<String> waitsTooLong =
                pool.submit(() -> "in time as well", TaskOptions.defaults().withDeadline(Duration.ofMillis(500)));
        long begin = System.nanoTime();
        Background.until(() -> System.nanoTime() - begin > MILLISECONDS.toNanos(600));
        gate.set();
        assertThat(get(waitsLong)).isEqualTo("in time");
        assertThat(get(waitsTooLong)).isEqualTo("in time as well");
    }
}
