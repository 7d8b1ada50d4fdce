package dev.procession.conformance;

import java.util.concurrent.Callable;

/**
 * Kills an operation on shared memory before each of its stores, one after the other, and asks the survivors.
 *
 * <p>A process that is killed leaves shared memory as it is between two of its stores. So to try every death there is, it
 * is enough to die once before each store. The explorer first lets the operation run through, twice, and counts its stores; then
 * for every store it sets a fresh {@linkplain Scene scene}, lets the operation die before that store, has the dead buried
 * and the scene checked. All in one JVM, in a second or two; a twin with real processes and {@code kill -9} shows that the
 * model is right, this shows that nothing was left out.
 *
 * <pre>
 *   count      act ------------------------------> check      n stores
 *   1          act x                    bury        check
 *   2          act - x                  bury        check
 *   ...
 *   n          act ------------------x  bury        check
 * </pre>
 *
 * <p>The operation should make the same stores each time. Where it races with survivors, and so now and then makes fewer, a
 * death that it did not come to is tried again.
 */
public final class CrashPointExplorer {
    private static final int ATTEMPTS = 100;

    private CrashPointExplorer() {}

    /** How the memory under test lets the calling thread die. */
    public interface Deaths {
        /**
         * Plans the calling thread's death: instead of its n-th store something is thrown, and every later store of the
         * thread throws as well.
         *
         * @param store counted from 1; {@link Integer#MAX_VALUE} only counts
         */
        void dieBefore(int store);

        /**
         * Ends the plan.
         *
         * @return what became of the thread
         */
        Fate resurrect();
    }

    /**
     * What became of a thread.
     *
     * @param stores how many stores it made
     * @param died whether it came to the planned one
     */
    public record Fate(int stores, boolean died) {}

    /** One run of the operation and what surrounds it. */
    public interface Scene extends AutoCloseable {
        /**
         * The operation, done by the process that is to die.
         *
         * @throws Exception if the operation fails, which fails the exploration
         */
        void act() throws Exception;

        /**
         * What the survivors do when they learn of the death. Not called if the operation ran through.
         *
         * @throws Exception if that fails, which fails the exploration
         */
        void bury() throws Exception;

        /**
         * Checks, as a survivor, that what should be is.
         *
         * @param fate of the process that acted
         * @throws Exception if something is not
         */
        void check(Fate fate) throws Exception;

        @Override
        void close();
    }

    /**
     * Explores all deaths of an operation.
     *
     * @param deaths how to die
     * @param scenes makes a fresh scene
     * @return how many stores the operation makes, each of which it died before once
     * @throws Exception what the scene throws
     * @throws AssertionError if a check fails, naming the store; or if the operation never came to a store again
     */
    public static int explore(Deaths deaths, Callable<? extends Scene> scenes) throws Exception {
        run(deaths, scenes, Integer.MAX_VALUE); // what is done only once is done now
        int stores = run(deaths, scenes, Integer.MAX_VALUE).stores();
        if (stores == 0) {
            throw new AssertionError("the operation stores nothing, or the memory was not told to count");
        }
        for (int store = 1; store <= stores; store++) {
            int attempts = 1;
            while (!run(deaths, scenes, store).died()) {
                if (attempts++ == ATTEMPTS) {
                    throw new AssertionError("the operation does not come to a store it made before: store=" + store
                            + ", stores=" + stores);
                }
            }
        }
        return stores;
    }

    private static Fate run(Deaths deaths, Callable<? extends Scene> scenes, int fatalStore) throws Exception {
        try (Scene scene = scenes.call()) {
            Fate fate = act(deaths, scene, fatalStore);
            if (fate.died()) {
                scene.bury();
            }
            scene.check(fate);
            return fate;
        } catch (Exception | AssertionError failed) {
            throw new AssertionError(
                    fatalStore == Integer.MAX_VALUE
                            ? "the operation that runs through"
                            : "the operation that dies before store " + fatalStore,
                    failed);
        }
    }

    private static Fate act(Deaths deaths, Scene scene, int fatalStore) throws Exception {
        deaths.dieBefore(fatalStore);
        Throwable thrown = null;
        try {
            scene.act();
        } catch (Exception | Error outcome) {
            thrown = outcome;
        }
        Fate fate = deaths.resurrect();
        if (thrown != null && !fate.died()) {
            throw new AssertionError("the operation failed by itself", thrown);
        }
        return fate;
    }
}
