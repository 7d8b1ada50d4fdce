package dev.procession.green.engine;

import java.util.Arrays;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen at some time, the earliest first and what is due at one time in the order it was asked for: a binary heap
 * whose entries know their place, so that one that is cancelled leaves at once.
 *
 * <p>Used by one loop, under its exclusion.
 */
public final class Timers {
    private static final int INITIAL_CAPACITY = 16;

    private final LongSupplier clock;
    private Timer[] heap = new Timer[INITIAL_CAPACITY];
    private int size;
    private long asked;

    /**
     * Creates an empty set of timers.
     *
     * @param clock gives the time in nanoseconds, from any origin
     */
    public Timers(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Tells the time of these timers' clock.
     *
     * @return nanoseconds from an arbitrary origin
     */
    public long nanos() {
        return clock.getAsLong();
    }

    /**
     * Adds a timer.
     *
     * @param delayNanos how long from now; zero or less is now
     * @param action what to do, on the loop
     * @return the timer
     */
    public Timer after(long delayNanos, Runnable action) {
        return at(clock.getAsLong() + Math.max(0, delayNanos), action);
    }

    /**
     * Adds a timer.
     *
     * @param nanos the time, of this clock
     * @param action what to do, on the loop
     * @return the timer
     */
    public Timer at(long nanos, Runnable action) {
        Timer timer = new Timer(this, nanos, asked++, action);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, timer);
        return timer;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Tells how many timers are waiting.
     *
     * @return their number
     */
    public int size() {
        return size;
    }

    /**
     * Tells how long it is until the first timer is due.
     *
     * @return nanoseconds, zero if it is due; {@link Long#MAX_VALUE} if there is none
     */
    public long nanosToNext() {
        return size == 0 ? Long.MAX_VALUE : Math.max(0, heap[0].nanos - clock.getAsLong());
    }

    /** Fires all timers that are due now. What an action throws goes on to the caller; the rest fires at the next call. */
    void fireDue() {
        long now = clock.getAsLong();
        while (size > 0 && heap[0].nanos - now <= 0) {
            Timer due = heap[0];
            remove(due);
            due.action.run();
        }
    }

    /** Gives all timers to somebody else, who waits as long as they still had to. Their clock must be real. */
    void moveTo(ScheduledExecutorService elsewhere) {
        while (size > 0) {
            Timer timer = heap[0];
            remove(timer);
            ScheduledFuture<?> _ =
                    elsewhere.schedule(timer.action, timer.getDelay(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
        }
    }

    @SuppressWarnings("ReferenceEquality") // equal timers are two timers
    private void remove(Timer timer) {
        int hole = timer.index;
        timer.index = Timer.OUT;
        Timer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            siftDown(hole, last);
            if (heap[hole] == last) {
                siftUp(hole, last);
            }
        }
    }

    private void siftUp(int from, Timer timer) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!timer.isBefore(heap[parent])) {
                break;
            }
            place(index, heap[parent]);
            index = parent;
        }
        place(index, timer);
    }

    private void siftDown(int from, Timer timer) {
        int index = from;
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(timer)) {
                break;
            }
            place(index, heap[child]);
            index = child;
        }
        place(index, timer);
    }

    private void place(int index, Timer timer) {
        heap[index] = timer;
        timer.index = index;
    }

    /** One thing to happen. Also what the JDK wants back for the timed waits of its virtual threads. */
    public static final class Timer implements ScheduledFuture<Object> {
        private static final int OUT = -1;

        private final Timers timers;
        private final long nanos;
        private final long order;
        private final Runnable action;
        private int index = OUT;
        private boolean cancelled;

        private Timer(Timers timers, long nanos, long order, Runnable action) {
            this.timers = timers;
            this.nanos = nanos;
            this.order = order;
            this.action = action;
        }

        private boolean isBefore(Timer other) {
            long difference = nanos - other.nanos;
            return difference != 0 ? difference < 0 : order < other.order;
        }

        /**
         * Takes the timer out, if it has not fired.
         *
         * @return whether it had neither fired nor been cancelled
         */
        public boolean cancel() {
            if (index == OUT) {
                return false;
            }
            timers.remove(this);
            cancelled = true;
            return true;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return cancel();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return index == OUT;
        }

        @Override
        public @Nullable Object get() throws ExecutionException {
            throw new UnsupportedOperationException("a timer has no result");
        }

        @Override
        public @Nullable Object get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("a timer has no result");
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(nanos - timers.nanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
