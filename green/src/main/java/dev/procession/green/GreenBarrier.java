package dev.procession.green;

import java.util.concurrent.BrokenBarrierException;

/**
 * A place where a number of tasks of one loop wait until all of them are there. Python calls it {@code asyncio.Barrier}, Java
 * has {@link java.util.concurrent.CyclicBarrier} for threads.
 *
 * <p>A task that is cancelled while it waits breaks the barrier for the others, until it is reset. For tasks of one loop only.
 */
public final class GreenBarrier {
    private final int parties;
    private Generation generation = new Generation();

    /** One filling of the barrier. */
    private static final class Generation {
        private final WaitLine line = new WaitLine("a GreenBarrier");
        private int arrived;
        private boolean tripped;
        private boolean broken;
    }

    /**
     * Creates a barrier.
     *
     * @param parties how many tasks wait for each other
     * @throws IllegalArgumentException if it is not positive
     */
    public GreenBarrier(int parties) {
        if (parties <= 0) {
            throw new IllegalArgumentException("parties must be positive: parties=" + parties);
        }
        this.parties = parties;
    }

    /**
     * Waits until all are there.
     *
     * @return how many were to come after this one: zero for the last
     * @throws BrokenBarrierException if the barrier is broken, or breaks meanwhile
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public int await() throws BrokenBarrierException {
        Task.current().checkpoint();
        Generation mine = generation;
        ensureWhole(mine);
        int after = parties - ++mine.arrived;
        if (after == 0) {
            mine.tripped = true;
            mine.line.wakeAll();
            generation = new Generation();
            return 0;
        }
        try {
            mine.line.await();
        } catch (Throwable cancelled) {
            if (!mine.tripped) {
                breakUp(mine);
            }
            throw cancelled;
        }
        ensureWhole(mine);
        return after;
    }

    private static void ensureWhole(Generation generation) throws BrokenBarrierException {
        if (generation.broken) {
            throw new BrokenBarrierException("a task was cancelled at the barrier, or it was reset or aborted");
        }
    }

    private static void breakUp(Generation generation) {
        generation.broken = true;
        generation.line.wakeAll();
    }

    /** Breaks the barrier for those who wait, and makes it whole for those who come. */
    public void reset() {
        if (generation.arrived > 0) {
            breakUp(generation);
        }
        generation = new Generation();
    }

    /** Breaks the barrier, until it is reset. */
    public void abort() {
        breakUp(generation);
    }

    /**
     * Tells whether the barrier is broken.
     *
     * @return whether it is
     */
    public boolean isBroken() {
        return generation.broken;
    }

    /**
     * How many tasks wait now.
     *
     * @return their number
     */
    public int waiting() {
        return generation.line.size();
    }

    /**
     * How many tasks wait for each other.
     *
     * @return their number
     */
    public int parties() {
        return parties;
    }
}
