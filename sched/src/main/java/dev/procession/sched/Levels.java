package dev.procession.sched;

import java.util.function.IntToLongFunction;

/**
 * The levels of {@link FeedbackQueues}: how many there are, and how long a job may run on each. Levels are listed from
 * the highest down, whatever numbers a {@link Preset} gives them.
 *
 * <p>Immutable.
 */
public final class Levels {
    /** As many levels as the jobs sink through. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final int count;
    private final IntToLongFunction quantumTicks;
    private final IntToLongFunction allotment;

    private Levels(int count, IntToLongFunction quantumTicks, IntToLongFunction allotment) {
        this.count = ensureAtLeastOne("count", count);
        this.quantumTicks = quantumTicks;
        this.allotment = allotment;
    }

    /**
     * Levels with the same quantum.
     *
     * @param count how many; {@link #UNLIMITED} for as many as it takes
     * @param quantumTicks the quantum of each; at least 1
     * @return the levels, with an allotment of one quantum
     * @throws IllegalArgumentException if one of them is below 1
     */
    public static Levels same(int count, long quantumTicks) {
        ensureAtLeastOne("quantumTicks", quantumTicks);
        return new Levels(count, _ -> quantumTicks, _ -> 1);
    }

    /**
     * Levels on each of which the quantum is twice that of the level above.
     *
     * @param count how many; {@link #UNLIMITED} for as many as it takes
     * @param firstQuantumTicks the quantum of the highest; at least 1
     * @return the levels, with an allotment of one quantum
     * @throws IllegalArgumentException if one of them is below 1
     */
    public static Levels doubling(int count, long firstQuantumTicks) {
        ensureAtLeastOne("firstQuantumTicks", firstQuantumTicks);
        return new Levels(count, depth -> shifted(firstQuantumTicks, depth), _ -> 1);
    }

    private static long shifted(long ticks, int depth) {
        return depth < Long.numberOfLeadingZeros(ticks) - 1 ? ticks << depth : ReadyQueue.NEVER;
    }

    /**
     * One level for each quantum.
     *
     * @param quantaTicks the quanta from the highest level down, each at least 1; {@link ReadyQueue#NEVER} lets a job
     *     run to the end of its burst
     * @return the levels, with an allotment of one quantum
     * @throws IllegalArgumentException if there is none or one is below 1
     */
    public static Levels of(long... quantaTicks) {
        long[] quanta = ensureEach("quantumTicks", quantaTicks);
        return new Levels(quanta.length, depth -> quanta[depth], _ -> 1);
    }

    /**
     * The same levels with other allotments: how many quanta a job uses on a level before it goes down.
     *
     * @param allotments one for all levels, or one for each from the highest down; each at least 1
     * @return the other levels
     * @throws IllegalArgumentException if their number is neither 1 nor that of the levels, or one is below 1
     */
    public Levels withAllotments(long... allotments) {
        long[] each = ensureEach("allotment", allotments);
        if (each.length == 1) {
            return new Levels(count, quantumTicks, _ -> each[0]);
        }
        if (each.length != count) {
            throw new IllegalArgumentException(
                    "one allotment for all levels or one for each: allotments=" + each.length + ", levels=" + count);
        }
        return new Levels(count, quantumTicks, depth -> each[depth]);
    }

    /**
     * How many levels there are.
     *
     * @return their number, or {@link #UNLIMITED}
     */
    public int count() {
        return count;
    }

    long quantumTicks(int depth) {
        return quantumTicks.applyAsLong(depth);
    }

    long allotment(int depth) {
        return allotment.applyAsLong(depth);
    }

    private static long[] ensureEach(String name, long... values) {
        ensureAtLeastOne("levels", values.length);
        for (long value : values) {
            ensureAtLeastOne(name, value);
        }
        return values.clone();
    }

    private static int ensureAtLeastOne(String name, int value) {
        ensureAtLeastOne(name, (long) value);
        return value;
    }

    private static void ensureAtLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is at least 1: " + name + "=" + value);
        }
    }
}
