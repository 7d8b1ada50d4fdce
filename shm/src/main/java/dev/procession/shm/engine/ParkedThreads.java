package dev.procession.shm.engine;

import dev.procession.shm.os.Futex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits for cells on behalf of virtual threads, which must not block in the kernel: a blocked one would hold its carrier.
 *
 * <p>The virtual threads park; one platform thread waits for all their cells at once and unparks those whose cell has
 * changed. It waits in the kernel while there are at most 127 cells, and looks every millisecond while there are more or
 * where the kernel cannot wait for several. It ends after a while with nothing to do.
 *
 * <pre>
 *   virtual thread                      "procession-parking"
 *   add (ring, if the cell is new)  --> collect cells and expected values
 *   park                                wait for any of them, or for the bell
 *     ...                               for each parked: has its cell changed? unpark
 *   remove
 * </pre>
 *
 * <p>A wake-up meant for one waiter may so unpark several, and one that comes just when its waiter has given up is lost;
 * the first costs a look, the second a slice.
 */
final class ParkedThreads implements Runnable {
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static final ParkedThreads INSTANCE = new ParkedThreads();

    /** One thread and the cell it waits for. */
    private record Parked(Thread thread, Cells cells, long offset, int expected) {
        boolean hasChanged() {
            try {
                return cells.getIntVolatile(offset) != expected;
            } catch (IllegalStateException closed) {
                return true; // let it find out by itself
            }
        }
    }

    /** A word of this JVM alone that wakes the platform thread. */
    private final MemorySegment bell = Arena.global().allocate(4, 4);

    // Guarded by this.
    private final Map<Parked, Integer> parked = new HashMap<>();
    private final Map<Long, Integer> threadsByAddress = new HashMap<>();
    private @Nullable Thread runner;

    // Only accessed by the platform thread.
    private final long[] addresses = new long[Futex.MOST_WORDS];
    private final int[] expected = new int[Futex.MOST_WORDS];

    private ParkedThreads() {}

    /** Parks the calling thread while the cell holds a value, for a time at most; may return for no reason. */
    void await(Cells cells, long offset, int value, long timeoutNanos) {
        Parked self = new Parked(Thread.currentThread(), cells, offset, value);
        add(self);
        try {
            if (!self.hasChanged()) {
                LockSupport.parkNanos(this, timeoutNanos);
            }
        } finally {
            remove(self);
        }
    }

    private synchronized void add(Parked self) {
        parked.put(self, 1);
        long address = self.cells.address(self.offset);
        boolean isNew = threadsByAddress.merge(address, 1, Integer::sum) == 1;
        if (runner == null) {
            runner = Thread.ofPlatform().daemon().name("procession-parking").start(this);
        } else if (isNew) {
            ring();
        }
    }

    private synchronized void remove(Parked self) {
        parked.remove(self);
        threadsByAddress.computeIfPresent(self.cells.address(self.offset), (_, count) -> count == 1 ? null : count - 1);
    }

    private void ring() {
        int _ = (int) WORD.getAndAdd(bell, 0L, 1);
        if (Futex.isAvailable()) {
            Futex.wake(bell.address(), 1);
        }
    }

    @Override
    public void run() {
        long idleSince = System.nanoTime();
        for (; ; ) {
            int rung = (int) WORD.getVolatile(bell, 0L);
            List<Parked> waiting = snapshot();
            if (!waiting.isEmpty()) {
                idleSince = System.nanoTime();
            } else if (System.nanoTime() - idleSince > IDLE_NANOS && end()) {
                return;
            }
            sleep(rung, waiting);
            for (Parked thread : waiting) {
                if (thread.hasChanged()) {
                    LockSupport.unpark(thread.thread);
                }
            }
        }
    }

    private synchronized List<Parked> snapshot() {
        return new ArrayList<>(parked.keySet());
    }

    private synchronized boolean end() {
        if (parked.isEmpty()) {
            runner = null;
            return true;
        }
        return false;
    }

    private void sleep(int rung, List<Parked> waiting) {
        int words = 0;
        addresses[words] = bell.address();
        expected[words++] = rung;
        Map<Long, Integer> seen = new HashMap<>();
        boolean tooMany = false;
        for (Parked thread : waiting) {
            if (thread.hasChanged()) {
                return;
            }
            long address = thread.cells.address(thread.offset);
            if (seen.putIfAbsent(address, thread.expected) == null) {
                if (words == Futex.MOST_WORDS) {
                    tooMany = true;
                    break;
                }
                addresses[words] = address;
                expected[words++] = thread.expected;
            }
        }
        if (tooMany || !Waiter.CHOSEN.isWoken() || !Futex.canAwaitAny()) {
            LockSupport.parkNanos(waiting.isEmpty() ? LONG_NANOS : POLL_NANOS);
        } else {
            Futex.awaitAny(addresses, expected, words, LONG_NANOS);
        }
    }
}
