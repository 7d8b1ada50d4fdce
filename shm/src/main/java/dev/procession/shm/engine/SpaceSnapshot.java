package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.CREATED_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.HEADER_BYTES;
import static dev.procession.shm.engine.SpaceLayout.LIMIT_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;
import static dev.procession.shm.engine.SpaceLayout.NAMES_AT;
import static dev.procession.shm.engine.SpaceLayout.ROOT_AT;

import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a space file says at one moment, read by somebody who does not become a member: it maps nothing, changes nothing
 * and believes nothing, so it may be taken of a file that is damaged.
 *
 * @param root packed identity of the process that made the space, or 0
 * @param creator the main class of that process
 * @param createdMillis when, in milliseconds since 1970
 * @param limitBytes how much memory it may take, or 0
 * @param memoryBytes how much memory it takes
 * @param members the processes that use it, alive and dead
 * @param primitives numbers of the kinds of all that live in it, named or not
 * @param named those that have names
 */
public record SpaceSnapshot(
        long root,
        String creator,
        long createdMillis,
        long limitBytes,
        long memoryBytes,
        List<ProcessIdentity> members,
        List<Integer> primitives,
        List<NamedEntry> named) {

    /**
     * Reads a space.
     *
     * @param path its file
     * @return what is in it
     * @throws IllegalStateException if it is no space, of another version, or from elsewhere
     * @throws IOException if it cannot be read
     */
    public static SpaceSnapshot of(Path path) throws IOException {
        try (SharedFile file = SharedFile.openPrivate(path)) {
            SpaceHeader.checkSize(file.sizeBytes(), file.path());
            Cells header = copyOf(file, 0, HEADER_BYTES);
            SpaceHeader.checkLayout(header, file.path());
            UUID id = SpaceHeader.id(header);
            SpaceHeader.check(header, new SpaceAddress(file.path(), 0, id));
            return read(file, header);
        }
    }

    private static SpaceSnapshot read(SharedFile file, Cells header) throws IOException {
        int setAside = Math.clamp(header.getInt(ENTRIES_SET_ASIDE_AT), 0, EntryLayout.ENTRIES);
        Cells entries = copyOf(file, DIRECTORY_AT, setAside * EntryLayout.ENTRY_BYTES);
        Directory directory = new Directory(header, entries, file);
        int used = Math.min(directory.used(), setAside);
        Cells names = copyOf(file, NAMES_AT, used * NameLayout.RECORD_BYTES);
        List<Integer> primitives = new ArrayList<>();
        for (int index = 0; index < used; index++) {
            if (EntryLayout.stateOf(directory.wordOf(index)) == EntryLayout.LIVE) {
                primitives.add(EntryLayout.kindOf(directory.wordOf(index)));
            }
        }
        return new SpaceSnapshot(
                header.getLong(ROOT_AT),
                SpaceHeader.creator(header),
                header.getLong(CREATED_AT),
                header.getLong(LIMIT_AT),
                file.memoryBytes(),
                members(copyOf(file, MEMBERS_AT, MEMBERS_BYTES)),
                List.copyOf(primitives),
                new Names(names, directory).all(used));
    }

    private static List<ProcessIdentity> members(Cells table) {
        List<ProcessIdentity> members = new ArrayList<>();
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            long identity = table.getLong(MemberLayout.slotAt(slot) + MemberLayout.IDENTITY_AT);
            ProcessIdentity member = ProcessIdentity.unpack(identity);
            if (member != null && !hasLeft(identity, member)) {
                members.add(member);
            }
        }
        return List.copyOf(members);
    }

    /** A member that has left in order is marked dead, though its process lives, until somebody buries it. */
    private static boolean hasLeft(long identity, ProcessIdentity member) {
        return (identity & MemberLayout.STATE_MASK) == MemberLayout.DEAD && member.isAlive();
    }

    /** A copy that can be had without touching memory that may not be there; zeros behind the file's end. */
    static Cells copyOf(SharedFile file, long offset, long lengthBytes) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(lengthBytes)];
        int _ = file.read(offset, bytes);
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(lengthBytes, Long.BYTES), Long.BYTES);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new Cells(copy, file.path());
    }
}
