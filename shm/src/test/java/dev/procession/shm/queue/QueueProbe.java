package dev.procession.shm.queue;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import java.util.stream.IntStream;

/** Looks into a queue's memory, for tests. */
public final class QueueProbe {
    private final Cells payload;
    private final Cells heap;

    public QueueProbe(Entry entry) {
        this.payload = entry.payload();
        this.heap = entry.heap();
    }

    private static long areaAt(int area) {
        return QueueLayout.AREA_TABLE_AT + area * 32L;
    }

    private IntStream liveAreas() {
        return IntStream.range(0, 32).filter(area -> heap.getInt(areaAt(area)) == 1);
    }

    /** What a keeper does after a death, when it comes to this queue. */
    public void poke() {
        payload.setIntVolatile(QueueLayout.POKED_AT, 1);
    }

    public long areas() {
        return liveAreas().count();
    }

    public boolean isTailInAnArea() {
        long tail = Position.offset(heap.getLong(QueueLayout.TAIL_AT));
        return liveAreas()
                .anyMatch(area -> tail >= heap.getLong(areaAt(area) + 8)
                        && tail < heap.getLong(areaAt(area) + 8) + heap.getLong(areaAt(area) + 16));
    }

    /** How much memory all areas have. */
    public long areaBytes() {
        return liveAreas().mapToLong(area -> heap.getLong(areaAt(area) + 16)).sum();
    }
}
