package dev.procession.stress;

import dev.procession.shm.SharedRegion;
import dev.procession.shm.engine.Cells;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** Shared memory for races, of which millions are under way: each gets a room of its own, empty, two cache lines wide. */
final class SharedRooms {
    static final long ROOM_BYTES = 128;
    private static final int ROOMS = 1 << 17;
    private static final SharedRegion REGION = SharedRegion.create(ROOM_BYTES * ROOMS);
    private static final AtomicInteger GIVEN = new AtomicInteger();

    private SharedRooms() {}

    static Cells next() {
        long at = (GIVEN.getAndIncrement() & (ROOMS - 1)) * ROOM_BYTES;
        MemorySegment room = REGION.segment().asSlice(at, ROOM_BYTES);
        room.fill((byte) 0);
        return new Cells(room, "room");
    }
}
