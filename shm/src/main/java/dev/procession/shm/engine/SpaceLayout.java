package dev.procession.shm.engine;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Where things are in a space file, and in its header.
 *
 * <pre>
 *   0        +-----------------------------------------------+
 *            | header                                  4 KiB |
 *   4 KiB    +-----------------------------------------------+
 *            | members: 256 slots of 128 bytes        32 KiB |   see MemberLayout
 *   1 MiB    +-----------------------------------------------+
 *            | waiters: 65536 records of 64 bytes      4 MiB |   see WaiterLayout
 *   5 MiB    +-----------------------------------------------+
 *            | blocked threads: 8192 records of 256    2 MiB |   see BlockedLayout
 *   8 MiB    +-----------------------------------------------+
 *            | directory: 65536 entries of 256 bytes  16 MiB |   see EntryLayout
 *   24 MiB   +-----------------------------------------------+
 *            | names: 65536 records of 128 bytes       8 MiB |   see NameLayout
 *   32 MiB   +-----------------------------------------------+
 *            | heap: ranges of whole pages, one an entry     |
 *            | at most                                       |
 *            +-----------------------------------------------+
 * </pre>
 *
 * <p>Everything before the heap is mapped once by each member; memory is set aside for it in steps, before use. Heap
 * ranges are mapped and unmapped one by one.
 *
 * <pre>
 *   header    0  magic                 8    version | digest of this layout
 *            16  space id            (128 bits)
 *            32  boot id             (128 bits)
 *            48  pid namespace        56    time namespace
 *            64  identity of the root process
 *           128  repair lock          (whoever buries a dead member)
 *           192  allocation lock      (whoever claims an entry or a range, or gives one back)
 *           256  entries used         (entries from here on were never claimed)
 *           260  entries set aside    (memory of entries from here on is not set aside yet)
 *           264  waiters used        268    waiters set aside
 *           272  blocked used        276    blocked set aside
 *           280  waits begun          (tickets of BlockedLayout)
 *           288  deadlock policy
 *           320  naming lock          (whoever makes a primitive with a name)
 *           384  how much memory it may take, in bytes; 0 = no limit
 *           392  when the space was made, in milliseconds since 1970
 *           400  length of the text at
 *           404  what program made it (240 bytes)
 * </pre>
 */
final class SpaceLayout {
    static final long MAGIC = 0x50524F4353484D31L; // "PROCSHM1"

    /** Counted up when the meaning of anything in a space file changes, whether or not an offset does. */
    static final int VERSION = 3;

    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long DIGEST_AT = 12;
    static final long ID_HIGH_AT = 16;
    static final long ID_LOW_AT = 24;
    static final long BOOT_HIGH_AT = 32;
    static final long BOOT_LOW_AT = 40;
    static final long PID_NAMESPACE_AT = 48;
    static final long TIME_NAMESPACE_AT = 56;
    static final long ROOT_AT = 64;
    static final long REPAIR_LOCK_AT = 128;
    static final long ALLOCATION_LOCK_AT = 192;
    static final long ENTRIES_USED_AT = 256;
    static final long ENTRIES_SET_ASIDE_AT = 260;
    static final long WAITERS_USED_AT = 264;
    static final long WAITERS_SET_ASIDE_AT = 268;
    static final long BLOCKED_USED_AT = 272;
    static final long BLOCKED_SET_ASIDE_AT = 276;
    static final long WAIT_TICKETS_AT = 280;
    static final long DEADLOCK_POLICY_AT = 288;
    static final long NAMING_LOCK_AT = 320;
    static final long LIMIT_AT = 384;
    static final long CREATED_AT = 392;
    static final long CREATOR_LENGTH_AT = 400;
    static final long CREATOR_AT = 404;
    static final int CREATOR_BYTES = 240;

    static final long PAGE_BYTES = 4096;
    static final long HEADER_BYTES = 4096;
    static final long MEMBERS_AT = 4096;
    static final long MEMBERS_BYTES = MemberLayout.SLOTS * MemberLayout.SLOT_BYTES;
    static final long WAITERS_AT = 1 << 20;
    static final long WAITERS_BYTES = WaiterLayout.RECORDS * WaiterLayout.RECORD_BYTES;
    static final long BLOCKED_AT = 5 << 20;
    static final long BLOCKED_BYTES = BlockedLayout.RECORDS * BlockedLayout.RECORD_BYTES;
    static final long DIRECTORY_AT = 8 << 20;
    static final long DIRECTORY_BYTES = EntryLayout.ENTRIES * EntryLayout.ENTRY_BYTES;
    static final long NAMES_AT = 24 << 20;
    static final long NAMES_BYTES = EntryLayout.ENTRIES * NameLayout.RECORD_BYTES;
    static final long HEAP_AT = 32 << 20;

    /** More pages than this a heap cannot have, whatever the limit. */
    static final long MOST_HEAP_PAGES = 1L << 31;

    /** As much memory as is set aside at a time for waiters and for the directory. */
    static final long STEP_BYTES = 64 << 10;

    static final int DIGEST = digest();

    private SpaceLayout() {}

    /** A checksum over every number above and in the other layouts: two builds that differ in one do not share a space. */
    private static int digest() {
        CRC32 crc = new CRC32();
        String numbers = String.join(
                " ",
                Long.toString(VERSION),
                REPAIR_LOCK_AT + "," + ALLOCATION_LOCK_AT + "," + ENTRIES_USED_AT + "," + ENTRIES_SET_ASIDE_AT,
                WAITERS_USED_AT + "," + WAITERS_SET_ASIDE_AT,
                MEMBERS_AT + "," + MEMBERS_BYTES + "," + WAITERS_AT + "," + WAITERS_BYTES,
                DIRECTORY_AT + "," + DIRECTORY_BYTES + "," + HEAP_AT,
                MemberLayout.describe(),
                EntryLayout.describe(),
                NAMING_LOCK_AT + "," + LIMIT_AT + "," + CREATED_AT + "," + CREATOR_LENGTH_AT + "," + CREATOR_AT + ","
                        + NAMES_AT,
                NameLayout.describe(),
                WaiterLayout.describe(),
                BLOCKED_USED_AT + "," + BLOCKED_SET_ASIDE_AT + "," + WAIT_TICKETS_AT + "," + DEADLOCK_POLICY_AT + ","
                        + BLOCKED_AT + "," + BLOCKED_BYTES,
                BlockedLayout.describe());
        crc.update(numbers.getBytes(StandardCharsets.US_ASCII));
        return (int) crc.getValue();
    }
}
