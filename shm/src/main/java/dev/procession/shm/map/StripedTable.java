package dev.procession.shm.map;

import static dev.procession.shm.map.MapLayout.FIRST_SPAN_PAGE;
import static dev.procession.shm.map.MapLayout.LOCK_AT;
import static dev.procession.shm.map.MapLayout.MOST_BYTES;
import static dev.procession.shm.map.MapLayout.PAGE_BYTES;
import static dev.procession.shm.map.MapLayout.SET_ASIDE_AT;
import static dev.procession.shm.map.MapLayout.SPAN_LOCK_AT;
import static dev.procession.shm.map.MapLayout.stripeAt;

import dev.procession.core.SpaceFullException;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of byte strings in shared memory, in 64 stripes.
 *
 * <p>A key belongs to one stripe by its hash, for good. Changes of keys of different stripes do not wait for each other,
 * and no change ever needs two stripes.
 *
 * <p>Lock order: a stripe's lock, then the span lock. One that holds a stripe's lock may try for others but never waits
 * for them.
 */
public final class StripedTable {
    /** A map that can hold less would be full of its own fringes. */
    public static final long LEAST_BYTES = 1 << 20;

    /** How many stripes there are. */
    public static final int STRIPES = MapLayout.STRIPES;

    private final Entry entry;
    private final Stripe[] stripes = new Stripe[STRIPES];

    /** How many threads of this JVM run a user's function under a stripe's lock: mostly none, and then nobody looks. */
    private final AtomicInteger computing = new AtomicInteger();

    /**
     * The table of a map.
     *
     * @param entry the map
     */
    public StripedTable(Entry entry) {
        this.entry = entry;
        Spans spans = new Spans(entry);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(i, entry, spans, this::squeeze);
        }
    }

    /**
     * How long a map's range is to be.
     *
     * @param maximumBytes the limit the user gave
     * @return the length
     * @throws IllegalArgumentException if the limit cannot be kept
     */
    public static long rangeBytes(long maximumBytes) {
        if (maximumBytes < LEAST_BYTES || maximumBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a map takes from " + LEAST_BYTES + " to " + MOST_BYTES + " bytes: maximumBytes=" + maximumBytes);
        }
        return Math.ceilDiv(maximumBytes, PAGE_BYTES) * PAGE_BYTES;
    }

    /**
     * How much of the range needs memory before {@link #initialize}.
     *
     * @return the number of bytes
     */
    public static long initialBytes() {
        return FIRST_SPAN_PAGE * PAGE_BYTES;
    }

    /**
     * Makes an empty table of zeros.
     *
     * @param entry the map
     */
    public static void initialize(Entry entry) {
        entry.payload().setLong(SET_ASIDE_AT, FIRST_SPAN_PAGE);
    }

    /**
     * Frees the locks a dead member held; what they guard is mended by whoever acquires them next.
     *
     * @param remains the map, and who died
     */
    public static void repair(Remains remains) {
        RobustLock.repair(remains.payload(), SPAN_LOCK_AT, remains.dead());
        try (Arena arena = Arena.ofConfined()) {
            var heap = remains.heap(arena);
            for (int i = 0; i < STRIPES; i++) {
                RobustLock.repair(heap, stripeAt(i) + LOCK_AT, remains.dead());
            }
        }
    }

    /**
     * The map.
     *
     * @return its attachment
     */
    public Entry entry() {
        return entry;
    }

    /** Twice: the first round makes gaps wherever they come, the second moves what is behind them to the front. */
    private void squeeze() {
        for (int round = 0; round < 2; round++) {
            for (Stripe stripe : stripes) {
                stripe.squeeze();
            }
        }
    }

    private Stripe stripeOf(Key key) {
        return stripes[key.stripe()];
    }

    /**
     * Tells whether a key has a value. Does not wait.
     *
     * @param key the key
     * @return whether it has
     */
    public boolean contains(Key key) {
        return stripeOf(key).contains(key);
    }

    /**
     * The value of a key. Does not wait.
     *
     * @param key the key
     * @return a copy, or null if it has none
     */
    public @Nullable Encoded read(Key key) {
        return stripeOf(key).read(key);
    }

    /**
     * Changes the value of a key.
     *
     * @param key the key
     * @param change says to what; must not fail, and calls nothing of the user's
     * @return the value before, or null if it had none
     * @throws SpaceFullException if there is no room; nothing was changed then
     * @throws IllegalStateException if called from a function that {@link #compute} runs
     */
    public @Nullable Encoded update(Key key, Change change) {
        ensureNotComputing();
        return stripeOf(key).update(key, change);
    }

    /**
     * Changes the value of a key by a function of the user's.
     *
     * @param key the key
     * @param change says to what; if it throws, nothing is changed
     * @return the value before, or null if it had none
     * @throws SpaceFullException if there is no room; nothing was changed then
     * @throws IllegalStateException if called from a function that this method runs
     */
    public @Nullable Encoded compute(Key key, Change change) {
        ensureNotComputing();
        computing.incrementAndGet();
        try {
            return stripeOf(key).compute(key, change);
        } finally {
            computing.decrementAndGet();
        }
    }

    /** A function that waited for another stripe might wait for another function that waits for this one's. */
    private void ensureNotComputing() {
        if (computing.get() == 0) {
            return;
        }
        Thread self = Thread.currentThread();
        for (Stripe stripe : stripes) {
            if (stripe.isComputedBy(self)) {
                throw new IllegalStateException(
                        "recursive update: a function that computes a value of " + entry + " must not change " + entry);
            }
        }
    }

    /**
     * How many keys have values.
     *
     * @return their number, exact while nobody changes the map
     */
    public long count() {
        long count = 0;
        for (Stripe stripe : stripes) {
            count += stripe.count();
        }
        return count;
    }

    /**
     * What is in a stripe.
     *
     * @param stripe its number, from 0
     * @return copies, each as it was at some time since the call
     */
    public List<Binding> snapshot(int stripe) {
        return stripes[stripe].snapshot();
    }

    /** Removes everything, stripe by stripe. */
    public void clear() {
        ensureNotComputing();
        for (Stripe stripe : stripes) {
            stripe.clear();
        }
    }
}
