package dev.procession.shm.engine;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What one space says for the {@link WaitForGraph}: who is blocked there, for what, and who holds it. */
final class SpaceWaits {
    /** The JVM gives it that name, and no id that one could tell. */
    private static final String MAIN_THREAD = "main";

    private final Members members;
    private final Directory directory;
    private final BlockedThreads blocked;
    private final IntFunction<PrimitiveKind> kinds;
    private final Labels labels;

    SpaceWaits(
            Members members,
            Directory directory,
            BlockedThreads blocked,
            IntFunction<PrimitiveKind> kinds,
            Labels labels) {
        this.members = members;
        this.directory = directory;
        this.blocked = blocked;
        this.kinds = kinds;
        this.labels = labels;
    }

    BlockedThreads blocked() {
        return blocked;
    }

    /** All that hold a primitive; nobody if it is free or gone, or it is not known who holds it. */
    List<Holder> holdersOf(Awaited awaited) {
        PrimitiveKind kind = kindOf(awaited);
        return kind == null ? List.of() : kind.holders(directory.payloadOf(awaited.index(), kind.label()));
    }

    /** Whether a wait may end though nobody does anything. */
    boolean endsWithTime(Awaited awaited) {
        if (awaited.isEndOfProcess()) {
            return false;
        }
        PrimitiveKind kind = kindOf(awaited);
        return kind == null || kind.changesWithTime(directory.payloadOf(awaited.index(), kind.label()));
    }

    /** The kind of a primitive; null if that is gone. */
    private @Nullable PrimitiveKind kindOf(Awaited awaited) {
        int index = awaited.index();
        if (index < 0 || index >= directory.used()) {
            return null;
        }
        long word = directory.wordOf(index);
        boolean live =
                EntryLayout.stateOf(word) == EntryLayout.LIVE && EntryLayout.generationOf(word) == awaited.generation();
        return live ? kinds.apply(EntryLayout.kindOf(word)) : null;
    }

    /** The packed identity of a holder's process; 0 if that is dead. */
    long processOf(Holder holder) {
        return members.processOf(holder.member());
    }

    /** The endless wait of a thread that holds something in this space, or null. */
    @Nullable
    BlockedThread waitOf(Holder holder) {
        return blocked.findEndless(holder);
    }

    /** The endless wait of a thread that holds something in another space, or null. */
    @Nullable
    BlockedThread waitOf(long process, long thread) {
        return blocked.findEndless(members, process, thread);
    }

    /** The endless wait of a process's main thread, or null. */
    @Nullable
    BlockedThread waitOfMain(long process) {
        int member = members.memberOf(process);
        return member == 0 ? null : blocked.findEndless(member, MAIN_THREAD);
    }

    /** The members that live, by stamp. */
    List<Integer> living() {
        return members.living();
    }

    boolean isDead(BlockedThread thread) {
        return members.isDead(thread.member());
    }

    long pidOf(int member) {
        return members.pidOf(member);
    }

    // ---- in words

    /** Such as {@code buyer-3}. */
    String processName(BlockedThread thread) {
        return members.processName(thread.member());
    }

    long pidOf(BlockedThread thread) {
        return members.pidOf(thread.member());
    }

    String threadName(BlockedThread thread) {
        return blocked.threadName(thread);
    }

    /** The line of the program that waits; may be empty. */
    String frame(BlockedThread thread) {
        return blocked.frame(thread);
    }

    /** Whether the thread needs no name, as that of its process says it. */
    boolean isMain(BlockedThread thread) {
        return threadName(thread).equals(MAIN_THREAD);
    }

    /** What a primitive is called. */
    String label(Awaited awaited) {
        return labels.of(awaited.index());
    }
}
