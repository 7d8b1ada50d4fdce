package dev.procession.green;

import dev.procession.core.TaskFuture;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Work that a task waits for and that is not the loop's: it runs on platform threads, so what would hold up a loop (pipes of
 * child processes, name look-ups, class initializers, long computations) does not.
 */
final class Outside {
    private static final int MOST_THREADS = 32;
    private static final long KEEP_MILLIS = 100;
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            KEEP_MILLIS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("procession-offload-", 1).daemon().factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private Outside() {}

    /** Runs a call on a platform thread and waits for it, as a task. */
    static <T extends @Nullable Object> T call(EventLoop loop, Callable<? extends T> body) throws Exception {
        FutureTask<T> call = new FutureTask<>(loop.carried(body)::call);
        Promise<T> ended = Promise.on(loop);
        loop.outsideWorkStarts();
        THREADS.execute(() -> {
            call.run();
            loop.outsideWorkEnds(() -> settle(ended, call));
        });
        return await(ended, call);
    }

    /** Waits, as a task, for work that others do. Where it cannot call back, a thread of ours waits for it. */
    static <T extends @Nullable Object> T await(EventLoop loop, Future<T> work) throws Exception {
        if (work instanceof LoopFuture<T> own && own.loop == loop) {
            return await(own, own);
        }
        Promise<T> ended = Promise.on(loop);
        loop.outsideWorkStarts();
        Runnable tell = () -> loop.outsideWorkEnds(() -> settle(ended, work));
        if (work instanceof TaskFuture<?> task) { // a cancelled one is done at once, and may still be at work
            CompletionStage<?> _ = task.whenComplete((_, _) -> whenGone(task, tell));
        } else if (work instanceof CompletionStage<?> stage) {
            CompletionStage<?> _ = stage.whenComplete((_, _) -> tell.run());
        } else {
            THREADS.execute(() -> {
                awaitEnd(work);
                tell.run();
            });
        }
        return await(ended, work);
    }

    private static void whenGone(TaskFuture<?> task, Runnable then) {
        CompletionStage<?> _ = task.gone().thenRun(then);
    }

    private static void awaitEnd(Future<?> work) {
        try {
            work.get();
        } catch (ExecutionException | InterruptedException | CancellationException ended) {
            // how it ended is asked of the future
        }
    }

    private static <T extends @Nullable Object> void settle(Promise<T> promise, Future<T> work) {
        switch (work.state()) {
            case SUCCESS -> promise.complete(work.resultNow());
            case FAILED -> promise.fail(work.exceptionNow());
            case CANCELLED, RUNNING -> promise.cancel(false);
        }
    }

    /** A cancelled wait interrupts the work, and still waits for its end: nothing goes on behind the task's back. */
    private static <T extends @Nullable Object> T await(LoopFuture<T> ended, Future<T> work) throws Exception {
        try {
            Tasks.awaitEnd(ended);
        } catch (Throwable interrupted) { // a cancellation, a deadline, a kill
            work.cancel(/* mayInterruptIfRunning= */ true);
            CancelScope.shielded(() -> Tasks.awaitEnd(ended));
            throw interrupted;
        }
        return Tasks.valueOf(ended);
    }

    /** A future for threads that are not on the loop; to cancel it cancels the task. */
    static <T extends @Nullable Object> CompletableFuture<T> mirror(Task<T> task) {
        CompletableFuture<T> mirror = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return task.cancel() && super.cancel(mayInterruptIfRunning);
            }
        };
        task.addDoneCallback(_ -> {
            switch (task.state()) {
                case SUCCESS -> mirror.complete(task.resultNow());
                case FAILED -> mirror.completeExceptionally(task.exceptionNow());
                case CANCELLED, RUNNING -> mirror.cancel(false);
            }
        });
        return mirror;
    }
}
