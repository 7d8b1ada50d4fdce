package dev.procession.process.manager;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the line for a map. Keys and values are bytes there: the manager builds nothing of them, and two keys are
 * one if their bytes are.
 */
interface MapCalls {
    /** What there must be under a key for a claim to be made. */
    enum Claimed {
        ANYTHING,
        SOMETHING,
        NOTHING
    }

    int size();

    byte @Nullable [] get(byte[] key);

    byte @Nullable [] put(byte[] key, byte[] value);

    void putAll(Object[] keys, Object[] values);

    byte @Nullable [] putIfAbsent(byte[] key, byte[] value);

    byte @Nullable [] remove(byte[] key);

    /** Removes what has exactly this value. */
    boolean removeExactly(byte[] key, byte[] expected);

    /** As {@link #removeExactly} for each, all at once; how many were. */
    int removeAllExactly(Object[] keys, Object[] expected);

    byte @Nullable [] replace(byte[] key, byte[] value);

    boolean replaceExactly(byte[] key, byte[] expected, byte[] value);

    void clear();

    /** All keys, and all values in the same order. */
    Object[] snapshot();

    /**
     * Claims a key for the calling thread, if there is under it what must be: other changes of it wait until the claim is
     * settled or abandoned, or the client is gone.
     *
     * @return the value now
     */
    byte @Nullable [] claim(byte[] key, Claimed what);

    /** Ends a claim: with a new value, or null to remove. */
    void settle(byte[] key, byte @Nullable [] value);

    /** Ends a claim and leaves all as it was. */
    void abandon(byte[] key);

    /**
     * Runs a function with a claim on its key, in the calling thread, and ends the claim however the function ends: with
     * its result, or by leaving all as it was.
     *
     * @param bytes makes bytes of the result; null removes the key
     */
    static <T extends @Nullable Object> T settle(
            MapCalls calls, byte[] key, Supplier<T> function, Function<T, byte @Nullable []> bytes) {
        boolean settled = false;
        try {
            T result = function.get();
            byte[] encoded = bytes.apply(result);
            settled = true;
            calls.settle(key, encoded);
            return result;
        } finally {
            if (!settled) {
                calls.abandon(key);
            }
        }
    }
}
