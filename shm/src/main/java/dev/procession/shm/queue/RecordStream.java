package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.REMOVED_AT;
import static dev.procession.shm.queue.QueueLayout.SEEN_TAIL_AT;
import static dev.procession.shm.queue.QueueLayout.TAIL_AT;

import dev.procession.shm.engine.Cells;

/**
 * The records from HEAD to TAIL, as the take side reads them. Used under the take lock alone, and {@linkplain #open
 * opened} each time it was got.
 */
final class RecordStream {
    /** More jumps than this in a row are no stream: there are fewer areas, and each jump leads to a record. */
    private static final int MOST_JUMPS = 64;

    private final Cells payload;
    private final Cells heap;
    private long head;
    private long header;
    private boolean jumped;

    RecordStream(Cells payload, Cells heap) {
        this.payload = payload;
        this.heap = heap;
    }

    /** Sees one record. */
    @FunctionalInterface
    interface Visitor {
        void visit(long offset, long header, int order);
    }

    /** Starts from HEAD. Called first by whoever got the lock. */
    void open() {
        head = heap.getLong(HEAD_AT);
    }

    /** Stores HEAD, with release: what was passed is gone, its room is free but for islands. */
    void commit() {
        heap.setLongRelease(HEAD_AT, head);
    }

    /** The first record's offset, with REMOVED ones passed; -1 if there is none. */
    long first() {
        while (!isEmptyAt(head)) {
            long offset = skipJumps(Position.offset(head));
            if (Records.kind(header) != Records.REMOVED) {
                return offset;
            }
            payload.setInt(REMOVED_AT, payload.getInt(REMOVED_AT) - 1); // before HEAD: see PutSide.makeRoom
            pass(offset);
            commit();
        }
        return -1;
    }

    private boolean isEmptyAt(long head) {
        if (Position.count(payload.getLong(SEEN_TAIL_AT)) != Position.count(head)) {
            return false;
        }
        long tail = heap.getLongAcquire(TAIL_AT);
        payload.setLong(SEEN_TAIL_AT, tail);
        return Position.count(tail) == Position.count(head);
    }

    /** The header of the record that was found last. */
    long header() {
        return header;
    }

    /** Goes past the record that {@link #first} found; a {@link #commit} makes it so. */
    void pass(long offset) {
        head = Position.of(Position.count(head) + 1, Records.end(offset, header));
    }

    /** How many items were put before the first record. */
    int orderOfFirst() {
        return Position.count(head);
    }

    /** Whether a jump was followed since this was last asked: an area may be drained. */
    boolean hasJumped() {
        boolean answer = jumped;
        jumped = false;
        return answer;
    }

    private long skipJumps(long from) {
        long offset = from;
        header = heap.getLong(offset);
        for (int jumps = 0; Records.kind(header) == Records.JUMP; jumps++) {
            if (jumps == MOST_JUMPS) {
                throw Records.damaged(heap, offset, header);
            }
            jumped = true;
            offset = Records.jumpTarget(header);
            header = heap.getLong(offset);
        }
        int kind = Records.kind(header);
        if (kind == 0 || kind > Records.JUMP || Records.size(header) < 0) {
            throw Records.damaged(heap, offset, header);
        }
        return offset;
    }

    /** Shows all records of this moment, REMOVED ones too, from the first on. */
    void walk(Visitor visitor) {
        int last = Position.count(heap.getLongAcquire(TAIL_AT));
        long offset = Position.offset(head);
        for (int order = Position.count(head); order != last; order++) {
            offset = skipJumps(offset);
            long each = header;
            visitor.visit(offset, each, order);
            offset = Records.end(offset, each);
        }
    }

    /** Whether a record that {@link #walk} showed is still in the stream. */
    boolean contains(int order) {
        int first = Position.count(head);
        int tail = Position.count(heap.getLongAcquire(TAIL_AT));
        return Integer.compareUnsigned(order - first, tail - first) < 0;
    }

    /** A dead owner's hints are worth nothing. */
    void recover() {
        open();
        payload.setLong(SEEN_TAIL_AT, heap.getLongAcquire(TAIL_AT));
    }
}
