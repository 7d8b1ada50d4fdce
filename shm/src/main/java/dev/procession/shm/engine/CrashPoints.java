package dev.procession.shm.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where the crash-point explorer lets a member die: before its n-th store to shared memory.
 *
 * <p>Off, unless the JVM was started with {@code -Ddev.procession.crashpoints=true}; the switch is a constant to the
 * compiler, so that a store costs nothing more when it is off.
 *
 * <p>A thread with a {@linkplain #dieBefore plan} counts its stores and, when the planned one comes, throws {@link
 * SimulatedDeath} instead of storing. From then on each further store of that thread, such as those in {@code finally}
 * blocks on the way out, throws as well: a dead process stores nothing. Wake-ups are not stores, but a dead process makes
 * none either, so they are held back too.
 */
public final class CrashPoints {
    static final boolean ON = Boolean.getBoolean("dev.procession.crashpoints");

    private static final ThreadLocal<@Nullable Plan> PLAN = new ThreadLocal<>();

    private CrashPoints() {}

    /** One thread's stores so far, and the one it is not to survive. Only accessed by its thread. */
    private static final class Plan {
        final int fatalStore;
        int stores;
        boolean dead;

        Plan(int fatalStore) {
            this.fatalStore = fatalStore;
        }
    }

    /** Thrown in place of the store that a simulated process does not live to make. */
    public static final class SimulatedDeath extends Error {
        private static final long serialVersionUID = 1;

        SimulatedDeath(int store) {
            super("dead before store " + store, null, false, true);
        }
    }

    /**
     * Tells whether this JVM can simulate deaths.
     *
     * @return whether it was started for it
     */
    public static boolean areOn() {
        return ON;
    }

    /**
     * Plans the death of the calling thread.
     *
     * @param store the number of the store before which it dies, counted from 1; {@link Integer#MAX_VALUE} only counts
     */
    public static void dieBefore(int store) {
        PLAN.set(new Plan(store));
    }

    /**
     * Ends the plan: the calling thread lives on as somebody else.
     *
     * @return how many stores it made under the plan
     */
    public static int resurrect() {
        Plan plan = PLAN.get();
        PLAN.remove();
        return plan == null ? 0 : plan.stores;
    }

    /**
     * Tells whether the calling thread has come to the end of its plan.
     *
     * @return whether it is dead
     */
    public static boolean isDead() {
        if (ON) {
            Plan plan = PLAN.get();
            return plan != null && plan.dead;
        }
        return false;
    }

    static void beforeStore() {
        if (ON) {
            Plan plan = PLAN.get();
            if (plan != null) {
                if (plan.stores + 1 >= plan.fatalStore) {
                    plan.dead = true;
                    throw new SimulatedDeath(plan.fatalStore);
                }
                plan.stores++;
            }
        }
    }
}
