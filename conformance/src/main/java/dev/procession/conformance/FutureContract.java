package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procession.core.Pool;
import dev.procession.core.Progress;
import dev.procession.core.TaskContext;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TaskFuture} promises, whichever pool it is from. Rules F1 to F9 of docs/contracts/pool.md, with the cases
 * of CPython's {@code concurrent.futures} tests that are about futures.
 */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
public abstract class FutureContract extends PoolFixture {
    private static final Duration PATIENCE = Background.PATIENCE;

    /**
     * Makes a pool, which is ended after the test.
     *
     * @param workers how many tasks it runs at the same time
     * @return the pool
     */
    protected abstract Pool newPool(int workers);

    /** Starts the suite. */
    protected FutureContract() {}

    private Pool of(int workers) {
        return opened(newPool(workers));
    }

    /** A task that runs until the gate is open. */
    private static TaskFuture<String> running(Pool pool, Signal gate) {
        TaskFuture<String> task = pool.submit(() -> {
            gate.await();
            return "passed";
        });
        Background.until(task::isRunning);
        return task;
    }

    private static TaskFuture<Object> failed(Pool pool) throws InterruptedException {
        TaskFuture<Object> task = pool.submit(() -> {
            throw new IllegalStateException("failed");
        });
        TaskFuture.await(List.of(task), PATIENCE, TaskFuture.Until.ALL_COMPLETED);
        return task;
    }

    private static TaskFuture<Integer> done(Pool pool, int value) throws Exception {
        TaskFuture<Integer> task = pool.submit(() -> value);
        get(task);
        return task;
    }

    private record Seen(boolean cancelled, boolean done, boolean running) {
        static Seen of(TaskFuture<?> future) {
            return new Seen(future.isCancelled(), future.isDone(), future.isRunning());
        }
    }

    @Test
    @DisplayName("f1: F06 cancelled, done, running in each state; F07 a result without waiting in each state")
    final void f1_states() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> running = running(pool, gate);
        TaskFuture<Integer> queued = pool.submit(() -> 1);
        TaskFuture<Integer> cancelled = pool.submit(() -> 2);
        cancelled.cancel(true);

        assertThat(Seen.of(queued)).isEqualTo(new Seen(false, false, false));
        assertThat(Seen.of(running)).isEqualTo(new Seen(false, false, true));
        assertThat(Seen.of(cancelled)).isEqualTo(new Seen(true, true, false));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> queued.get(0, SECONDS));
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> running.get(0, SECONDS));
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> cancelled.get(0, SECONDS));

        gate.set();
        TaskFuture<Object> failed = failed(pool);
        assertThat(Seen.of(failed)).isEqualTo(new Seen(false, true, false));
        assertThat(Seen.of(queued)).isEqualTo(new Seen(false, true, false));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> failed.get(0, SECONDS))
                .withCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(queued.get(0, SECONDS)).isEqualTo(1);
    }

    @Test
    @DisplayName("f1: O07 asking how it went, before and after")
    final void f1_outcomeWithoutWaiting() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        assertThat(task.isDone()).isFalse();
        assertThatIllegalStateException().isThrownBy(task::resultNow);
        assertThat(task.isCompletedExceptionally()).isFalse();
        gate.set();
        assertThat(get(task)).isEqualTo("passed");
        assertThat(task.resultNow()).isEqualTo("passed");
        assertThat(task.isCompletedExceptionally()).isFalse();
        assertThat(failed(pool).isCompletedExceptionally()).isTrue();
        assertThat(failed(pool).exceptionNow()).isExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    final void f2_waitsAtMostAsLongAsToldAndUntilInterrupted() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        long begin = System.nanoTime();
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> task.get(50, MILLISECONDS));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
        Background<String> getter = Background.call(task::get).staysWaiting();
        getter.interrupt();
        getter.failure(InterruptedException.class);
        Background<String> joiner = Background.call(task::join).staysWaiting();
        joiner.interrupt();
        joiner.staysWaiting();
        gate.set();
        assertThat(joiner.result()).isEqualTo("passed");
        assertThat(get(task)).isEqualTo("passed");
    }

    @Test
    @DisplayName("f2: F13 a thread that waits learns of a cancellation")
    final void f2_cancellationEndsTheWait() {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        Background<String> getter = Background.call(task::get).staysWaiting();
        Background<String> joiner = Background.call(task::join).staysWaiting();
        task.cancel(true);
        getter.failure(CancellationException.class);
        joiner.failure(CancellationException.class);
    }

    @Test
    @DisplayName("f3: F09 callbacks added before the end; O05 they see the very failure")
    final void f3_callbacksRunOnceInOrderWithTheFuture() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> first = running(pool, gate);
        TaskFuture<Object> failing = pool.submit(() -> {
            throw new IllegalStateException("failed");
        });
        TaskFuture<Integer> cancelled = pool.submit(() -> 3);
        List<Object> calls = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        for (TaskFuture<?> future : List.of(first, failing, cancelled)) {
            future.addDoneCallback(done -> {
                calls.add(done);
                threads.add(Thread.currentThread());
            });
            future.addDoneCallback(_ -> calls.add("second"));
        }
        cancelled.cancel(true);
        Background.until(() -> calls.size() == 2);
        assertThat(calls).containsExactly(cancelled, "second");
        gate.set();
        Background.until(() -> calls.size() == 6);
        assertThat(calls).containsExactly(cancelled, "second", first, "second", failing, "second");
        assertThat(threads).containsOnly(threads.getFirst()).doesNotContain(Thread.currentThread());
        AtomicReference<Throwable> seen = new AtomicReference<>();
        failing.addDoneCallback(done -> seen.set(done.exceptionNow()));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(failing))
                .havingCause()
                .isSameAs(seen.get());
    }

    @Test
    @DisplayName("f3: F10 a callback added afterwards is called at once, in the caller")
    final void f3_callbacksAddedAfterTheEnd() throws Exception {
        Pool pool = of(1);
        TaskFuture<Integer> cancelled = pool.submit(() -> 1);
        cancelled.cancel(true);
        for (TaskFuture<?> future : List.of(done(pool, 1), failed(pool), cancelled)) {
            AtomicReference<Thread> caller = new AtomicReference<>();
            future.addDoneCallback(done -> {
                assertThat(done).isSameAs(future);
                caller.set(Thread.currentThread());
            });
            assertThat(caller.get()).isSameAs(Thread.currentThread());
        }
        assertThatNullPointerException().isThrownBy(() -> cancelled.addDoneCallback(nothing()));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    final void f3_aCallbackThatThrowsOrWaitsHarmsNobodyElse() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        TaskFuture<Integer> next = pool.submit(() -> 2);
        List<Object> calls = Collections.synchronizedList(new ArrayList<>());
        task.addDoneCallback(_ -> {
            throw new IllegalStateException("thrown by a callback, as it should be");
        });
        task.addDoneCallback(_ -> calls.add(next.join() + pool.submit(() -> 3).join()));
        gate.set();
        Background.until(() -> calls.size() == 1);
        assertThat(calls).containsExactly(5);
    }

    @Test
    @DisplayName("f4: F12 the second completion changes nothing")
    final void f4_onlyTheFirstCompletionCounts() throws Exception {
        Pool pool = of(1);
        TaskFuture<Integer> done = done(pool, 1);
        assertThat(done.complete(2)).isFalse();
        assertThat(done.completeExceptionally(new IllegalStateException())).isFalse();
        assertThat(done.cancel(true)).isFalse();
        assertThat(done.get()).isEqualTo(1);
        TaskFuture<Object> failed = failed(pool);
        assertThat(failed.completeExceptionally(new IllegalArgumentException())).isFalse();
        assertThat(failed.exceptionNow()).isExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    final void f5_whoeverCompletesAFutureStopsItsTask() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal(); // never opened
        TaskFuture<String> completed = running(pool, gate);
        completed.complete("by hand");
        assertThat(completed.join()).isEqualTo("by hand");
        completed.gone().get(30, SECONDS);

        TaskFuture<String> failed = running(pool, gate);
        failed.completeExceptionally(new IllegalStateException("by hand"));
        failed.gone().get(30, SECONDS);

        TaskFuture<String> late = running(pool, gate);
        late.orTimeout(20, MILLISECONDS);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(late))
                .withCauseExactlyInstanceOf(TimeoutException.class);
        late.gone().get(30, SECONDS);

        TaskFuture<String> replaced = running(pool, gate);
        replaced.completeOnTimeout("instead", 20, MILLISECONDS);
        assertThat(get(replaced)).isEqualTo("instead");
        replaced.gone().get(30, SECONDS);

        TaskFuture<String> elsewhere = running(pool, gate);
        elsewhere.completeAsync(() -> "elsewhere");
        assertThat(get(elsewhere)).isEqualTo("elsewhere");
        elsewhere.gone().get(30, SECONDS);

        TaskFuture<String> forced = running(pool, gate);
        forced.obtrudeValue("forced");
        assertThat(forced.join()).isEqualTo("forced");
        forced.gone().get(30, SECONDS);
        assertThat(get(pool.submit(() -> "free"))).isEqualTo("free");
    }

    @Test
    final void f5_cancellingGentlyLeavesARunningTaskAlone() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        Tally ended = newTally();
        Signal begun = newSignal();
        TaskFuture<String> task = pool.submit(() -> {
            begun.set();
            gate.await();
            ended.add();
            return "passed";
        });
        Background.until(begun::isSet);
        assertThat(task.cancel(false)).isTrue();
        assertThat(task.isCancelled()).isTrue();
        Background.call(() -> task.gone().get()).staysWaiting();
        gate.set();
        task.gone().get(30, SECONDS);
        assertThat(ended.count()).isOne();
    }

    @Test
    final void f6_goneTellsWhenNobodyRunsTheTask() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        Signal cleaningUp = newSignal();
        TaskFuture<Object> task = pool.submit(
                () -> {
                    try {
                        neverSet().await();
                        return null;
                    } finally {
                        cleaningUp.set();
                        gate.awaitUninterruptibly();
                    }
                },
                TaskOptions.defaults().withGrace(Duration.ofSeconds(60)));
        TaskFuture<Integer> queued = pool.submit(() -> 1);
        Background.until(task::isRunning);
        task.cancel(true);
        assertThat(task.isDone()).isTrue();
        Background.until(cleaningUp::isSet);
        CompletableFuture<Void> gone = task.gone();
        Background.call(gone::get).staysWaiting();
        queued.cancel(true);
        assertThat(queued.gone()).as("it never began").isDone();
        task.gone().complete(nothing());
        assertThat(task.gone()).as("completed for oneself only").isNotDone();
        gate.set();
        assertThat(gone.get(30, SECONDS)).isNull();
        done(pool, 1).gone().get(30, SECONDS);
        failed(pool).gone().get(30, SECONDS);
    }

    @Test
    final void f7_stagesThatWaitHoldUpNeitherThePoolNorThoseWhoWait() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> first = running(pool, gate);
        TaskFuture<Integer> second = pool.submit(() -> 2);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Integer> stage = first.thenApply(text -> {
            awaitQuietly(release);
            return text.length();
        });
        CompletableFuture<Void> both = CompletableFuture.allOf(first, second).thenRun(() -> awaitQuietly(release));
        Background<String> getter = Background.call(first::get).staysWaiting();
        gate.set();
        assertThat(getter.result()).isEqualTo("passed");
        assertThat(get(second)).isEqualTo(2);
        assertThat(get(pool.submit(() -> 3))).isEqualTo(3);
        assertThat(stage).isNotDone();
        assertThat(both).isNotDone();
        release.countDown();
        assertThat(get(stage)).isEqualTo(6);
        get(both);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("f7: O04 all of them, with one outcome for all")
    final void f7_stagesGiveResultsAndFailures() throws Exception {
        Pool pool = of(2);
        List<TaskFuture<Integer>> good = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int n = i;
            good.add(pool.submit(() -> n));
        }
        List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());
        get(CompletableFuture.allOf(good.toArray(CompletableFuture[]::new))
                .whenComplete((_, failure) -> outcomes.add(
                        failure == null
                                ? good.stream().map(TaskFuture::resultNow).toList()
                                : failure)));
        assertThat(outcomes).containsExactly(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        CompletableFuture<Void> bad = CompletableFuture.allOf(pool.submit(() -> 1), pool.submit(() -> {
            throw new IllegalStateException("one of two");
        }));
        List<Object> failures = Collections.synchronizedList(new ArrayList<>());
        bad.whenComplete((_, failure) -> failures.add(failure));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(bad))
                .havingCause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .withMessage("one of two");
        Background.until(() -> failures.size() == 1);
        assertThat(failures.getFirst()).isInstanceOf(CompletionException.class);
    }

    @Test
    final void f7_cancellingAStageLeavesTheTaskAlone() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        assertThat(task.thenApply(String::length).cancel(true)).isTrue();
        assertThat(task.copy().cancel(true)).isTrue();
        assertThat(task.isRunning()).isTrue();
        gate.set();
        assertThat(get(task)).isEqualTo("passed");
    }

    @Test
    @DisplayName("f8: F15 as they get done; time-out with 2 of 4 unfinished")
    final void f8_asCompleted() throws Exception {
        Pool pool = of(2);
        Signal gate = newSignal();
        TaskFuture<String> slow = running(pool, gate);
        TaskFuture<String> second = pool.submit(() -> "second");
        get(second);
        TaskFuture<String> third = pool.submit(() -> "third");
        get(third);
        TaskFuture<String> slower = running(pool, gate);
        List<TaskFuture<String>> all = List.of(slower, third, slow, second, third);
        Iterator<TaskFuture<String>> finished =
                TaskFuture.asCompleted(all, Duration.ZERO).iterator();
        assertThat(List.of(finished.next(), finished.next())).containsExactlyInAnyOrder(second, third);
        assertThat(finished.hasNext()).isTrue();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(finished::next)
                .withMessage("2 (of 4) futures unfinished")
                .withCauseExactlyInstanceOf(TimeoutException.class);

        Iterator<TaskFuture<String>> rest =
                TaskFuture.asCompleted(List.of(slow, slower), PATIENCE).iterator();
        Background<TaskFuture<String>> consumer = Background.call(rest::next).staysWaiting();
        slower.cancel(true);
        assertThat(consumer.result()).isSameAs(slower);
        gate.set();
        assertThat(rest.next()).isSameAs(slow);
        assertThat(rest.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(rest::next);
    }

    @Test
    final void f8_anInterruptEndsAsCompleted() {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = running(pool, gate);
        Background<TaskFuture<String>> consumer = Background.call(() -> {
            try {
                return TaskFuture.asCompleted(List.of(task), PATIENCE)
                        .iterator()
                        .next();
            } finally {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
        });
        consumer.staysWaiting().interrupt();
        consumer.failure(CancellationException.class);
        assertThat(task.isRunning()).isTrue();
        gate.set();
    }

    @Test
    @DisplayName("f8: F16 the first; F18 time-out; F19 the same future twice")
    final void f8_await() throws Exception {
        Pool pool = of(2);
        Signal gate = newSignal();
        TaskFuture<Integer> slow = pool.submit(() -> {
            gate.await();
            return 2;
        });
        TaskFuture<Integer> quick = pool.submit(() -> 1);
        TaskFuture.Awaited<Integer> first =
                TaskFuture.await(List.of(slow, quick), PATIENCE, TaskFuture.Until.FIRST_COMPLETED);
        assertThat(first.done()).containsExactly(quick);
        assertThat(first.notDone()).containsExactly(slow);

        TaskFuture.Awaited<Integer> inTime =
                TaskFuture.await(List.of(slow, quick), Duration.ofMillis(200), TaskFuture.Until.ALL_COMPLETED);
        assertThat(inTime.done()).containsExactly(quick);
        assertThat(inTime.notDone()).containsExactly(slow);

        TaskFuture<Integer> failing = pool.submit(() -> {
            throw new IllegalStateException();
        });
        TaskFuture.Awaited<Integer> untilFailure =
                TaskFuture.await(List.of(quick, slow, failing), PATIENCE, TaskFuture.Until.FIRST_EXCEPTION);
        assertThat(untilFailure.done()).containsExactlyInAnyOrder(quick, failing);

        TaskFuture.Awaited<Integer> once =
                TaskFuture.await(List.of(quick, quick), PATIENCE, TaskFuture.Until.ALL_COMPLETED);
        assertThat(once.done()).containsExactly(quick);
        assertThat(once.notDone()).isEmpty();
        gate.set();
        assertThat(TaskFuture.await(List.of(slow, quick), PATIENCE, TaskFuture.Until.FIRST_EXCEPTION)
                        .notDone())
                .isEmpty();
    }

    @Test
    final void f9_progressReachesTheFutureAndItsListeners() throws Exception {
        Pool pool = of(1);
        Signal gate = newSignal();
        TaskFuture<String> task = pool.submit(() -> {
            TaskContext.current().progress(1, 3, "begun");
            gate.await();
            TaskContext.current().progress(3, 3, "ended");
            return "passed";
        });
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        task.onProgress(_ -> {
            throw new IllegalStateException("thrown by a listener, as it should be");
        });
        task.onProgress(seen::add);
        Background.until(() -> task.progress().isPresent());
        Background.until(() -> seen.contains(new Progress(1, 3, "begun")));
        gate.set();
        assertThat(get(task)).isEqualTo("passed");
        assertThat(task.progress()).contains(new Progress(3, 3, "ended"));
        Background.until(() -> seen.contains(new Progress(3, 3, "ended")));
        List<Progress> afterwards = Collections.synchronizedList(new ArrayList<>());
        task.onProgress(afterwards::add);
        Background.until(() -> !afterwards.isEmpty());
    }
}
