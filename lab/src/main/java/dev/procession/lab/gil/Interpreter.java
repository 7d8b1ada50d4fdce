package dev.procession.lab.gil;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps, as the loop of an interpreter does: under a global lock, or without one. Counts how many threads were in a
 * step at once. Safe for use by many threads.
 */
final class Interpreter {
    private static final int SPINS = 400;

    private final @Nullable GlobalLock lock;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();

    private Interpreter(@Nullable GlobalLock lock) {
        this.lock = lock;
    }

    static Interpreter withLock(Duration switchInterval) {
        return new Interpreter(new GlobalLock(switchInterval));
    }

    static Interpreter withoutLock() {
        return new Interpreter(null);
    }

    /** Is told when its thread may go on, and when it waits; it is called by that thread. */
    interface Turns {
        /** The thread may take steps. */
        void begins();

        /** It may not. */
        void ends();
    }

    /** Computes so many steps; the result depends on all of them. */
    long compute(int steps, Turns turns) {
        enter(turns);
        long result = 1;
        for (int step = 0; step < steps; step++) {
            mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
            result = step(result);
            inside.decrementAndGet();
            if (lock != null && lock.isWanted()) {
                turns.ends();
                lock.drop();
                enter(turns);
            }
        }
        leave(turns);
        return result;
    }

    /**
     * One step: what is long enough for a look at the lock not to count. Shifts, of which no compiler makes one out of many: a JVM
     * that has just started must not take longer than a warm one.
     */
    static long step(long value) {
        long result = value;
        for (int i = 0; i < SPINS; i++) {
            result ^= result << 13;
            result ^= result >>> 7;
            result ^= result << 17;
        }
        return result;
    }

    /** Waits for a device so many times; the lock is given back meanwhile, as around every I/O call of Python. */
    void doIo(int times, Duration each, Turns turns) throws InterruptedException {
        enter(turns);
        try {
            for (int i = 0; i < times; i++) {
                leave(turns);
                try {
                    Thread.sleep(each);
                } finally {
                    enter(turns);
                }
            }
        } finally {
            leave(turns);
        }
    }

    private void enter(Turns turns) {
        if (lock != null) {
            lock.acquire();
        }
        turns.begins();
    }

    private void leave(Turns turns) {
        turns.ends();
        if (lock != null) {
            lock.release();
        }
    }

    /** Most threads that were in a step at once. */
    int mostInside() {
        return mostInside.get();
    }

    /** How often the lock changed hands; 0 without one. */
    long switches() {
        return lock == null ? 0 : lock.switches();
    }
}
