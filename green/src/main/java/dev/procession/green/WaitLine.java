package dev.procession.green;

import dev.procession.green.engine.Timers;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for one thing, first come first served. To be woken is no more than a hint: who is woken looks again. One
 * that is woken and cancelled in the same turn wakes the next in its place, so no hint is lost.
 *
 * <p>Used on one loop, under its exclusion.
 */
final class WaitLine {
    /** One place in the line; also the ring's anchor. */
    private static final class Place {
        private final @Nullable Task<?> task;
        private boolean woken;
        private Place previous = this;
        private Place next = this;

        Place(@Nullable Task<?> task) {
            this.task = task;
        }

        void linkBefore(Place other) {
            previous = other.previous;
            next = other;
            previous.next = this;
            other.previous = this;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }

    private final Object what;
    private final Place anchor = new Place(null);
    private int waiting;

    /** Woken, and did not have their turn yet. */
    private int underWay;

    /**
     * Creates an empty line.
     *
     * @param what the waiting is for, told by its {@code toString}
     */
    WaitLine(Object what) {
        this.what = what;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /** Whether somebody waits, or was woken and did not have its turn yet: who comes now comes later. */
    boolean isContended() {
        return waiting > 0 || underWay > 0;
    }

    int size() {
        return waiting;
    }

    /** Waits to be woken. */
    void await() {
        boolean _ = await(Long.MAX_VALUE);
    }

    /**
     * Waits to be woken, for some time at most.
     *
     * @return false if the time was over
     */
    boolean await(long timeoutNanos) {
        Task<?> self = Task.current();
        self.checkpoint();
        if (timeoutNanos <= 0) {
            return false;
        }
        Place place = new Place(self);
        place.linkBefore(anchor);
        waiting++;
        Timers.Timer timer =
                timeoutNanos == Long.MAX_VALUE ? null : self.loop.timers().after(timeoutNanos, self.fiber()::resume);
        boolean returned = false;
        try {
            while (!place.woken && (timer == null || !timer.isDone())) {
                self.suspend(what);
            }
            returned = true;
            return place.woken;
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            if (!place.woken) {
                place.unlink();
                waiting--;
            } else {
                underWay--;
                if (!returned) {
                    wakeNext();
                }
            }
        }
    }

    /**
     * Wakes the one that has waited longest.
     *
     * @return false if nobody waits
     */
    boolean wakeNext() {
        Place first = anchor.next;
        if (first.task == null) {
            return false;
        }
        first.woken = true;
        first.unlink();
        waiting--;
        underWay++;
        first.task.fiber().resume();
        return true;
    }

    void wakeAll() {
        for (int left = waiting; left > 0; left--) {
            wakeNext();
        }
    }
}
