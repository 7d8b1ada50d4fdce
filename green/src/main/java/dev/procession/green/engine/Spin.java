package dev.procession.green.engine;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks for work from outside for a moment before the loop's thread parks: to wake a thread on another processor takes longer
 * than a peer on this machine needs to answer.
 *
 * <p>It does so only while that pays. What came soon after the thread had parked, or while it was looking, earns trust; each
 * look in vain uses some up, and without trust there is none. So a loop with nothing to do costs nothing. At most half of the
 * processors look at the same time: who spins must not keep from running whom it waits for.
 */
final class Spin {
    private static final long LONGEST_NANOS = 50_000;
    private static final long SOON_NANOS = 200_000;
    private static final int FULL_TRUST = 16;
    private static final int MOST_SPINNING = Runtime.getRuntime().availableProcessors() / 2;
    private static final AtomicInteger SPINNING = new AtomicInteger();

    private final int fullTrust;
    private int trust;

    private Spin(int fullTrust) {
        this.fullTrust = fullTrust;
    }

    static Spin whileItPays() {
        return new Spin(FULL_TRUST);
    }

    /** For a loop whose thread must not spin, since it may be the one carrier that what it waits for needs. */
    static Spin never() {
        return new Spin(0);
    }

    /** Looks, for so long at most, until something is in the queue; by the loop's thread. */
    boolean sees(Queue<?> inbound, long nanos) {
        if (trust == 0) {
            return false;
        }
        try {
            return SPINNING.incrementAndGet() <= MOST_SPINNING && spins(inbound, Math.min(nanos, LONGEST_NANOS));
        } finally {
            SPINNING.decrementAndGet();
        }
    }

    private boolean spins(Queue<?> inbound, long nanos) {
        long end = System.nanoTime() + nanos;
        do {
            if (!inbound.isEmpty()) {
                trust = fullTrust;
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - end < 0);
        trust--;
        return false;
    }

    /** The thread was parked for so long, until something came. */
    void woken(long nanos) {
        if (nanos < SOON_NANOS) {
            trust = fullTrust;
        }
    }
}
