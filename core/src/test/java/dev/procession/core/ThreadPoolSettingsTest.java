package dev.procession.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What one can choose about a {@link ThreadPool}. What all pools promise is in the suites of the module conformance. */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
class ThreadPoolSettingsTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<ThreadPool> opened = new ArrayList<>();

    private ThreadPool opened(ThreadPool pool) {
        opened.add(pool);
        return pool;
    }

    @AfterEach
    void endAll() {
        gate.countDown();
        opened.forEach(ThreadPool::close);
    }

    private TaskFuture<String> occupy(ThreadPool pool) {
        TaskFuture<String> task = pool.submit(() -> {
            gate.await();
            return Thread.currentThread().getName();
        });
        until(task::isRunning);
        return task;
    }

    private static void until(BooleanSupplier holds) {
        long deadline = System.nanoTime() + SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("within 30 s").isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("F25 the size when none is given")
    void defaultSize() {
        ThreadPool pool = opened(ThreadPool.of());
        int size = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
        for (int i = 0; i < size + 5; i++) {
            pool.submit(() -> {
                gate.await();
                return 0;
            });
        }
        until(() -> pool.statistics().running() == size);
        assertThat(pool.statistics().queued()).isEqualTo(5);
    }

    @Test
    void threadsAreNamedInOrder() throws Exception {
        ThreadPool pool = opened(ThreadPool.builder().size(3).name("cooks").build());
        List<TaskFuture<String>> tasks = List.of(occupy(pool), occupy(pool), occupy(pool));
        gate.countDown();
        assertThat(tasks.stream().map(TaskFuture::join))
                .containsExactly("cooks-worker-1", "cooks-worker-2", "cooks-worker-3");
    }

    @Test
    void virtualThreadsAreVirtual() throws Exception {
        ThreadPool pool = opened(ThreadPool.virtual(500));
        List<TaskFuture<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            tasks.add(pool.submit(() -> {
                gate.await();
                return Thread.currentThread().isVirtual();
            }));
        }
        until(() -> pool.statistics().running() == 500);
        gate.countDown();
        assertThat(tasks).allMatch(TaskFuture::join);
    }

    @Test
    void idleThreadsEnd() {
        ThreadPool pool = opened(ThreadPool.builder()
                .size(2)
                .name("short-lived")
                .idleTime(Duration.ofMillis(20))
                .build());
        pool.submit(() -> 1).join();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("short-lived")));
        assertThat(pool.submit(() -> 2).join()).isEqualTo(2);
    }

    @Test
    void aFullQueueRefuses() {
        ThreadPool pool = opened(ThreadPool.builder()
                .size(2)
                .queueCapacity(1)
                .whenFull(WhenFull.REJECT)
                .name("refusing")
                .build());
        // As many as it has threads and room, whether these have begun or not.
        TaskFuture<String> first = pool.submit(() -> {
            gate.await();
            return "ran";
        });
        occupy(pool);
        TaskFuture<Integer> queued = pool.submit(() -> 1);
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> pool.submit(() -> 2))
                .withMessageContaining("queue is full")
                .withMessageContaining("capacity=1")
                .withMessageContaining("pool=refusing");
        assertThat(pool.statistics().queued()).isEqualTo(1);
        queued.cancel(true);
        TaskFuture<Integer> next = pool.submit(() -> 3);
        gate.countDown();
        assertThat(next.join()).isEqualTo(3);
        assertThat(first.join()).isEqualTo("ran");
    }

    @Test
    void aFullQueueRunsTheTaskInItsCaller() {
        ThreadPool pool = opened(ThreadPool.builder()
                .size(1)
                .queueCapacity(0)
                .whenFull(WhenFull.CALLER_RUNS)
                .build());
        occupy(pool);
        TaskFuture<List<Object>> task = pool.submit(
                () -> List.of(Thread.currentThread(), TaskContext.current().workerNumber()));
        assertThat(task.join()).containsExactly(Thread.currentThread(), 0);
        assertThat(TaskContext.find()).isEmpty();
    }

    @Test
    void theInterruptOfATaskRunByItsCallerEndsWithTheTask() {
        ThreadPool pool = opened(ThreadPool.builder()
                .size(1)
                .queueCapacity(0)
                .whenFull(WhenFull.CALLER_RUNS)
                .build());
        occupy(pool);
        TaskFuture<Boolean> task = pool.submit(
                () -> {
                    until(() -> Thread.currentThread().isInterrupted());
                    return TaskContext.current().isCancelled();
                },
                TaskOptions.defaults().withDeadline(Duration.ofMillis(20)).withGrace(Duration.ofSeconds(60)));
        assertThat(task.join()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aFullQueueHoldsUpItsCallerUntilThereIsRoom() throws Exception {
        ThreadPool pool = opened(ThreadPool.builder().size(1).queueCapacity(1).build());
        occupy(pool);
        pool.submit(() -> 1);
        AtomicReference<TaskFuture<Integer>> late = new AtomicReference<>();
        Thread submitter = Thread.ofPlatform().start(() -> late.set(pool.submit(() -> 2)));
        until(() -> submitter.getState() == Thread.State.WAITING);
        gate.countDown();
        assertThat(submitter.join(Duration.ofSeconds(30))).isTrue();
        assertThat(late.get().join()).isEqualTo(2);
    }

    @Test
    void whatHoldsUpACallerEndsWithShutdownInterruptAndRoomMadeByResize() throws Exception {
        for (String end : List.of("shutdown", "interrupt", "resize")) {
            ThreadPool pool =
                    opened(ThreadPool.builder().size(1).queueCapacity(0).build());
            occupy(pool);
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            Thread submitter = Thread.ofPlatform().start(() -> {
                try {
                    outcome.complete(pool.submit(() -> "ran").join());
                } catch (RejectedExecutionException e) {
                    outcome.complete(
                            e.getMessage() + " flag=" + Thread.currentThread().isInterrupted());
                }
            });
            until(() -> submitter.getState() == Thread.State.WAITING);
            switch (end) {
                case "shutdown" -> pool.shutdown();
                case "interrupt" -> submitter.interrupt();
                default -> pool.resize(0, 2);
            }
            assertThat(outcome.get(30, SECONDS).toString())
                    .matches(
                            switch (end) {
                                case "shutdown" -> "pool is shut down: .* flag=false";
                                case "interrupt" -> "interrupted while waiting for room: .* flag=true";
                                default -> "ran";
                            });
        }
    }

    @Test
    void theFailureOfAStuckTaskShowsWhereItIs() {
        ThreadPool pool = opened(ThreadPool.builder()
                .size(1)
                .name("stuck")
                .grace(Duration.ofMillis(20))
                .build());
        TaskFuture<Integer> task =
                pool.submit(this::stuckHere, TaskOptions.defaults().withDeadline(Duration.ofMillis(20)));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> task.get(30, SECONDS))
                .havingCause()
                .isExactlyInstanceOf(TaskDeadlineException.class)
                .withMessageContaining("pool=stuck")
                .havingCause()
                .withMessageContaining("stuck-worker-1")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("stuckHere")));
        assertThat(task.gone()).isNotDone();
        assertThat(pool.statistics().running()).isEqualTo(1);
    }

    private int stuckHere() {
        boolean interrupted = false;
        while (true) {
            try {
                gate.await();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return 1;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Test
    @DisplayName("F39 a program whose main has returned ends when its tasks have")
    void theProgramWaitsForItsTasks() throws Exception {
        assertThat(ProgramOutput.of(Apple.class)).isEqualTo("apple");
    }

    /** A program. */
    static final class Apple {
        private Apple() {}

        public static void main(String[] args) {
            ThreadPool pool =
                    ThreadPool.builder().size(1).idleTime(Duration.ofMillis(50)).build();
            pool.submit(() -> {
                CountDownLatch never = new CountDownLatch(1);
                boolean _ = never.await(300, MILLISECONDS);
                System.out.print("apple");
                return null;
            });
        }
    }

    @Test
    void refusesImpossibleSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThreadPool.builder().size(2).min(3).build())
                .withMessageContaining("min=3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThreadPool.builder().queueCapacity(-1).build())
                .withMessageContaining("capacity=-1");
        TaskOptions options = TaskOptions.defaults();
        assertThatIllegalArgumentException().isThrownBy(() -> options.withDeadline(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withGrace(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withRetries(-1));
    }
}
