package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.REMOVED_AT;
import static dev.procession.shm.queue.QueueLayout.SEEN_TAIL_AT;
import static dev.procession.shm.queue.QueueLayout.TAIL_AT;

import dev.procession.shm.engine.Cells;

/** The records from HEAD to TAIL, as the take side reads them. Used under the take lock alone. */
final class RecordStream {
    /** More jumps than this in a row are no stream: there are fewer areas, and each jump leads to a record. */
    private static final int MOST_JUMPS = 64;

    private final Cells payload;
    private final Cells heap;
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

    /** The first record's offset, with REMOVED ones passed; -1 if there is none. */
    long first() {
        for (; ; ) {
            long head = heap.getLong(HEAD_AT);
            if (isEmptyAt(head)) {
                return -1;
            }
            long offset = skipJumps(Position.offset(head));
            if (Records.kind(header) != Records.REMOVED) {
                return offset;
            }
            payload.setInt(REMOVED_AT, payload.getInt(REMOVED_AT) - 1); // before HEAD: see PutSide.makeRoom
            pass(offset);
        }
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

    /** Moves HEAD past the record that {@link #first} found. From here on its room is free, but for an island. */
    void pass(long offset) {
        int count = Position.count(heap.getLong(HEAD_AT));
        heap.setLongRelease(HEAD_AT, Position.of(count + 1, Records.end(offset, header)));
    }

    /** How many items were put before the first record. */
    int orderOfFirst() {
        return Position.count(heap.getLong(HEAD_AT));
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
        long head = heap.getLong(HEAD_AT);
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
        int head = Position.count(heap.getLong(HEAD_AT));
        int tail = Position.count(heap.getLongAcquire(TAIL_AT));
        return Integer.compareUnsigned(order - head, tail - head) < 0;
    }

    /** A dead owner's hints are worth nothing. */
    void recover() {
        payload.setLong(SEEN_TAIL_AT, heap.getLongAcquire(TAIL_AT));
    }
}
