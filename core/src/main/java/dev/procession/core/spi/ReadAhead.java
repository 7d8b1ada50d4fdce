package dev.procession.core.spi;

import dev.procession.core.SerializableFunction;
import dev.procession.core.TaskFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The source of the streams of {@code imap}: before it waits for a result it starts tasks for inputs further on, two
 * batches a worker. The stream's consumer alone calls it; it may be closed by another thread.
 */
final class ReadAhead<A, R> implements Spliterator<R> {
    private static final int BATCHES_PER_WORKER = 2;

    /** In which order results are given out. */
    enum Order {
        /** That of the inputs. */
        INPUT,
        /** That in which they are ready. */
        COMPLETION
    }

    private final AbstractPool pool;
    private final SerializableFunction<? super A, ? extends R> function;
    private final Iterable<? extends A> source;
    private final int chunkSize;
    private final Order order;

    private final Deque<PoolTask<ChunkResult<R>>> inOrder = new ArrayDeque<>();
    private final BlockingQueue<PoolTask<ChunkResult<R>>> ended = new LinkedBlockingQueue<>();
    private Iterator<R> ready = Collections.emptyIterator();
    private @Nullable Iterator<? extends A> inputs;
    private @Nullable Throwable inputsFailure;
    private @Nullable Throwable failure;
    private boolean inputsEnded;

    // Guarded by underWay: closing may come from another thread.
    private final Set<PoolTask<ChunkResult<R>>> underWay = new HashSet<>();
    private boolean closed;

    private ReadAhead(
            AbstractPool pool,
            SerializableFunction<? super A, ? extends R> function,
            Iterable<? extends A> source,
            int chunkSize,
            Order order) {
        this.pool = pool;
        this.function = Objects.requireNonNull(function, "function");
        this.source = Objects.requireNonNull(source, "inputs");
        this.chunkSize = chunkSize;
        this.order = order;
    }

    static <A, R> Stream<R> stream(
            AbstractPool pool,
            SerializableFunction<? super A, ? extends R> function,
            Iterable<? extends A> source,
            int chunkSize,
            Order order) {
        if (chunkSize <= 0) {
            throw new IllegalArgumentException("chunk size must be positive: chunkSize=" + chunkSize);
        }
        var readAhead = new ReadAhead<A, R>(pool, function, source, chunkSize, order);
        return StreamSupport.stream(readAhead, /* parallel= */ false).onClose(readAhead::cancelAll);
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        boolean goesOn = false;
        try {
            goesOn = advance();
        } finally {
            if (!goesOn) {
                cancelAll();
            }
        }
        if (goesOn) {
            action.accept(ready.next());
        }
        return goesOn;
    }

    /** Sees to it that a result is ready, unless there are no more. */
    private boolean advance() {
        while (true) {
            if (ready.hasNext()) {
                return true;
            }
            if (failure != null) {
                Throwable thrown = failure;
                failure = new CancellationException("the stream has failed before");
                throw thrown instanceof CancellationException cancellation
                        ? cancellation
                        : new CompletionException(thrown);
            }
            readAhead();
            PoolTask<ChunkResult<R>> task = next();
            if (task == null) {
                return endOfInputs();
            }
            open(task.future());
        }
    }

    private boolean endOfInputs() {
        if (inputsFailure != null) {
            Throwable thrown = inputsFailure;
            inputsFailure = null;
            ReadAhead.<RuntimeException>throwAsIs(thrown);
        }
        return false;
    }

    /** What the inputs' iterator threw, which may be an undeclared checked exception as well. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> void throwAsIs(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private void readAhead() {
        int window = pool.parallelism() * BATCHES_PER_WORKER;
        while (!inputsEnded && count() < window) {
            ArrayList<A> batch = readBatch();
            if (!batch.isEmpty()) {
                start(new MapChunk<A, R>(function, batch));
            }
        }
    }

    @SuppressWarnings("NonApiType") // it becomes part of what travels
    private ArrayList<A> readBatch() {
        var batch = new ArrayList<A>(Math.min(chunkSize, 1_000));
        try {
            if (inputs == null) {
                inputs = source.iterator();
            }
            while (batch.size() < chunkSize && !inputsEnded) {
                if (inputs.hasNext()) {
                    batch.add(inputs.next());
                } else {
                    inputsEnded = true;
                }
            }
        } catch (Throwable e) {
            inputsFailure = e; // thrown when the results before it have been given out
            inputsEnded = true;
        }
        return batch;
    }

    private int count() {
        synchronized (underWay) {
            return underWay.size();
        }
    }

    private void start(MapChunk<A, R> chunk) {
        PoolTask<ChunkResult<R>> task = pool.start(chunk);
        boolean late;
        synchronized (underWay) {
            underWay.add(task);
            late = closed;
        }
        if (order == Order.INPUT) {
            inOrder.add(task);
        } else {
            task.watch(() -> ended.add(task));
        }
        if (late) {
            task.future().cancel(/* mayInterruptIfRunning= */ true);
        }
    }

    /** The batch whose results come next, done; null if there is none. */
    private @Nullable PoolTask<ChunkResult<R>> next() {
        if (count() == 0) {
            return null;
        }
        PoolTask<ChunkResult<R>> next;
        try {
            if (order == Order.INPUT) {
                next = inOrder.remove();
                next.awaitDone();
            } else {
                next = awaitOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new CancellationException("interrupted while waiting for a result: pool=" + pool.name());
            interrupted.initCause(e);
            throw interrupted;
        }
        synchronized (underWay) {
            underWay.remove(next);
        }
        return next;
    }

    private PoolTask<ChunkResult<R>> awaitOne() throws InterruptedException {
        PoolTask<ChunkResult<R>> next = ended.poll();
        if (next != null) {
            return next;
        }
        Set<PoolTask<ChunkResult<R>>> awaited;
        synchronized (underWay) {
            awaited = Set.copyOf(underWay);
        }
        pool.beginWait(awaited);
        try {
            return ended.take();
        } finally {
            pool.endWait();
        }
    }

    private void open(TaskFuture<ChunkResult<R>> future) {
        switch (future.state()) {
            case SUCCESS -> {
                ready = future.resultNow().results().iterator();
                failure = future.resultNow().failure();
            }
            case FAILED -> failure = future.exceptionNow();
            case CANCELLED -> failure = new CancellationException("a batch was cancelled: pool=" + pool.name());
            case RUNNING -> throw new AssertionError(future);
        }
    }

    private void cancelAll() {
        Set<PoolTask<ChunkResult<R>>> toCancel;
        synchronized (underWay) {
            closed = true;
            toCancel = Set.copyOf(underWay);
        }
        toCancel.forEach(task -> task.future().cancel(/* mayInterruptIfRunning= */ true));
    }

    @Override
    public @Nullable Spliterator<R> trySplit() {
        return null; // each result comes when it comes: there is nothing to divide
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return order == Order.INPUT ? ORDERED : 0;
    }
}
