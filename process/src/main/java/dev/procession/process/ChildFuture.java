package dev.procession.process;

import dev.procession.shm.os.Signals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A child as work that is under way. Its cancellation ends the child, and is over when the child has ended. */
final class ChildFuture extends CompletableFuture<ChildProcess> {
    private static final Executor AFTER_GRACE = delayedExecutor(2, TimeUnit.SECONDS);

    private final ChildProcess child;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    ChildFuture(ChildProcess child) {
        this.child = child;
        CompletionStage<?> _ = child.onExit().thenRun(this::ended);
    }

    private void ended() {
        child.failureEvenIfClosed().ifPresentOrElse(this::failed, () -> complete(child));
    }

    private void failed(ChildFailedException failure) {
        if (cancelled.get()) {
            super.cancel(false);
        } else {
            completeExceptionally(failure);
        }
    }

    /** The future of a child that is being ended is not done before the child has ended. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!mayInterruptIfRunning || isDone()) {
            return isCancelled();
        }
        child.signal(Signals.TERM);
        if (cancelled.compareAndSet(false, true)) {
            AFTER_GRACE.execute(() -> child.signal(Signals.KILL));
        }
        return true;
    }
}
