package dev.procession.core.spi;

import dev.procession.core.SerializableFunction;
import dev.procession.core.TaskFuture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One call of {@code map}: cuts the inputs into batches, keeps the workers in batches, and waits for all of them. */
final class Batches<A, R> {
    /** For {@link #run}. */
    static final long NO_DEADLINE = Long.MIN_VALUE;

    /** So many batches a worker are under way: one runs, and the next is there when it ends. */
    private static final int BATCHES_PER_WORKER = 2;

    private record Batch<R>(int begin, int size, PoolTask<ChunkResult<R>> task) {}

    private final AbstractPool pool;
    private final SerializableFunction<? super A, ? extends R> function;
    private final List<A> inputs;
    private final ChunkSizing sizing;
    private final @Nullable Object[] results;
    private final Set<Batch<R>> underWay = new HashSet<>();
    private final BlockingQueue<Batch<R>> ended = new LinkedBlockingQueue<>();
    private int started;
    private int firstFailed = Integer.MAX_VALUE;
    private @Nullable Throwable firstFailure;

    Batches(
            AbstractPool pool,
            SerializableFunction<? super A, ? extends R> function,
            List<A> inputs,
            ChunkSizing sizing) {
        this.pool = pool;
        this.function = function;
        this.inputs = inputs;
        this.sizing = sizing;
        this.results = new Object[inputs.size()];
    }

    @SuppressWarnings("unchecked") // results holds nothing but results
    List<R> run(long deadlineNanos) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            int window = pool.parallelism() * BATCHES_PER_WORKER;
            while (started < inputs.size() || !underWay.isEmpty()) {
                while (started < inputs.size() && underWay.size() < window) {
                    startNext();
                }
                collect(awaitOne(deadlineNanos));
            }
        } finally {
            underWay.forEach(batch -> batch.task.future().cancel(/* mayInterruptIfRunning= */ true));
        }
        if (firstFailure instanceof CancellationException) {
            throw new CancellationException("a batch was cancelled: pool=" + pool.name());
        }
        if (firstFailure != null) {
            throw new ExecutionException(firstFailure);
        }
        return (List<R>) Collections.unmodifiableList(Arrays.asList(results));
    }

    private void startNext() {
        int size = sizing.next(inputs.size() - started);
        var chunk = new MapChunk<A, R>(function, new ArrayList<>(inputs.subList(started, started + size)));
        var batch = new Batch<R>(started, size, pool.start(chunk));
        started += size;
        underWay.add(batch);
        batch.task.watch(() -> ended.add(batch));
    }

    private Batch<R> awaitOne(long deadlineNanos) throws InterruptedException, TimeoutException {
        Batch<R> batch = ended.poll();
        if (batch == null) {
            batch = deadlineNanos == NO_DEADLINE
                    ? awaitOne()
                    : ended.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        if (batch == null) {
            throw new TimeoutException("map did not end in time: inputs=" + inputs.size() + ", started=" + started
                    + ", pool=" + pool.name());
        }
        underWay.remove(batch);
        return batch;
    }

    private Batch<R> awaitOne() throws InterruptedException {
        pool.beginWait(underWay.stream().map(Batch::task).toList());
        try {
            return ended.take();
        } finally {
            pool.endWait();
        }
    }

    private void collect(Batch<R> batch) {
        TaskFuture<ChunkResult<R>> future = batch.task.future();
        switch (future.state()) {
            case SUCCESS -> {
                ChunkResult<R> chunk = future.resultNow();
                sizing.measured(batch.size, chunk.runNanos());
                int index = batch.begin;
                for (R result : chunk.results()) {
                    results[index++] = result;
                }
                if (chunk.failure() != null) {
                    failed(index, chunk.failure());
                }
            }
            case FAILED -> failed(batch.begin, future.exceptionNow());
            case CANCELLED -> failed(batch.begin, new CancellationException());
            case RUNNING -> throw new AssertionError(future);
        }
    }

    private void failed(int index, Throwable failure) {
        if (index < firstFailed) {
            firstFailed = index;
            firstFailure = failure;
        }
    }
}
