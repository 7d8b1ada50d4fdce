package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExecutorService} with a bounded number of workers promises. Rules E1 to E11 of docs/contracts/pool.md;
 * after OpenJDK's own tests {@code ExecutorService/CloseTest}, {@code InvokeTest}, {@code SubmitTest} and JSR 166's TCK.
 */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
public abstract class ExecutorContract extends PoolFixture {
    /**
     * Makes an executor, which is ended after the test.
     *
     * @param workers how many tasks it runs at the same time
     * @return the executor
     */
    protected abstract ExecutorService newExecutor(int workers);

    /** Starts the suite. */
    protected ExecutorContract() {}

    private ExecutorService of(int workers) {
        return opened(newExecutor(workers));
    }

    /** Fills a worker, and returns when it has begun. */
    private Future<String> occupy(ExecutorService executor, Signal gate) {
        Signal begun = newSignal();
        Future<String> task = executor.submit(call(() -> {
            begun.set();
            gate.await();
            return "passed";
        }));
        Background.until(begun::isSet);
        return task;
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // null is what is tested
    final void e1_refusesNull() {
        ExecutorService executor = of(1);
        List<Callable<String>> withNull = Arrays.asList(call(() -> "x"), null);
        assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<String>) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null, "x"));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(withNull));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(withNull, 1, SECONDS));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(Arrays.asList(null, null)));
    }

    @Test
    final void e2_givesResults() throws Exception {
        ExecutorService executor = of(2);
        Object own = new Object(); // it stays here: it could not travel
        Tally tally = newTally();
        assertThat(get(executor.submit(call(() -> 6 * 7)))).isEqualTo(42);
        assertThat(get(executor.<Object>submit(call(() -> null)))).isNull();
        assertThat(get(executor.submit(run(tally::add)))).isNull();
        assertThat(get(executor.submit(run(tally::add), own))).isSameAs(own);
        assertThat(tally.count()).isEqualTo(2);
    }

    @Test
    final void e2_givesWhatATaskThrowsAsTheCause() throws Exception {
        ExecutorService executor = of(1);
        Future<Integer> checked = executor.submit(call(() -> {
            throw new IOException("no such page");
        }));
        Future<?> error = executor.submit(run(() -> {
            throw new AssertionError("broken");
        }));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(checked))
                .havingCause()
                .isExactlyInstanceOf(IOException.class)
                .withMessage("no such page");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(error))
                .havingCause()
                .isExactlyInstanceOf(AssertionError.class)
                .withMessage("broken");
        assertThat(get(executor.submit(call(() -> "next")))).isEqualTo("next");
    }

    @Test
    final void e2_aTaskMayThrowWhatFuturesThrow() {
        ExecutorService executor = of(1);
        Future<?> task = executor.submit(run(() -> {
            throw new CancellationException("the task's own");
        }));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(task))
                .havingCause()
                .isExactlyInstanceOf(CancellationException.class)
                .withMessage("the task's own");
        assertThat(task.isCancelled()).isFalse();
    }

    @Test
    final void e3_executeRunsEachTaskOnceAndTellsNobodyHowItEnded() throws Exception {
        ExecutorService executor = of(2);
        Tally tally = newTally();
        for (int i = 0; i < 20; i++) {
            executor.execute(run(tally::add));
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(30, SECONDS)).isTrue();
        assertThat(tally.count()).isEqualTo(20);
    }

    @Test
    final void e4_invokeAllGivesAllOutcomesInOrder() throws Exception {
        ExecutorService executor = of(2);
        List<Future<Integer>> outcomes = executor.invokeAll(List.of(
                call(() -> 1),
                call(() -> {
                    throw new IllegalStateException("two");
                }),
                call(() -> 3)));
        assertThat(outcomes).hasSize(3).allMatch(Future::isDone);
        assertThat(get(outcomes.get(0))).isEqualTo(1);
        assertThat(outcomes.get(1).exceptionNow()).isInstanceOf(IllegalStateException.class);
        assertThat(get(outcomes.get(2))).isEqualTo(3);
        assertThat(executor.invokeAll(List.<Callable<Integer>>of())).isEmpty();
        assertThat(executor.invokeAll(List.<Callable<Integer>>of(), 1, SECONDS)).isEmpty();
    }

    @Test
    final void e4_invokeAllCancelsWhatIsNotDoneInTime() throws Exception {
        ExecutorService executor = of(2);
        Signal gate = newSignal();
        List<Future<String>> outcomes = List.of();
        // A busy machine may take longer for what is quick elsewhere.
        for (int seconds = 2; outcomes.isEmpty() || (outcomes.get(0).isCancelled() && seconds < 100); seconds *= 4) {
            outcomes = executor.invokeAll(
                    List.of(call(() -> "quick"), call(() -> {
                        gate.await();
                        return "slow";
                    })),
                    seconds,
                    SECONDS);
        }
        assertThat(get(outcomes.get(0))).isEqualTo("quick");
        assertThat(outcomes.get(1).isCancelled()).isTrue();
    }

    @Test
    final void e4_anInterruptEndsInvokeAllAndItsTasks() throws Exception {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Signal begun = newSignal();
        Tally tally = newTally();
        Callable<String> blocked = call(() -> {
            begun.set();
            gate.await();
            return "passed";
        });
        Callable<String> next = call(() -> {
            tally.add();
            return "ran";
        });
        Background<List<Future<String>>> caller = Background.call(() -> executor.invokeAll(List.of(blocked, next)));
        Background.until(begun::isSet);
        caller.interrupt();
        caller.failure(InterruptedException.class);
        // Both were cancelled: the worker is free though the gate was never opened, and what had not begun never does.
        assertThat(get(executor.submit(call(() -> "free")))).isEqualTo("free");
        assertThat(tally.count()).isZero();
    }

    @Test
    final void e5_invokeAnyGivesAResultAndCancelsTheRest() throws Exception {
        ExecutorService executor = of(3);
        Signal gate = newSignal();
        Callable<String> stuck = call(() -> {
            gate.await();
            return "stuck";
        });
        Callable<String> fails = call(() -> {
            throw new IllegalStateException();
        });
        assertThat(executor.invokeAny(List.of(stuck, fails, call(() -> "first"))))
                .isEqualTo("first");
        assertThat(executor.invokeAny(List.of(stuck, fails, call(() -> "second")), 30, SECONDS))
                .isEqualTo("second");
        executor.shutdown();
        assertThat(executor.awaitTermination(30, SECONDS)).as("nobody is stuck").isTrue();
    }

    @Test
    final void e5_invokeAnyFailsWhenAllFailOrTimeIsUp() {
        ExecutorService executor = of(2);
        Signal gate = newSignal();
        Callable<String> fails = call(() -> {
            throw new IllegalStateException("each");
        });
        Callable<String> stuck = call(() -> {
            gate.await();
            return "stuck";
        });
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(fails, fails)))
                .havingCause()
                .isInstanceOf(IllegalStateException.class)
                .withMessage("each");
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(stuck, fails), 100, MILLISECONDS));
        assertThatIllegalArgumentException().isThrownBy(() -> executor.invokeAny(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> executor.invokeAny(List.of(), 1, SECONDS));
    }

    @Test
    final void e6_shutdownRefusesNewTasksAndRunsTheOldOnes() throws Exception {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Future<String> running = occupy(executor, gate);
        Future<String> queued = executor.submit(call(() -> "queued"));
        executor.shutdown();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertRefuses(executor);
        assertThat(executor.awaitTermination(50, MILLISECONDS)).isFalse();
        assertThat(executor.awaitTermination(-1, SECONDS)).isFalse();
        gate.set();
        assertThat(executor.awaitTermination(30, SECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(running.resultNow()).isEqualTo("passed");
        assertThat(queued.resultNow()).isEqualTo("queued");
        assertRefuses(executor);
    }

    private static void assertRefuses(ExecutorService executor) {
        Callable<String> late = call(() -> "late");
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.submit(late));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.submit(run(() -> {})));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(run(() -> {})));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.invokeAll(List.of(late)));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.invokeAny(List.of(late)));
    }

    @Test
    final void e6_anIdleExecutorTerminates() throws Exception {
        ExecutorService executor = of(2);
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, SECONDS)).isTrue();
    }

    @Test
    final void e6_anInterruptEndsAwaitTermination() {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Future<String> running = occupy(executor, gate);
        executor.shutdown();
        Background<Boolean> waiter = Background.call(() -> executor.awaitTermination(30, SECONDS));
        waiter.staysWaiting().interrupt();
        waiter.failure(InterruptedException.class);
        assertThat(running.isDone()).isFalse();
        gate.set();
    }

    @Test
    final void e7_shutdownNowInterruptsAndReturnsWhatNeverRan() throws Exception {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Tally tally = newTally();
        Future<String> running = occupy(executor, gate);
        for (int i = 0; i < 5; i++) {
            executor.execute(run(tally::add));
        }
        List<Runnable> never = executor.shutdownNow();
        assertThat(never).hasSize(5);
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.awaitTermination(30, SECONDS)).isTrue();
        assertThat(running.state()).isIn(Future.State.FAILED, Future.State.CANCELLED);
        assertThat(tally.count()).as("those that were returned did not run").isZero();
        never.forEach(Runnable::run);
        assertThat(tally.count()).as("but can").isEqualTo(5);
        assertThat(executor.shutdownNow()).isEmpty();
    }

    @Test
    final void e8_closeWaitsForAllTasks() {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Future<String> running = occupy(executor, gate);
        Future<String> queued = executor.submit(call(() -> "queued"));
        Background<Boolean> closing = Background.run(executor::close).staysWaiting();
        assertThat(executor.isShutdown()).isTrue();
        gate.set();
        closing.result();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(running.resultNow()).isEqualTo("passed");
        assertThat(queued.resultNow()).isEqualTo("queued");
        executor.close();
    }

    @Test
    final void e8_anInterruptOfCloseStopsTheTasks() {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Future<String> running = occupy(executor, gate);
        Background<Boolean> closing = Background.call(() -> {
            executor.close();
            return Thread.currentThread().isInterrupted();
        });
        closing.staysWaiting().interrupt();
        assertThat(closing.result()).as("the flag is set again").isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(running.state()).isIn(Future.State.FAILED, Future.State.CANCELLED);
    }

    @Test
    final void e9_cancelEndsAFutureAtOnceAndFreesTheWorker() throws Exception {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Future<String> running = occupy(executor, gate);
        assertThat(running.cancel(/* mayInterruptIfRunning= */ true)).isTrue();
        assertThat(running.isCancelled()).isTrue();
        assertThat(running.isDone()).isTrue();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(running));
        assertThat(get(executor.submit(call(() -> "free")))).isEqualTo("free");
    }

    @Test
    final void e9_aTaskCancelledBeforeItBeginsNeverDoes() throws Exception {
        ExecutorService executor = of(1);
        Signal gate = newSignal();
        Tally tally = newTally();
        Future<String> running = occupy(executor, gate);
        Future<?> queued = executor.submit(run(tally::add));
        Future<?> alsoQueued = executor.submit(run(tally::add));
        assertThat(queued.cancel(/* mayInterruptIfRunning= */ true)).isTrue();
        assertThat(alsoQueued.cancel(/* mayInterruptIfRunning= */ false)).isTrue();
        gate.set();
        assertThat(get(running)).isEqualTo("passed");
        assertThat(get(executor.submit(call(() -> "last")))).isEqualTo("last");
        assertThat(tally.count()).isZero();
    }

    @Test
    final void e10_aSizeThatIsNotPositiveIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> of(0));
        assertThatIllegalArgumentException().isThrownBy(() -> of(-1));
    }

    @Test
    final void e10_asManyTasksRunAtOnceAsItHasWorkersAndNoMore() throws Exception {
        ExecutorService executor = of(3);
        Signal gate = newSignal();
        Tally begun = newTally();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            tasks.add(executor.submit(call(() -> {
                begun.add();
                gate.await();
                return null;
            })));
        }
        Background.until(() -> begun.count() >= 3);
        Background.call(() -> get(tasks.getLast())).staysWaiting();
        assertThat(begun.count()).isEqualTo(3);
        gate.set();
        for (Future<?> task : tasks) {
            get(task);
        }
        assertThat(begun.count()).isEqualTo(12);
    }

    @Test
    final void e11_eachTaskOfManySubmittersRunsOnce() throws Exception {
        ExecutorService executor = of(2);
        List<Background<Long>> submitters = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            int base = s * 1_000;
            submitters.add(Background.call(() -> {
                List<Future<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 250; i++) {
                    int number = base + i;
                    futures.add(executor.submit(call(() -> number)));
                }
                long wrong = 0;
                for (int i = 0; i < 250; i++) {
                    wrong += get(futures.get(i)) == base + i ? 0 : 1;
                }
                return wrong;
            }));
        }
        for (Background<Long> submitter : submitters) {
            assertThat(submitter.result()).isZero();
        }
    }
}
