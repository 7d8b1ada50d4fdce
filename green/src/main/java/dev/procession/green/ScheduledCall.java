package dev.procession.green;

import dev.procession.green.engine.Timers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A callback that a loop is going to run, and that can be cancelled until then. Python calls it {@code asyncio.Handle}. */
public final class ScheduledCall {
    private final EventLoop loop;
    private final Runnable callback;
    private Timers.@Nullable Timer timer;
    private boolean cancelled;

    ScheduledCall(EventLoop loop, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    void runsBy(Timers.Timer when) {
        timer = when;
    }

    /** Keeps the callback from running, if it has not run; on the loop. */
    public void cancel() {
        cancelled = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /**
     * Tells whether it was cancelled.
     *
     * @return whether it was
     */
    public boolean isCancelled() {
        return cancelled;
    }

    void run() {
        if (!cancelled) {
            try {
                callback.run();
            } catch (Throwable thrown) {
                loop.report("a callback of loop " + loop + " threw", thrown);
            }
        }
    }
}
