package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.ALLOCATION_LOCK_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_BYTES;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.CREATOR_BYTES;
import static dev.procession.shm.engine.SpaceLayout.CREATOR_LENGTH_AT;
import static dev.procession.shm.engine.SpaceLayout.DEADLOCK_POLICY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_BYTES;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.HEADER_BYTES;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.LIMIT_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;
import static dev.procession.shm.engine.SpaceLayout.MOST_HEAP_PAGES;
import static dev.procession.shm.engine.SpaceLayout.NAMES_AT;
import static dev.procession.shm.engine.SpaceLayout.NAMES_BYTES;
import static dev.procession.shm.engine.SpaceLayout.NAMING_LOCK_AT;
import static dev.procession.shm.engine.SpaceLayout.PAGE_BYTES;
import static dev.procession.shm.engine.SpaceLayout.REPAIR_LOCK_AT;
import static dev.procession.shm.engine.SpaceLayout.ROOT_AT;
import static dev.procession.shm.engine.SpaceLayout.STEP_BYTES;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_AT;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_BYTES;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_USED_AT;

import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Makes a named space that everybody has left fit to be used again, or says what is wrong with it.
 *
 * <p>Done by whoever opens a space and holds its file {@linkplain SharedFile.Hold#EXCLUSIVE exclusively}: nobody is a
 * member then, nobody can become one, and whatever the member table says is alive is dead. So this is the place to look
 * at every field that code could follow into nowhere, were it damaged: bounds, states, kinds, ranges, names. What members
 * change while they live together is not looked at again; they trust each other as the threads of one process do.
 *
 * <p>Three things are set right: members are marked DEAD, for the keeper of the first new member to bury; the locks of
 * the space itself, which guard nothing but turns, are free; nobody is attached to anything. Each is one store, or many
 * of the same value, so a death in between leaves what the next one does again.
 */
final class SpaceRecovery {
    private final String path;
    private final SharedFile file;
    private final IntFunction<PrimitiveKind> kinds;
    private final Cells header;
    private final Cells members;
    private final Cells waiters;
    private final Cells blocked;
    private final Cells directory;
    private final Cells names;

    private SpaceRecovery(SharedFile file, IntFunction<PrimitiveKind> kinds, MemorySegment memory) {
        this.path = file.path();
        this.file = file;
        this.kinds = kinds;
        this.header = new Cells(memory.asSlice(0, HEADER_BYTES), path);
        this.members = new Cells(memory.asSlice(MEMBERS_AT, MEMBERS_BYTES), path);
        this.waiters = new Cells(memory.asSlice(WAITERS_AT, WAITERS_BYTES), path);
        this.blocked = new Cells(memory.asSlice(BLOCKED_AT, BLOCKED_BYTES), path);
        this.directory = new Cells(memory.asSlice(DIRECTORY_AT, DIRECTORY_BYTES), path);
        this.names = new Cells(memory.asSlice(NAMES_AT, NAMES_BYTES), path);
    }

    /**
     * Recovers a space.
     *
     * @param file its file, held exclusively; the header's layout has been checked
     * @throws IllegalStateException if it is damaged; the message names file and field
     * @throws dev.procession.core.SpaceFullException if memory the space has used before is not there any more
     */
    static void run(SharedFile file, IntFunction<PrimitiveKind> kinds) throws IOException {
        Directory.setAside(file, 0, MEMBERS_AT + MEMBERS_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            new SpaceRecovery(file, kinds, file.map(0, HEAP_AT, arena)).run();
        }
    }

    private void run() throws IOException {
        checkHeader();
        int waitersUsed = checkTable(
                "waiters",
                WAITERS_USED_AT,
                WAITERS_SET_ASIDE_AT,
                WAITERS_AT,
                WaiterLayout.RECORDS,
                WaiterLayout.RECORD_BYTES);
        int blockedUsed = checkTable(
                "blocked",
                BLOCKED_USED_AT,
                BLOCKED_SET_ASIDE_AT,
                BLOCKED_AT,
                BlockedLayout.RECORDS,
                BlockedLayout.RECORD_BYTES);
        int entriesUsed = checkTable(
                "entries",
                ENTRIES_USED_AT,
                ENTRIES_SET_ASIDE_AT,
                DIRECTORY_AT,
                EntryLayout.ENTRIES,
                EntryLayout.ENTRY_BYTES);
        checkMembers();
        checkOwners("waiter", waiters, waitersUsed, WaiterLayout.RECORD_BYTES, WaiterLayout.OWNER_AT);
        checkOwners("blocked", blocked, blockedUsed, BlockedLayout.RECORD_BYTES, BlockedLayout.OWNER_AT);
        checkEntries(entriesUsed);
        checkRanges(entriesUsed);

        header.setIntVolatile(REPAIR_LOCK_AT, 0);
        header.setIntVolatile(ALLOCATION_LOCK_AT, 0);
        header.setIntVolatile(NAMING_LOCK_AT, 0);
        detachAll(entriesUsed);
        declareAllDead();
    }

    private IllegalStateException damaged(String field, String expected, long found) {
        return new IllegalStateException("the space is damaged: field=" + field + ", expected " + expected + ", found="
                + found + ", file=" + path + "; remove it by ./procession spaces rm");
    }

    private void ensure(boolean holds, String field, String expected, long found) {
        if (!holds) {
            throw damaged(field, expected, found);
        }
    }

    private void checkHeader() {
        long limitBytes = header.getLong(LIMIT_AT);
        ensure(
                limitBytes >= 0 && limitBytes <= MOST_HEAP_PAGES * PAGE_BYTES,
                "limit",
                "0 to " + MOST_HEAP_PAGES * PAGE_BYTES,
                limitBytes);
        int length = header.getInt(CREATOR_LENGTH_AT);
        ensure(length >= 0 && length <= CREATOR_BYTES, "creator length", "0 to " + CREATOR_BYTES, length);
        long root = header.getLong(ROOT_AT);
        ensure(ProcessIdentity.unpack(root) != null, "root", "a process", root);
        int policy = header.getInt(DEADLOCK_POLICY_AT);
        ensure(DeadlockPolicy.isCode(policy), "deadlock policy", "0 to 3", policy);
    }

    /** Checks how far a table reaches, and makes sure that this far it has memory; the result is how many are used. */
    private int checkTable(String table, long usedAt, long setAsideAt, long at, int most, long recordBytes) {
        int step = (int) (STEP_BYTES / recordBytes);
        int setAside = header.getInt(setAsideAt);
        ensure(
                setAside >= 0 && setAside <= most && setAside % step == 0,
                table + " set aside",
                "0 to " + most + " in steps of " + step,
                setAside);
        int used = header.getInt(usedAt);
        ensure(used >= 0 && used <= setAside, table + " used", "0 to " + setAside, used);
        if (setAside > 0) {
            Directory.setAside(file, at, setAside * recordBytes);
        }
        return used;
    }

    private void checkMembers() {
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            long identity = members.getLong(MemberLayout.slotAt(slot) + MemberLayout.IDENTITY_AT);
            long state = identity & MemberLayout.STATE_MASK;
            boolean member = state == MemberLayout.TAKEN || state == MemberLayout.DEAD;
            ensure(
                    identity == 0 || (member && ProcessIdentity.unpack(identity) != null),
                    "member " + slot + " identity",
                    "0, or state 1 or 2 and a process",
                    identity);
        }
    }

    /** A record belongs to a member of the table: burials give back the records of those who left it. */
    private void checkOwners(String record, Cells table, int used, long recordBytes, long ownerAt) {
        for (int index = 0; index < used; index++) {
            int owner = table.getInt(index * recordBytes + ownerAt);
            ensure(owner == 0 || isMember(owner), record + " " + index + " owner", "0 or a member", owner);
        }
    }

    private boolean isMember(int stamp) {
        int slot = Stamp.slotOf(stamp);
        long at = MemberLayout.slotAt(slot);
        return members.getLong(at + MemberLayout.IDENTITY_AT) != 0
                && Stamp.of(slot, members.getInt(at + MemberLayout.BURIALS_AT)) == stamp;
    }

    private void checkEntries(int used) throws IOException {
        int namesSetAside = -1;
        for (int index = 0; index < used; index++) {
            long word = wordOf(index);
            if (EntryLayout.stateOf(word) == EntryLayout.FREE) {
                continue;
            }
            try {
                var _ = kinds.apply(EntryLayout.kindOf(word));
            } catch (IllegalStateException unknown) {
                throw damaged("entry " + index + " kind", "a kind of primitive", EntryLayout.kindOf(word));
            }
            if (EntryLayout.stateOf(word) == EntryLayout.CLAIMED) {
                int claimer = EntryLayout.claimerOf(word);
                ensure(isMember(claimer), "entry " + index + " claimer", "a member", claimer);
            }
            if (EntryLayout.stateOf(word) == EntryLayout.LIVE && nameHashOf(index) != 0) {
                int page = (int) (NameLayout.recordAt(index) / PAGE_BYTES);
                if (page != namesSetAside) {
                    Directory.setAside(file, NAMES_AT + page * PAGE_BYTES, PAGE_BYTES);
                    namesSetAside = page;
                }
                checkName(index);
            }
        }
    }

    private void checkName(int index) {
        long record = NameLayout.recordAt(index);
        int length = names.getInt(record + NameLayout.NAME_LENGTH_AT);
        ensure(
                length > 0 && length <= NameLayout.MOST_NAME_BYTES,
                "entry " + index + " name length",
                "1 to " + NameLayout.MOST_NAME_BYTES,
                length);
        int declared = names.getInt(record + NameLayout.DECLARATION_LENGTH_AT);
        ensure(declared >= 0, "entry " + index + " declaration length", "0 or more", declared);
        byte[] name = new byte[length];
        names.copyOut(record + NameLayout.NAME_AT, name, 0, length);
        long hash = NameLayout.hash(new String(name, java.nio.charset.StandardCharsets.US_ASCII));
        ensure(hash == nameHashOf(index), "entry " + index + " name", "the hash " + nameHashOf(index), hash);
    }

    /** Ranges lie within the file, and belong to one entry each. */
    private void checkRanges(int used) throws IOException {
        long mostPages = (file.sizeBytes() - HEAP_AT) / PAGE_BYTES;
        long[] ranges = new long[used];
        int count = 0;
        for (int index = 0; index < used; index++) {
            long range = directory.getLong(EntryLayout.entryAt(index) + EntryLayout.RANGE_AT);
            if (range == 0 || EntryLayout.stateOf(wordOf(index)) == EntryLayout.FREE) {
                continue;
            }
            // What was being claimed may lie behind the file's end, which is moved just after.
            boolean claimed = EntryLayout.stateOf(wordOf(index)) == EntryLayout.CLAIMED;
            long most = claimed ? MOST_HEAP_PAGES : mostPages;
            long end = EntryLayout.firstPageOf(range) + EntryLayout.pagesOf(range);
            ensure(
                    EntryLayout.pagesOf(range) > 0 && end <= most,
                    "entry " + index + " range",
                    "to end at page " + most + " at most",
                    end);
            ranges[count++] = range;
        }
        Arrays.sort(ranges, 0, count);
        for (int i = 1; i < count; i++) {
            long end = EntryLayout.firstPageOf(ranges[i - 1]) + EntryLayout.pagesOf(ranges[i - 1]);
            long next = EntryLayout.firstPageOf(ranges[i]);
            ensure(end <= next, "ranges", "ranges that do not overlap, one ends at page " + end, next);
        }
    }

    private void detachAll(int used) {
        for (int index = 0; index < used; index++) {
            for (int slot = 0; slot < MemberLayout.SLOTS; slot += Long.SIZE) {
                directory.setLong(EntryLayout.entryAt(index) + EntryLayout.attachedAt(slot), 0);
            }
        }
    }

    private void declareAllDead() {
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            long at = MemberLayout.slotAt(slot);
            long identity = members.getLong(at + MemberLayout.IDENTITY_AT);
            if (identity != 0) {
                members.setLongVolatile(
                        at + MemberLayout.IDENTITY_AT, (identity & ~MemberLayout.STATE_MASK) | MemberLayout.DEAD);
            }
        }
    }

    private long wordOf(int index) {
        return directory.getLongVolatile(EntryLayout.entryAt(index) + EntryLayout.WORD_AT);
    }

    private long nameHashOf(int index) {
        return directory.getLong(EntryLayout.entryAt(index) + EntryLayout.NAME_AT);
    }
}
