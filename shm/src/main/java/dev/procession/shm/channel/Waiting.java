package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.LIFE_AT;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Wait;
import dev.procession.shm.os.Futex;

/** How a thread sleeps on a word of a channel. All waits may end without reason. */
final class Waiting {
    /** The longest sleep: a wake-up that was lost delays by no more, though none can be lost while both live. */
    static final long LONGEST_NANOS = 1_000_000_000L;

    private Waiting() {}

    static void onWord(Cells cells, long wordAt, int expected, long timeoutNanos) {
        if (Wait.isByFutex() && !Thread.currentThread().isVirtual()) {
            Futex.await(cells.address(wordAt), expected, Math.min(timeoutNanos, LONGEST_NANOS));
        } else {
            bySlices(cells, wordAt, expected, timeoutNanos);
        }
    }

    /** Sleeps until a word changes, or the guest dies. */
    static void onWordOrDeath(Cells cells, long wordAt, int expected, long timeoutNanos) {
        int life = cells.getIntVolatile(LIFE_AT);
        if (Channel.isDeath(life)) {
            return;
        }
        if (Wait.isByFutex() && Futex.canAwaitAny() && !Thread.currentThread().isVirtual()) {
            Futex.awaitAny(
                    new long[] {cells.address(wordAt), cells.address(LIFE_AT)},
                    new int[] {expected, life},
                    2,
                    Math.min(timeoutNanos, LONGEST_NANOS));
        } else {
            bySlices(cells, wordAt, expected, timeoutNanos);
        }
    }

    /** An interrupt is held back: it is not for those who carry other people's bytes. */
    private static void bySlices(Cells cells, long wordAt, int expected, long timeoutNanos) {
        boolean interrupted = Thread.interrupted();
        try (Wait wait = Wait.interruptibly(timeoutNanos)) {
            Wait.Outcome _ = wait.pause(cells, wordAt, expected);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
