package dev.procession.shm;

import dev.procession.shm.engine.DeadlockWatch;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.EventCount;
import dev.procession.shm.engine.Spin;
import dev.procession.shm.engine.Wait;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries something until it works: at first looking only, then giving way to others, then asleep on an event count,
 * slice by slice.
 *
 * <p>What ends the wait: the attempt gives something, or throws (as it does on a queue that was shut down or closed); the
 * time is up; the thread is interrupted.
 */
final class WaitLoop {
    /** A yield with nobody to yield to costs a fraction of a microsecond; a sleep and a wake-up about 50. */
    private static final int YIELDS = 32;

    private final Entry entry;
    private final EventCount event;
    private final BooleanSupplier looksReady;
    private final Spin spin = new Spin();

    /**
     * A place to wait.
     *
     * @param entry the primitive that is waited for
     * @param event what is counted up when an attempt may work
     * @param looksReady whether an attempt may work, cheaply
     */
    WaitLoop(Entry entry, EventCount event, BooleanSupplier looksReady) {
        this.entry = entry;
        this.event = event;
        this.looksReady = looksReady;
    }

    /**
     * Tries until it works.
     *
     * @param timeoutNanos how long; the first attempt is made even if that is not positive
     * @param attempt gives null if it did not work
     * @return what the attempt gave, or null if the time is up
     * @throws InterruptedException if the thread is interrupted while it waits; the last attempt did not work
     */
    <T> @Nullable T run(long timeoutNanos, Supplier<@Nullable T> attempt) throws InterruptedException {
        T got = attempt.get();
        if (got != null || timeoutNanos <= 0) {
            return got;
        }
        got = runSpinning(attempt);
        if (got == null) {
            got = runYielding(attempt);
        }
        return got != null ? got : runSleeping(timeoutNanos, attempt);
    }

    private <T> @Nullable T runSpinning(Supplier<@Nullable T> attempt) {
        for (int left = spin.budget(); left > 0; left--) {
            if (looksReady.getAsBoolean()) {
                T got = attempt.get();
                if (got != null) {
                    spin.learn(/* enough= */ true);
                    return got;
                }
            }
            Thread.onSpinWait();
        }
        spin.learn(/* enough= */ false);
        return null;
    }

    /**
     * Where there are more threads than CPUs the peer may be waiting for this very CPU. Given way to, it does a whole
     * slice of work; woken by each other's every item, the two would change places after each.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint is what it is meant to be
    private <T> @Nullable T runYielding(Supplier<@Nullable T> attempt) {
        for (int left = YIELDS; left > 0; left--) {
            Thread.yield();
            if (looksReady.getAsBoolean()) {
                T got = attempt.get();
                if (got != null) {
                    return got;
                }
            }
        }
        return null;
    }

    private @Nullable DeadlockWatch watch() {
        return entry.space().deadlocks().watch(entry, DeadlockWatch.Way.FOR_ANYBODY);
    }

    private <T> @Nullable T runSleeping(long timeoutNanos, Supplier<@Nullable T> attempt) throws InterruptedException {
        boolean slept = false;
        try (Wait wait = Wait.interruptibly(timeoutNanos, watch())) {
            for (; ; ) {
                int key = event.announce();
                T got = attempt.get();
                if (got != null) {
                    return got;
                }
                switch (event.pause(wait, key)) {
                    case LOOK_AGAIN -> slept = true;
                    case TIMED_OUT -> {
                        return null;
                    }
                    case INTERRUPTED -> throw new InterruptedException();
                }
            }
        } finally {
            if (slept) {
                handOver();
            }
        }
    }

    /** This thread may have been woken in place of another one. */
    private void handOver() {
        event.announce();
        if (looksReady.getAsBoolean()) {
            event.wake(1);
        }
    }
}
