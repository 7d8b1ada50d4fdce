package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.AREAS_AT;
import static dev.procession.shm.queue.QueueLayout.AREA_TABLE_AT;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;

/**
 * The parts of a queue's range that have memory. Records of one area follow each other and go round in it; when it is too
 * small the stream jumps to another, and the old one is given back once it is drained.
 *
 * <pre>
 *   area   0  state   int    0 = free, 1 = live
 *          4  next    int    where the stream went on from here
 *          8  start   long   byte offset in the range
 *         16  bytes   long
 *
 *   HEAD is in            TAIL is in
 *   [ area 0 ] --next--> [ area 2 ] --next--> [ area 1 ]       the chain; any other live area is left over
 * </pre>
 *
 * <p>Used under the put lock alone. An area is live from before it has memory until after that was taken back, so a death
 * in between leaves a live area that is not in the chain and holds no island: left over, and given back by
 * {@link #reclaim}, which whoever gets the put lock from a dead owner calls first.
 */
final class Areas {
    private static final int MOST_AREAS = 32;
    private static final int AREA_BYTES = 32;
    private static final int LIVE = 1;
    private static final long NEXT_AT = 4;
    private static final long START_AT = 8;
    private static final long BYTES_AT = 16;

    private final Entry entry;
    private final Cells heap;

    Areas(Entry entry) {
        this.entry = entry;
        this.heap = entry.heap();
    }

    private static long areaAt(int area) {
        return AREA_TABLE_AT + (long) area * AREA_BYTES;
    }

    /** The first area of a new queue, whose memory is there already. */
    static void initialize(Cells heap, long bytes) {
        heap.setLong(areaAt(0) + START_AT, AREAS_AT);
        heap.setLong(areaAt(0) + BYTES_AT, bytes);
        heap.setInt(areaAt(0), LIVE);
    }

    private boolean isLive(int area) {
        return heap.getInt(areaAt(area)) == LIVE;
    }

    long start(int area) {
        return heap.getLong(areaAt(area) + START_AT);
    }

    long bytes(int area) {
        return heap.getLong(areaAt(area) + BYTES_AT);
    }

    long end(int area) {
        return start(area) + bytes(area);
    }

    int next(int area) {
        return heap.getInt(areaAt(area) + NEXT_AT);
    }

    /** Where the stream will go on from an area. It does from the moment a record commits to it. */
    void setNext(int area, int next) {
        heap.setInt(areaAt(area) + NEXT_AT, next);
    }

    boolean contains(int area, long offset) {
        return offset >= start(area) && offset < end(area);
    }

    int areaOf(long offset) {
        for (int area = 0; area < MOST_AREAS; area++) {
            if (isLive(area) && contains(area, offset)) {
                return area;
            }
        }
        throw new IllegalStateException(
                "shared memory is damaged: no area at offset=" + offset + ", in " + heap.owner());
    }

    /**
     * Gives a new area memory.
     *
     * @param bytes how much, in whole pages
     * @return the area, or -1 if the range has no room for it
     * @throws dev.procession.core.SpaceFullException if there is no memory
     */
    int allocate(long bytes) {
        int area = findFree();
        long start = findGap(bytes);
        if (area < 0 || start < 0) {
            return -1;
        }
        heap.setLong(areaAt(area) + START_AT, start);
        heap.setLong(areaAt(area) + BYTES_AT, bytes);
        heap.setInt(areaAt(area), LIVE);
        boolean setAside = false;
        try {
            entry.setAside(start, bytes);
            setAside = true;
        } finally {
            if (!setAside) {
                heap.setInt(areaAt(area), 0);
            }
        }
        return area;
    }

    private int findFree() {
        for (int area = 0; area < MOST_AREAS; area++) {
            if (!isLive(area)) {
                return area;
            }
        }
        return -1;
    }

    /** The lowest gap between live areas. */
    private long findGap(long bytes) {
        long start = AREAS_AT;
        while (start + bytes <= heap.sizeBytes()) {
            int inTheWay = overlapping(start, bytes);
            if (inTheWay < 0) {
                return start;
            }
            start = end(inTheWay);
        }
        return -1;
    }

    private int overlapping(long start, long bytes) {
        for (int area = 0; area < MOST_AREAS; area++) {
            if (isLive(area) && start(area) < start + bytes && end(area) > start) {
                return area;
            }
        }
        return -1;
    }

    /** Gives back every live area that is not between head and tail and holds no island. */
    void reclaim(long headOffset, long tailOffset, LeaseTable leases) {
        int chain = chain(headOffset, tailOffset);
        for (int area = 0; area < MOST_AREAS; area++) {
            if (isLive(area) && (chain & 1 << area) == 0 && leases.nextIsland(start(area), end(area)) == end(area)) {
                entry.giveBack(start(area), bytes(area));
                heap.setInt(areaAt(area), 0);
            }
        }
    }

    /** The areas from head to tail, as bits. */
    private int chain(long headOffset, long tailOffset) {
        int area = areaOf(headOffset);
        int last = areaOf(tailOffset);
        int chain = 1 << area;
        while (area != last) {
            area = next(area);
            if (area < 0 || area >= MOST_AREAS || (chain & 1 << area) != 0) {
                throw new IllegalStateException("shared memory is damaged: areas lead nowhere, in " + heap.owner());
            }
            chain |= 1 << area;
        }
        return chain;
    }

    /** How many bytes the stream takes from head to tail, gaps between its records included. */
    long streamBytes(long headOffset, long tailOffset) {
        int area = areaOf(headOffset);
        if (contains(area, tailOffset)) {
            return tailOffset >= headOffset ? tailOffset - headOffset : bytes(area) - (headOffset - tailOffset);
        }
        long bytes = end(area) - headOffset;
        int last = areaOf(tailOffset);
        for (area = next(area); area != last; area = next(area)) {
            bytes += bytes(area);
        }
        return bytes + tailOffset - start(last);
    }
}
