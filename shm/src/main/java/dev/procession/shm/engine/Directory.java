package dev.procession.shm.engine;

import static dev.procession.shm.engine.EntryLayout.CLAIMED;
import static dev.procession.shm.engine.EntryLayout.CLOSED;
import static dev.procession.shm.engine.EntryLayout.ENTRIES;
import static dev.procession.shm.engine.EntryLayout.ENTRY_BYTES;
import static dev.procession.shm.engine.EntryLayout.FREE;
import static dev.procession.shm.engine.EntryLayout.LIVE;
import static dev.procession.shm.engine.EntryLayout.NAME_AT;
import static dev.procession.shm.engine.EntryLayout.PAYLOAD_AT;
import static dev.procession.shm.engine.EntryLayout.PAYLOAD_BYTES;
import static dev.procession.shm.engine.EntryLayout.RANGE_AT;
import static dev.procession.shm.engine.EntryLayout.WORD_AT;
import static dev.procession.shm.engine.EntryLayout.attachedAt;
import static dev.procession.shm.engine.EntryLayout.attachedBit;
import static dev.procession.shm.engine.EntryLayout.claimerOf;
import static dev.procession.shm.engine.EntryLayout.entryAt;
import static dev.procession.shm.engine.EntryLayout.generationOf;
import static dev.procession.shm.engine.EntryLayout.kindOf;
import static dev.procession.shm.engine.EntryLayout.stateOf;
import static dev.procession.shm.engine.EntryLayout.word;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.MOST_HEAP_PAGES;
import static dev.procession.shm.engine.SpaceLayout.PAGE_BYTES;
import static dev.procession.shm.engine.SpaceLayout.STEP_BYTES;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_AT;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_USED_AT;

import dev.procession.core.SpaceFullException;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * The entries of a space and the heap ranges that belong to them. See {@link EntryLayout} for the states.
 *
 * <p>Whatever takes or gives back an entry or a range is done under the space's allocation lock, by the caller. The lock
 * guards no data of its own: the heap is what no entry has, so whoever takes the lock over from a dead owner has nothing
 * to mend. What the dead owner was claiming is CLAIMED with its stamp, and its burial frees it.
 */
final class Directory {
    /** How many entries to look at for a free one before taking one that was never used. */
    private static final int GLANCE = 64;

    private final Cells header;
    private final Cells entries;
    private final SharedFile file;

    /** Where to look next; guarded by the allocation lock as far as this JVM is concerned. */
    private int hint;

    Directory(Cells header, Cells entries, SharedFile file) {
        this.header = header;
        this.entries = entries;
        this.file = file;
    }

    /** Entries from here on were never claimed. */
    int used() {
        return Math.clamp(header.getIntAcquire(ENTRIES_USED_AT), 0, ENTRIES);
    }

    long wordOf(int index) {
        return entries.getLongVolatile(entryAt(index) + WORD_AT);
    }

    long rangeOf(int index) {
        return entries.getLongAcquire(entryAt(index) + RANGE_AT);
    }

    long nameHashOf(int index) {
        return entries.getLongAcquire(entryAt(index) + NAME_AT);
    }

    void setNameHash(int index, long hash) {
        entries.setLong(entryAt(index) + NAME_AT, hash);
    }

    static long payloadAt(int index) {
        return entryAt(index) + PAYLOAD_AT;
    }

    /** A payload that this member may not be attached to: to be touched under the allocation lock, or while it is live. */
    Cells payloadOf(int index, Object owner) {
        return new Cells(entries.memory().asSlice(payloadAt(index), PAYLOAD_BYTES), owner);
    }

    /**
     * Claims an entry, with a heap range if asked for; both hold zeros. Only the beginning of the range is given memory.
     * Under the allocation lock.
     */
    int claim(int kind, int stamp, long heapBytes, long setAsideBytes) {
        long pages = Math.ceilDiv(heapBytes, PAGE_BYTES);
        long firstPage = pages == 0 ? 0 : findGap(pages);
        int index = findFree();
        long free = wordOf(index);
        entries.setLong(entryAt(index) + RANGE_AT, 0);
        entries.setLongVolatile(entryAt(index) + WORD_AT, word(generationOf(free) + 1, CLAIMED, kind, stamp));
        try {
            entries.setLong(entryAt(index) + NAME_AT, 0);
            entries.zero(payloadAt(index), PAYLOAD_BYTES);
            if (pages > 0) {
                // First the record, then the memory: a death between leaves a claim with a range, which its burial
                // empties.
                entries.setLongRelease(entryAt(index) + RANGE_AT, EntryLayout.range(firstPage, pages));
                reach(HEAP_AT + (firstPage + pages) * PAGE_BYTES);
                setAside(HEAP_AT + firstPage * PAGE_BYTES, Math.ceilDiv(setAsideBytes, PAGE_BYTES) * PAGE_BYTES);
            }
            return index;
        } catch (RuntimeException failed) {
            free(index);
            throw failed;
        }
    }

    /** Moves the end of the file behind a range: what is mapped never ends before its file does. */
    private void reach(long end) {
        try {
            if (file.sizeBytes() < end) {
                file.extend(end);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private int findFree() {
        int used = used();
        for (int i = 0; i < Math.min(GLANCE, used); i++) {
            hint = hint + 1 < used ? hint + 1 : 0;
            if (stateOf(wordOf(hint)) == FREE) {
                return hint;
            }
        }
        if (used < ENTRIES) {
            return extend(used);
        }
        for (int index = 0; index < ENTRIES; index++) {
            if (stateOf(wordOf(index)) == FREE) {
                return index;
            }
        }
        throw new SpaceFullException("the space is full; close what is not needed any more: primitives=" + ENTRIES
                + ", in " + entries.owner());
    }

    private int extend(int used) {
        int setAside = header.getIntAcquire(ENTRIES_SET_ASIDE_AT);
        if (used >= setAside) {
            setAside(DIRECTORY_AT + entryAt(setAside), STEP_BYTES);
            header.setIntRelease(ENTRIES_SET_ASIDE_AT, setAside + (int) (STEP_BYTES / ENTRY_BYTES));
        }
        header.setIntRelease(ENTRIES_USED_AT, used + 1);
        return used;
    }

    /** Takes one more waiter record into use, unless somebody has done so already. Under the allocation lock. */
    int extendWaiters(int seenUsed) {
        return extend(seenUsed, WAITERS_USED_AT, WAITERS_SET_ASIDE_AT, WAITERS_AT, WaiterLayout.RECORD_BYTES);
    }

    /** The same for blocked threads. */
    int extendBlocked(int seenUsed) {
        return extend(seenUsed, BLOCKED_USED_AT, BLOCKED_SET_ASIDE_AT, BLOCKED_AT, BlockedLayout.RECORD_BYTES);
    }

    private int extend(int seenUsed, long usedAt, long setAsideAt, long tableAt, long recordBytes) {
        int used = header.getIntAcquire(usedAt);
        if (used > seenUsed) {
            return used;
        }
        int setAside = header.getIntAcquire(setAsideAt);
        if (used >= setAside) {
            setAside(tableAt + setAside * recordBytes, STEP_BYTES);
            header.setIntRelease(setAsideAt, setAside + (int) (STEP_BYTES / recordBytes));
        }
        header.setIntRelease(usedAt, used + 1);
        return used + 1;
    }

    /** The lowest run of free pages that is long enough. Sorts what is taken; a claim with a heap range is no hot path. */
    private long findGap(long pages) {
        int used = used();
        long[] taken = new long[used];
        int count = 0;
        for (int index = 0; index < used; index++) {
            long range = rangeOf(index);
            if (range != 0 && stateOf(wordOf(index)) != FREE) {
                taken[count++] = range;
            }
        }
        Arrays.sort(taken, 0, count); // by first page, which is in the upper half
        long gap = 0;
        for (int i = 0; i < count; i++) {
            if (EntryLayout.firstPageOf(taken[i]) - gap >= pages) {
                return gap;
            }
            gap = EntryLayout.firstPageOf(taken[i]) + EntryLayout.pagesOf(taken[i]);
        }
        if (gap + pages > MOST_HEAP_PAGES) {
            throw new SpaceFullException("the space is full; close what is not needed any more: lengthBytes="
                    + pages * PAGE_BYTES + ", in " + entries.owner());
        }
        return gap;
    }

    /** Gives memory to part of an entry's range; the member is attached to the entry. */
    void setAsideIn(int index, long offset, long lengthBytes) {
        setAside(HEAP_AT + EntryLayout.firstPageOf(rangeOf(index)) * PAGE_BYTES + offset, lengthBytes);
    }

    /** Takes the memory of part of an entry's range back; the member is attached to the entry. */
    void giveBackIn(int index, long offset, long lengthBytes) {
        try {
            file.release(HEAP_AT + EntryLayout.firstPageOf(rangeOf(index)) * PAGE_BYTES + offset, lengthBytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    long limitBytes() {
        return header.getLong(SpaceLayout.LIMIT_AT);
    }

    private void setAside(long offset, long lengthBytes) {
        ensureWithinLimit(lengthBytes);
        setAside(file, offset, lengthBytes);
    }

    /** The file system counts; so nothing has to be put right when a member dies. Who ask at once may get a bit more. */
    private void ensureWithinLimit(long lengthBytes) {
        long limitBytes = limitBytes();
        if (limitBytes == 0) {
            return;
        }
        try {
            long memoryBytes = file.memoryBytes();
            if (memoryBytes + lengthBytes > limitBytes) {
                throw new SpaceFullException("the space is full; close what is not needed any more, or make it with a"
                        + " greater limit: lengthBytes=" + lengthBytes + ", memoryBytes=" + memoryBytes
                        + ", limitBytes=" + limitBytes + ", file=" + file.path());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void setAside(SharedFile file, long offset, long lengthBytes) {
        try {
            file.allocate(offset, lengthBytes);
        } catch (SharedFile.NoRoomException full) {
            throw noRoom(file.path(), lengthBytes, full);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static SpaceFullException noRoom(String path, long lengthBytes, SharedFile.NoRoomException full) {
        return new SpaceFullException(
                "no shared memory left: lengthBytes=" + lengthBytes + ", file=" + path
                        + "; close what is not needed any more, give the machine or container more memory, or name a"
                        + " folder with more room by -Dprocession.shm.dir=FOLDER",
                full);
    }

    /** Sets aside where an entry's name is kept. */
    void setAsideName(int index) {
        setAside(SpaceLayout.NAMES_AT + Math.floorDiv(NameLayout.recordAt(index), PAGE_BYTES) * PAGE_BYTES, PAGE_BYTES);
    }

    /** Makes a claimed entry live: from this store on other members can attach to it. */
    void publish(int index) {
        long claimed = wordOf(index);
        entries.setLongRelease(
                entryAt(index) + WORD_AT, word(generationOf(claimed), LIVE, kindOf(claimed), /* claimer= */ 0));
    }

    /** Whether the entry is live in that generation. */
    boolean isLive(int index, int generation) {
        long word = wordOf(index);
        return stateOf(word) == LIVE && generationOf(word) == generation;
    }

    /** Closes a live entry; false if it was not live in that generation, so that somebody else has closed it. */
    boolean close(int index, int generation) {
        long live = wordOf(index);
        return stateOf(live) == LIVE
                && generationOf(live) == generation
                && entries.casLong(entryAt(index) + WORD_AT, live, word(generation, CLOSED, kindOf(live), 0));
    }

    void setAttached(int index, int slot) {
        entries.getAndOrLong(entryAt(index) + attachedAt(slot), attachedBit(slot));
    }

    void clearAttached(int index, int slot) {
        long at = entryAt(index) + attachedAt(slot);
        if ((entries.getLongVolatile(at) & attachedBit(slot)) != 0) {
            entries.getAndAndLong(at, ~attachedBit(slot));
        }
    }

    boolean isAttached(int index, int slot) {
        return (entries.getLongVolatile(entryAt(index) + attachedAt(slot)) & attachedBit(slot)) != 0;
    }

    boolean isAnybodyAttached(int index) {
        for (int slot = 0; slot < MemberLayout.SLOTS; slot += Long.SIZE) {
            if (entries.getLongVolatile(entryAt(index) + attachedAt(slot)) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Gives a closed entry back once no member can touch it any more. Under the allocation lock. */
    void reclaim(int index) {
        if (stateOf(wordOf(index)) == CLOSED && !isAnybodyAttached(index)) {
            free(index);
        }
    }

    /** Frees what a dead member was claiming. Under the allocation lock. */
    void reclaimFromDead(int index, int dead) {
        long word = wordOf(index);
        if (stateOf(word) == CLAIMED && claimerOf(word) == dead) {
            free(index);
        }
    }

    /** Frees an entry that nobody else can see. Empties its range first: what is free holds zeros. */
    void free(int index) {
        long range = rangeOf(index);
        if (range != 0) {
            try {
                file.release(
                        HEAP_AT + EntryLayout.firstPageOf(range) * PAGE_BYTES, EntryLayout.pagesOf(range) * PAGE_BYTES);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        long word = wordOf(index);
        entries.setLongVolatile(entryAt(index) + WORD_AT, word(generationOf(word), FREE, 0, 0));
    }
}
