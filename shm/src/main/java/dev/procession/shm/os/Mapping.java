package dev.procession.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Segments over memory that something else keeps alive. */
@SuppressWarnings("restricted") // each segment made here is a view of memory that the caller holds mapped
public final class Mapping {
    private Mapping() {}

    /** The memory at an address, for this package's own structures. */
    static MemorySegment at(long address, long sizeBytes) {
        return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
    }

    /**
     * A view of part of a segment with a life of its own: once the arena is closed every access through the view fails,
     * and no access is under way, while the memory itself stays. This is how a thread that is late in one primitive is
     * kept from touching the next one made in its place.
     *
     * @param memory what to view; it must stay mapped for longer than the arena is open
     * @param offsetBytes where the view begins
     * @param sizeBytes how long it is
     * @param arena the view's life
     * @return the view
     */
    public static MemorySegment view(MemorySegment memory, long offsetBytes, long sizeBytes, Arena arena) {
        return memory.asSlice(offsetBytes, sizeBytes).reinterpret(arena, null);
    }
}
