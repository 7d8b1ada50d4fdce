package dev.procession.core;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gives out futures as they get done. For one thread. */
final class CompletionOrder<T> implements Iterator<TaskFuture<T>> {
    private final BlockingQueue<TaskFuture<T>> done = new LinkedBlockingQueue<>();
    private final Set<TaskFuture<T>> given;
    private final long deadlineNanos;
    private int shown;

    CompletionOrder(Collection<? extends TaskFuture<T>> futures, Duration timeout) {
        deadlineNanos = System.nanoTime() + Math.clamp(TimeUnit.NANOSECONDS.convert(timeout), 0, Long.MAX_VALUE / 2);
        given = new LinkedHashSet<>(futures);
        for (TaskFuture<T> future : given) {
            future.whenAnnounced(() -> done.add(future));
        }
    }

    @Override
    public boolean hasNext() {
        return shown < given.size();
    }

    @Override
    public TaskFuture<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            TaskFuture<T> next = poll();
            if (next != null) {
                return next;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new CancellationException("interrupted while waiting for futures: " + missing());
            interrupted.initCause(e);
            throw interrupted;
        }
        throw new CompletionException(missing(), new TimeoutException(missing()));
    }

    private String missing() {
        return given.size() - shown + " (of " + given.size() + ") futures unfinished";
    }

    private @Nullable TaskFuture<T> poll() throws InterruptedException {
        TaskFuture<T> next = done.poll();
        if (next == null) {
            next = done.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        if (next != null) {
            shown++;
        }
        return next;
    }

    TaskFuture.Awaited<T> await(TaskFuture.Until until) throws InterruptedException {
        var finished = new LinkedHashSet<TaskFuture<T>>();
        boolean enough = false;
        while (hasNext() && !enough) {
            TaskFuture<T> next = poll();
            if (next == null) {
                break;
            }
            finished.add(next);
            enough = switch (until) {
                case FIRST_COMPLETED -> true;
                case FIRST_EXCEPTION -> next.isCompletedExceptionally();
                case ALL_COMPLETED -> false;
            };
        }
        done.drainTo(finished);
        var unfinished = new LinkedHashSet<>(given);
        unfinished.removeAll(finished);
        return new TaskFuture.Awaited<>(Collections.unmodifiableSet(finished), Collections.unmodifiableSet(unfinished));
    }
}
