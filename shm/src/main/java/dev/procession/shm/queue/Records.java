package dev.procession.shm.queue;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;

/**
 * Records: what lies between head and tail.
 *
 * <pre>
 *   63        36  35  34     32 31                          0
 *  +------------+-----+--------+-----------------------------+----------------------+
 *  |     0      | RAW |  kind  |  size in bytes, or a place  |  bytes, rounded to 8 |
 *  +------------+-----+--------+-----------------------------+----------------------+
 *
 *   ITEM      an item
 *   LETTER    an item that is a dead letter
 *   REMOVED   an item that was taken out of the middle
 *   JUMP      no bytes: the next record is at that place
 *   RAW       the item is a byte[], and the record holds that; else it is in the codec's form
 * </pre>
 *
 * <p>Every record leaves room for a JUMP after it, so that the stream can go on elsewhere: at the beginning of the area,
 * behind a leased item that is in the way, or in another area. A record's kind is changed by one store, its size and RAW
 * never; so a record can be read, and stepped over, as long as nobody overwrites it.
 */
final class Records {
    static final int HEADER_BYTES = 8;

    static final int ITEM = 1;
    static final int LETTER = 2;
    static final int REMOVED = 3;
    static final int JUMP = 4;
    private static final int KIND_MASK = 7;
    private static final int RAW = 8;

    private Records() {}

    static int kind(long header) {
        return (int) (header >>> 32) & KIND_MASK;
    }

    static int size(long header) {
        return (int) header;
    }

    /** The room a record takes that holds so many bytes. */
    static long length(int sizeBytes) {
        return HEADER_BYTES + ((sizeBytes + 7L) & ~7L);
    }

    static long end(long offset, long header) {
        return offset + length(size(header));
    }

    static void write(Cells heap, long offset, int kind, Encoded item) {
        int size = item.arraySize();
        heap.copyIn(offset + HEADER_BYTES, item.array(), 0, size);
        heap.setLong(offset, header(item.isRaw() ? kind | RAW : kind, size));
    }

    static void writeJump(Cells heap, long offset, long target) {
        heap.setLong(offset, header(JUMP, Position.place(target)));
    }

    private static long header(int kind, int low) {
        return ((long) kind << 32) | Integer.toUnsignedLong(low);
    }

    static long jumpTarget(long header) {
        return Position.offsetOfPlace((int) header);
    }

    static void markRemoved(Cells heap, long offset, long header) {
        heap.setLongRelease(offset, (header & ~((long) KIND_MASK << 32)) | ((long) REMOVED << 32));
    }

    /** Copies an item out. */
    static Encoded read(Cells heap, long offset, long header) {
        int size = size(header);
        if (size < 0 || size > heap.sizeBytes()) {
            throw damaged(heap, offset, header);
        }
        byte[] bytes = new byte[size];
        heap.copyOut(offset + HEADER_BYTES, bytes, 0, size);
        return (header & ((long) RAW << 32)) != 0 ? Encoded.raw(bytes) : Encoded.framed(bytes, size);
    }

    static IllegalStateException damaged(Cells heap, long offset, long header) {
        return new IllegalStateException("shared memory is damaged: no record at offset=" + offset + ", header="
                + Long.toHexString(header) + ", in " + heap.owner());
    }
}
