package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.CAPACITY_AT;
import static dev.procession.shm.queue.QueueLayout.FIRST_AREA_BYTES_AT;
import static dev.procession.shm.queue.QueueLayout.HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_BYTES_AT;
import static dev.procession.shm.queue.QueueLayout.PUT_LOCK_AT;
import static dev.procession.shm.queue.QueueLayout.REMOVED_AT;
import static dev.procession.shm.queue.QueueLayout.RUN_END_AT;
import static dev.procession.shm.queue.QueueLayout.SEEN_HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.SHUT_DOWN_AT;
import static dev.procession.shm.queue.QueueLayout.TAIL_AT;

import dev.procession.core.QueueShutDownException;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.RobustLock;
import java.util.List;

/**
 * The half of a queue that puts.
 *
 * <p>A put, store by store, under the put lock:
 *
 * <ol>
 *   <li>the record's bytes, then its header, in free room right at TAIL;
 *   <li>TAIL, with release: this commits. Whoever reads it sees the record.
 * </ol>
 *
 * <p>If the record does not fit before {@code run end} it goes elsewhere, and before the commit there are
 *
 * <ol>
 *   <li>{@code seen head}, refreshed;
 *   <li>perhaps a new area (see {@link Areas}) and the old one's {@code next};
 *   <li>a JUMP to where the record goes, right at TAIL;
 *   <li>{@code run end}, of the run of free room the record begins.
 * </ol>
 *
 * <p>A death before the commit leaves a TAIL that has not moved: nothing was put, whatever lies beyond is free room. Only
 * {@code run end} may speak of another run, and an area may be left over: {@link #recover} sees to both. Free room is
 * what is not between HEAD and TAIL and not an island of the {@link LeaseTable}. The put side may see HEAD late, which
 * only makes it think there is less room.
 */
public final class PutSide {
    private static final long FULL = -1;

    private static final int MOST_PLACES_WORTH_WHILE = 128;

    /** An area this many times the first one's size is left for a small one when the queue has run empty. */
    private static final int LARGE = 4;

    private final Cells payload;
    private final Cells heap;
    private final RobustLock lock;
    private final LeaseTable leases;
    private final Areas areas;
    private final Events events;
    private final int capacity;
    private final int placesWorthWhile;
    private final long mostBytes;
    private final long firstAreaBytes;

    // Guarded by the put lock.
    private long runStart;
    private long runEnd;

    /** What a full queue does about a put. */
    private enum Limits {
        KEPT,
        IGNORED
    }

    /**
     * The put side as this member uses it.
     *
     * @param entry the queue
     * @param events its events
     */
    public PutSide(Entry entry, Events events) {
        this.payload = entry.payload();
        this.heap = entry.heap();
        this.lock = new RobustLock(payload, PUT_LOCK_AT, entry.space());
        this.leases = new LeaseTable(entry);
        this.areas = new Areas(entry);
        this.events = events;
        this.capacity = heap.getInt(CAPACITY_AT);
        this.placesWorthWhile = Math.clamp(capacity / 4, 1, MOST_PLACES_WORTH_WHILE);
        this.mostBytes = heap.getLong(MOST_BYTES_AT);
        this.firstAreaBytes = heap.getLong(FIRST_AREA_BYTES_AT);
    }

    /**
     * Puts an item if there is room.
     *
     * @param item the item
     * @return false if the queue is full
     * @throws QueueShutDownException if the queue was shut down
     * @throws IllegalArgumentException if the item is larger than the queue's limit of bytes
     */
    public boolean offer(Encoded item) {
        ensureWithinLimit(item);
        lockAndRecover();
        try {
            ensureNotShutDown();
            long tail = append(heap.getLong(TAIL_AT), item, Records.ITEM, Limits.KEPT);
            if (tail == FULL) {
                return false;
            }
            heap.setLongRelease(TAIL_AT, tail);
        } finally {
            lock.release();
        }
        events.items().wake(1);
        return true;
    }

    /**
     * Puts as many items as there is room for, in order, with one commit.
     *
     * @param items the items
     * @param from index of the first one to put
     * @return how many were put
     * @throws QueueShutDownException if the queue was shut down
     * @throws IllegalArgumentException if an item is larger than the queue's limit of bytes; none was put
     */
    public int offerAll(List<Encoded> items, int from) {
        for (Encoded item : items.subList(from, items.size())) {
            ensureWithinLimit(item);
        }
        int count;
        lockAndRecover();
        try {
            ensureNotShutDown();
            long committed = heap.getLong(TAIL_AT);
            long tail = committed;
            for (int i = from; i < items.size(); i++) {
                long next = append(tail, items.get(i), Records.ITEM, Limits.KEPT);
                if (next == FULL) {
                    break;
                }
                tail = next;
            }
            if (tail != committed) {
                heap.setLongRelease(TAIL_AT, tail);
            }
            count = Position.count(tail) - Position.count(committed);
        } finally {
            lock.release();
        }
        if (count > 0) {
            events.items().wake(count);
        }
        return count;
    }

    /**
     * Puts an item that is a dead letter, whatever the limits and whether or not the queue was shut down.
     *
     * @param item the item
     * @throws dev.procession.core.SpaceFullException if there is no memory
     */
    public void putLetter(Encoded item) {
        lockAndRecover();
        try {
            long tail = append(heap.getLong(TAIL_AT), item, Records.LETTER, Limits.IGNORED);
            if (tail == FULL) {
                throw new IllegalStateException(
                        "no room for a dead letter: sizeBytes=" + item.arraySize() + ", in " + heap.owner());
            }
            heap.setLongRelease(TAIL_AT, tail);
        } finally {
            lock.release();
        }
    }

    /** Ends putting. Whoever takes the put lock afterwards sees it. */
    public void shutDown() {
        lockAndRecover();
        try {
            payload.setIntVolatile(SHUT_DOWN_AT, 1);
        } finally {
            lock.release();
        }
        events.wakeAll();
    }

    /** Gives areas back that are drained, if nobody is putting just now. */
    public void reclaimAreas() {
        RobustLock.Outcome outcome = lock.tryAcquire(RobustLock.WhenInDoubt.TAKE);
        if (outcome.isHeld()) {
            try {
                if (outcome == RobustLock.Outcome.HELD_IN_DOUBT) {
                    recover();
                } else {
                    reclaim(heap.getLong(TAIL_AT));
                }
            } finally {
                lock.release();
            }
        }
    }

    /**
     * Whether there looked to be room worth waking for, or the queue to be shut down; for a look without the lock.
     *
     * <p>A putter that is as fast as the taker and took each place as it came free would have the two sides fetch each
     * other's words at every item. So one that still looks holds out for several places; one that goes to sleep takes any.
     */
    public boolean looksReady() {
        int gone = Position.count(heap.getLongAcquire(HEAD_AT)) + payload.getIntAcquire(REMOVED_AT);
        int places = capacity - (Position.count(heap.getLongAcquire(TAIL_AT)) - gone);
        return places >= placesWorthWhile || payload.getIntAcquire(SHUT_DOWN_AT) != 0;
    }

    private void lockAndRecover() {
        if (lock.lock()) {
            boolean recovered = false;
            try {
                recover();
                recovered = true;
            } finally {
                if (!recovered) {
                    lock.release();
                }
            }
        }
    }

    /** An owner died: TAIL is right by itself, the run is worked out again, and areas it was about to use go back. */
    private void recover() {
        payload.setLong(RUN_END_AT, 0);
        reclaim(heap.getLong(TAIL_AT));
        lock.settle();
    }

    private void ensureNotShutDown() {
        if (payload.getIntAcquire(SHUT_DOWN_AT) != 0) {
            throw new QueueShutDownException(heap.owner() + " was shut down and takes no more items");
        }
    }

    private void ensureWithinLimit(Encoded item) {
        if (mostBytes > 0 && Records.length(item.arraySize()) > mostBytes) {
            throw new IllegalArgumentException("item larger than the queue may ever hold: sizeBytes="
                    + Records.length(item.arraySize()) + ", capacityBytes=" + mostBytes + ", in " + heap.owner());
        }
    }

    /** Writes a record at a tail; the result is the tail after it, to be committed by the caller, or FULL. */
    private long append(long tail, Encoded item, int kind, Limits limits) {
        long offset = Position.offset(tail);
        long length = Records.length(item.arraySize());
        boolean fits = offset + length + Records.HEADER_BYTES <= payload.getLong(RUN_END_AT)
                && Position.count(tail) - Position.count(payload.getLong(SEEN_HEAD_AT)) < capacity
                && mostBytes == 0;
        if (!fits) {
            offset = makeRoom(tail, length, limits);
            if (offset == FULL) {
                return FULL;
            }
        }
        Records.write(heap, offset, kind, item);
        return Position.of(Position.count(tail) + 1, offset + length);
    }

    /** Finds room for a record, and has the stream go there; the result is its offset, or FULL. */
    private long makeRoom(long tail, long length, Limits limits) {
        // HEAD before REMOVED: both only ever grow in sum, and this order can only see the sum too small.
        long head = heap.getLongAcquire(HEAD_AT);
        int gone = Position.count(head) + payload.getIntAcquire(REMOVED_AT);
        payload.setLong(SEEN_HEAD_AT, Position.of(gone, Position.offset(head)));
        if (limits == Limits.KEPT && isFull(Position.count(tail) - gone, head, tail, length)) {
            return FULL;
        }
        if (!findRun(head, tail, length) && !grow(head, tail, length, limits)) {
            return FULL;
        }
        if (runStart != Position.offset(tail)) {
            Records.writeJump(heap, Position.offset(tail), runStart);
        }
        payload.setLong(RUN_END_AT, runEnd);
        return runStart;
    }

    private boolean isFull(int waiting, long head, long tail, long length) {
        return waiting >= capacity
                || (mostBytes > 0
                        && waiting > 0
                        && areas.streamBytes(Position.offset(head), Position.offset(tail)) + length > mostBytes);
    }

    /**
     * Finds the first run of free room from the tail on, in the tail's area, that takes the record and a jump.
     *
     * <pre>
     *   head before tail:   [ free 2 ][head ######## tail][ free 1 ]      free 2 ends 8 bytes before head at the latest
     *   tail before head:   [#### tail][ free ][head ############# ]
     *   head elsewhere:     [#################### tail][   free    ]
     *   empty:              [ free 2 ][head=tail][      free 1     ]
     * </pre>
     */
    private boolean findRun(long headPosition, long tailPosition, long length) {
        long head = Position.offset(headPosition);
        long tail = Position.offset(tailPosition);
        boolean empty = Position.count(headPosition) == Position.count(tailPosition);
        int area = areas.areaOf(tail);
        if (!areas.contains(area, head)) {
            return findRunBetween(tail, areas.end(area), length);
        }
        if (empty && areas.bytes(area) > LARGE * firstAreaBytes && length < firstAreaBytes / LARGE) {
            return false; // a small area will do again
        }
        if (tail > head || empty) {
            return findRunBetween(tail, areas.end(area), length) || findRunBetween(areas.start(area), head, length);
        }
        return findRunBetween(tail, head, length);
    }

    private boolean findRunBetween(long from, long to, long length) {
        long start = from;
        while (start < to) {
            long end = leases.nextIsland(start, to);
            if (end - start >= length + Records.HEADER_BYTES) {
                runStart = start;
                runEnd = end;
                return true;
            }
            if (end == to) {
                return false;
            }
            start = leases.endOfIsland(end);
        }
        return false;
    }

    /** Has the stream go on in a new area, unless the queue's bytes are limited. */
    private boolean grow(long head, long tail, long length, Limits limits) {
        if (mostBytes > 0 && limits == Limits.KEPT) {
            return false;
        }
        reclaim(tail);
        int current = areas.areaOf(Position.offset(tail));
        int area = areas.allocate(newAreaBytes(current, head, tail, length));
        if (area < 0) {
            return false;
        }
        areas.setNext(current, area);
        runStart = areas.start(area);
        runEnd = areas.end(area);
        return true;
    }

    /** Large enough for the rest of the capacity in records like this one, but at most twice as large as the last. */
    private long newAreaBytes(int current, long head, long tail, long length) {
        long itemsLeft = (long) capacity - Math.min(capacity - 1, Position.count(tail) - Position.count(head));
        boolean empty = itemsLeft >= capacity;
        long most = empty ? firstAreaBytes : 2 * Math.max(areas.bytes(current), firstAreaBytes);
        long wanted = Math.clamp(itemsLeft * length, firstAreaBytes, most);
        return QueueLayout.toPages(Math.max(wanted, length + Records.HEADER_BYTES));
    }

    private void reclaim(long tail) {
        areas.reclaim(Position.offset(heap.getLongAcquire(HEAD_AT)), Position.offset(tail), leases);
    }
}
