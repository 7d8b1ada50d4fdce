package dev.procession.green;

import dev.procession.green.engine.Timers;
import java.time.Duration;

/**
 * Throws a {@link DeadlineException} into the task that opened it when a time is over, once. gevent calls it {@code Timeout}.
 * A wait in the JDK throws {@link InterruptedException} instead; {@link #isExpired} tells whose that is. When two end at the
 * same instant, the one opened first throws.
 *
 * <pre>{@code
 * try (Deadline deadline = Deadline.after(Duration.ofSeconds(1))) {
 *     work();
 * }
 * }</pre>
 *
 * <p>{@link CancelScope} does more: it cancels for good, and it nests.
 */
public final class Deadline implements AutoCloseable {
    private final Duration time;
    private final Timers.Timer timer;
    private boolean expired;

    private Deadline(Duration time) {
        this.time = time;
        Task<?> task = Task.current();
        timer = task.loop.timers().after(EventLoop.nanos(time), () -> {
            expired = true;
            task.inject(new DeadlineException(this));
        });
    }

    /**
     * Sets a deadline to the current task.
     *
     * @param time how long from now, by the loop's clock
     * @return the deadline, to be closed by the same task
     * @throws IllegalStateException if the current thread is no task
     */
    public static Deadline after(Duration time) {
        return new Deadline(time);
    }

    /**
     * Tells whether the time was over before this was closed.
     *
     * @return whether it was
     */
    public boolean isExpired() {
        return expired;
    }

    /** Takes the deadline away, if it has not passed. */
    @Override
    public void close() {
        timer.cancel();
    }

    @Override
    public String toString() {
        return "deadline of " + time;
    }
}
