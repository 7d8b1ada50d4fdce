package dev.procession.core.spi;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procession.core.SerializableCallable;
import dev.procession.core.TaskDeadlineException;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The engine's side of a task, driven step by step. */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
class PoolTaskTest {
    private final RecordingPool pool = new RecordingPool();

    private static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 30 s").isNegative();
            Thread.onSpinWait();
        }
    }

    private PoolTask<?> submitted(TaskOptions options) {
        pool.submit(() -> 1, options);
        return pool.last();
    }

    private PoolTask<?> submitted() {
        return submitted(TaskOptions.defaults());
    }

    @Test
    void lambdasPickTheSerializableOverloads() {
        int captured = 1;
        TaskOptions options = TaskOptions.defaults();
        pool.submit(() -> captured + 1);
        pool.submit(() -> {
            throw new IOException("never called");
        });
        pool.submit(() -> System.gc());
        pool.submit(System::lineSeparator);
        pool.submit(System::gc);
        pool.submit(() -> System.gc(), new Object());
        pool.submit(() -> captured, options);
        pool.submit(() -> System.gc(), options);
        pool.execute(() -> System.gc());
        assertThat(pool.enqueued).hasSize(9).allSatisfy(task -> {
            assertThat(task.call()).isInstanceOf(Serializable.class);
            if (task.call() instanceof ActionCall(Runnable action)) {
                assertThat(action).isInstanceOf(Serializable.class);
            }
        });
        assertThat(pool.enqueued.stream().filter(task -> task.call() instanceof ActionCall))
                .hasSize(5);
        Callable<Integer> plain = () -> 1;
        pool.submit(plain);
        assertThat(pool.last().call()).isSameAs(plain).isNotInstanceOf(Serializable.class);
        SerializableCallable<Integer> variable = () -> 1;
        pool.submit(variable);
        assertThat(pool.last().call()).isSameAs(variable);
    }

    @Test
    void batchesOfPairsCanTravel() throws Exception {
        Thread mapper = Thread.ofPlatform().daemon().start(() -> {
            try {
                pool.starmap((a, b) -> a + b, List.of(Map.entry(1, 2)));
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        until(() -> pool.enqueued.size() == 1);
        MapChunk<?, ?> chunk = (MapChunk<?, ?>) pool.last().call();
        assertThat(chunk.inputs()).allSatisfy(pair -> assertThat(pair).isInstanceOf(Serializable.class));
        assertThat(pool.last().start()).isTrue();
        assertThat(pool.last().succeed(chunk.call())).isTrue();
        mapper.join();
    }

    @Test
    void aRetryGoesBackToTheQueueAndCounts() {
        PoolTask<?> task = submitted();
        assertThat(task.start()).isTrue();
        assertThat(task.start()).as("once").isFalse();
        assertThat(task.requeue()).isTrue();
        assertThat(task.future().isRunning()).isFalse();
        assertThat(pool.statistics().queued()).isEqualTo(1);
        assertThat(task.start()).isTrue();
        assertThat(task.succeed(1)).isTrue();
        assertThat(task.future().resultNow()).isEqualTo(1);
        assertThat(pool.statistics().retried()).isEqualTo(1);
        assertThat(pool.statistics().running()).isZero();
        assertThat(pool.statistics().done()).isEqualTo(1);
    }

    @Test
    void aCancelledTaskIsNotRetried() {
        PoolTask<?> task = submitted();
        assertThat(task.start()).isTrue();
        task.future().cancel(true);
        assertThat(task.isAskedToStop()).isTrue();
        assertThat(task.requeue()).isFalse();
        assertThat(task.future().gone()).isDone();
        assertThat(task.start()).isFalse();
        assertThat(pool.statistics().running()).isZero();
        assertThat(pool.statistics().queued()).isZero();

        PoolTask<?> waiting = submitted();
        assertThat(waiting.start()).isTrue();
        assertThat(waiting.requeue()).isTrue();
        waiting.future().cancel(true);
        assertThat(waiting.start())
                .as("cancelled while it waited for its second start")
                .isFalse();
        assertThat(pool.asked()).containsExactly("interrupt task-1", "withdraw task-2");
    }

    @Test
    void whatIgnoresItsInterruptIsKilledAfterItsGraceAndWhatEndsIsNot() {
        PoolTask<?> stubborn = submitted(TaskOptions.defaults().withName("stubborn"));
        PoolTask<?> heeding =
                submitted(TaskOptions.defaults().withName("heeding").withGrace(Duration.ofMillis(200)));
        assertThat(stubborn.start()).isTrue();
        assertThat(heeding.start()).isTrue();
        stubborn.future().cancel(true);
        heeding.future().cancel(true);
        heeding.gone();
        until(() -> pool.asked().contains("kill stubborn"));
        stubborn.gone();
        assertThat(pool.asked()).containsExactly("interrupt stubborn", "interrupt heeding", "kill stubborn");
    }

    @Test
    void aDeadlineIsArmedAnewForEachStart() {
        PoolTask<?> task = submitted(TaskOptions.defaults().withName("late").withDeadline(Duration.ofMillis(20)));
        assertThat(task.start()).isTrue();
        until(() -> pool.asked().contains("kill late"));
        assertThat(task.isPastDeadline()).isTrue();
        assertThat(task.requeue()).isTrue();
        assertThat(task.start()).isTrue();
        until(task::isPastDeadline);
        until(task::isAskedToStop);
        assertThat(task.fail(new InterruptedException())).isTrue();
        assertThat(task.future().exceptionNow())
                .isInstanceOf(TaskDeadlineException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(pool.statistics().failed()).isEqualTo(1);
    }

    @Test
    void aNewStartKnowsNothingOfTheDeadlineOfTheOneBefore() {
        PoolTask<?> task = submitted(TaskOptions.defaults().withDeadline(Duration.ofSeconds(1)));
        assertThat(task.start()).isTrue();
        until(task::isAskedToStop);
        assertThat(task.requeue()).isTrue();
        assertThat(task.start()).isTrue();
        assertThat(task.isAskedToStop()).isFalse();
        assertThat(task.isPastDeadline()).isFalse();
        task.gone();
    }

    @Test
    void aTaskRefusedByItsPoolIsNotCounted() {
        pool.refusal = new IllegalStateException("refused");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> pool.submit(() -> 1))
                .isSameAs(pool.refusal);
        assertThat(pool.statistics().queued()).isZero();
    }

    @Test
    void stagesNeverRunOnTheThreadThatCompletes() throws Exception {
        Thread completing = Thread.currentThread();
        for (int i = 0; i < 20_000; i++) {
            PoolTask<?> task = submitted();
            TaskFuture<?> future = task.future();
            CompletableFuture<Thread> stage = new CompletableFuture<>();
            Thread adding = i % 100 == 0
                    ? Thread.ofPlatform().start(() -> future.thenRun(() -> stage.complete(Thread.currentThread())))
                    : Thread.ofVirtual().start(() -> future.thenRun(() -> stage.complete(Thread.currentThread())));
            assertThat(task.start()).isTrue();
            assertThat(task.succeed(1)).isTrue();
            assertThat(stage.get(30, SECONDS)).isNotSameAs(completing);
            adding.join();
        }
    }
}
