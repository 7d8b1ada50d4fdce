package dev.procession.shm.engine;

import java.util.List;

/** Where the fields of a space file are, for tests that damage them. */
public final class FileFields {
    public static final int VERSION = SpaceLayout.VERSION;
    public static final long VERSION_AT = SpaceLayout.VERSION_AT;
    public static final long BOOT_AT = SpaceLayout.BOOT_HIGH_AT;
    public static final long PID_NAMESPACE_AT = SpaceLayout.PID_NAMESPACE_AT;

    private FileFields() {}

    /**
     * Part of the file.
     *
     * @param lengthBytes how much of it may change
     * @param interestingBytes how much of it means anything in a file with three locks
     */
    public record Area(String name, long offset, int lengthBytes, int interestingBytes) {}

    public static List<Area> areas() {
        return List.of(
                new Area("header", 0, 4096, 648),
                new Area(
                        "members",
                        SpaceLayout.MEMBERS_AT,
                        (int) SpaceLayout.MEMBERS_BYTES,
                        3 * (int) MemberLayout.SLOT_BYTES),
                new Area("waiters", SpaceLayout.WAITERS_AT, 4096, 2 * (int) WaiterLayout.RECORD_BYTES),
                new Area("blocked", SpaceLayout.BLOCKED_AT, 4096, 2 * (int) BlockedLayout.RECORD_BYTES),
                new Area(
                        "directory",
                        SpaceLayout.DIRECTORY_AT,
                        (int) SpaceLayout.STEP_BYTES,
                        5 * (int) EntryLayout.ENTRY_BYTES),
                new Area("names", SpaceLayout.NAMES_AT, 4096, 5 * (int) NameLayout.RECORD_BYTES));
    }
}
