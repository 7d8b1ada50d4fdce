package dev.procession.shm.queue;

import dev.procession.shm.engine.Cells;

/**
 * How full a queue is, read without being attached to it, from a copy that need not be of one moment.
 *
 * @param waiting how many items wait
 * @param leased how many are leased
 * @param letters how many dead letters there are
 * @param capacity how many may wait
 */
public record QueueGlance(int waiting, int leased, int letters, int capacity) {
    /**
     * Looks.
     *
     * @param payload the payload of the queue's entry
     * @param heap the first page of its range
     * @return what is there
     */
    public static QueueGlance of(Cells payload, Cells heap) {
        int put = Position.count(heap.getLong(QueueLayout.TAIL_AT));
        int gone = Position.count(heap.getLong(QueueLayout.HEAD_AT)) + payload.getInt(QueueLayout.REMOVED_AT);
        return new QueueGlance(
                Math.max(0, put - gone) + payload.getInt(QueueLayout.RETURNED_AT),
                payload.getInt(QueueLayout.LEASED_AT),
                payload.getInt(QueueLayout.LETTERS_AT),
                heap.getInt(QueueLayout.CAPACITY_AT));
    }

    /**
     * Whether a lease will end, or an item that was given back may be taken, by itself.
     *
     * @param payload the payload of the queue's entry
     * @return true if so
     */
    public static boolean changesWithTime(Cells payload) {
        return payload.getLongVolatile(QueueLayout.ATTENTION_AT) != 0;
    }
}
