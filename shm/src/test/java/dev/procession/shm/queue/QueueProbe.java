package dev.procession.shm.queue;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;

/** Looks into a queue's memory, for tests. */
public final class QueueProbe {
    private final Cells heap;

    public QueueProbe(Entry entry) {
        this.heap = entry.heap();
    }

    /** How much memory all areas have. */
    public long areaBytes() {
        long bytes = 0;
        for (int area = 0; area < 32; area++) {
            long at = QueueLayout.AREA_TABLE_AT + area * 32L;
            bytes += heap.getInt(at) == 1 ? heap.getLong(at + 16) : 0;
        }
        return bytes;
    }
}
