package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.AREAS_AT;
import static dev.procession.shm.queue.QueueLayout.CAPACITY_AT;
import static dev.procession.shm.queue.QueueLayout.FIRST_AREA_BYTES_AT;
import static dev.procession.shm.queue.QueueLayout.HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_BYTES_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_DELIVERIES_AT;
import static dev.procession.shm.queue.QueueLayout.PAGE_BYTES;
import static dev.procession.shm.queue.QueueLayout.RUN_END_AT;
import static dev.procession.shm.queue.QueueLayout.TAIL_AT;

import dev.procession.core.QueueLimits;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;

/**
 * How large a new queue is, and what is in it.
 *
 * <p>A range is much longer than what it will ever hold: it costs address space alone. In an area twice as large as the
 * limit of bytes, an item within the limit fits on one side or the other of any place where an empty stream may stand.
 */
public final class QueueSetup {
    private static final long RANGE_BYTES = 1L << 30;
    private static final long SMALLEST_AREA_BYTES = 16 << 10;
    private static final long LARGEST_FIRST_AREA_BYTES = 256 << 10;
    private static final long EXPECTED_ITEM_BYTES = 128;

    /** Records of at least 16 bytes, and half of them free at times. */
    private static final long MOST_LIMITED_BYTES = 1L << 33;

    private final QueueLimits limits;
    private final long mostBytes;
    private final long firstAreaBytes;

    /**
     * The setup of a queue.
     *
     * @param limits what it may hold
     * @throws IllegalArgumentException if the limit of bytes is larger than shared memory can be
     */
    public QueueSetup(QueueLimits limits) {
        this.limits = limits;
        boolean limited = limits.capacityBytes() != QueueLimits.UNLIMITED;
        this.mostBytes = limited ? limits.capacityBytes() : 0;
        this.firstAreaBytes = limited
                ? QueueLayout.toPages(2 * mostBytes + 2L * Records.HEADER_BYTES)
                : Math.clamp(
                        Long.highestOneBit(limits.capacity() * EXPECTED_ITEM_BYTES),
                        SMALLEST_AREA_BYTES,
                        LARGEST_FIRST_AREA_BYTES);
        if (mostBytes > MOST_LIMITED_BYTES) {
            throw new IllegalArgumentException(
                    "too large: capacityBytes=" + mostBytes + ", most=" + MOST_LIMITED_BYTES);
        }
    }

    /**
     * How long the queue's range is.
     *
     * @return a length in bytes
     */
    public long rangeBytes() {
        return AREAS_AT + Math.max(RANGE_BYTES, 2 * firstAreaBytes);
    }

    /**
     * How much of the range has memory before {@link #initialize}.
     *
     * @return a length in bytes
     */
    public long setAsideBytes() {
        return PAGE_BYTES;
    }

    /**
     * Fills a new queue in.
     *
     * @param entry the queue, which nobody else can see yet
     */
    public void initialize(Entry entry) {
        entry.setAside(AREAS_AT, firstAreaBytes);
        Cells heap = entry.heap();
        heap.setInt(CAPACITY_AT, limits.capacity());
        heap.setInt(MOST_DELIVERIES_AT, limits.maxDeliveries());
        heap.setLong(MOST_BYTES_AT, mostBytes);
        heap.setLong(FIRST_AREA_BYTES_AT, firstAreaBytes);
        Areas.initialize(heap, firstAreaBytes);
        heap.setLong(TAIL_AT, Position.of(0, AREAS_AT));
        heap.setLong(HEAD_AT, Position.of(0, AREAS_AT));
        entry.payload().setLong(RUN_END_AT, AREAS_AT + firstAreaBytes);
    }

    /**
     * What a queue was made with.
     *
     * @param entry the queue
     * @return how many items may wait in it
     */
    public static int capacityOf(Entry entry) {
        return entry.heap().getInt(CAPACITY_AT);
    }
}
