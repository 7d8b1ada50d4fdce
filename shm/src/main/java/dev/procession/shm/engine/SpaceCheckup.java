package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.BLOCKED_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.DEADLOCK_POLICY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_SET_ASIDE_AT;
import static dev.procession.shm.engine.SpaceLayout.ENTRIES_USED_AT;
import static dev.procession.shm.engine.SpaceLayout.HEADER_BYTES;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;
import static dev.procession.shm.engine.SpaceLayout.NAMES_AT;
import static dev.procession.shm.engine.SpaceLayout.PAGE_BYTES;
import static dev.procession.shm.engine.SpaceLayout.ROOT_AT;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import dev.procession.shm.engine.WaitForGraph.Node;
import dev.procession.shm.os.OpenFiles;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who holds what and who waits for whom in a space, read by somebody who does not become a member: like {@link
 * SpaceSnapshot} from copies, changing nothing and believing nothing.
 */
public final class SpaceCheckup {
    /** The {@link Waiting#target} of who waits for the end of a process. */
    public static final int NO_ENTRY = Awaited.NO_ENTRY;

    private final SharedFile file;
    private final IntFunction<PrimitiveKind> kinds;
    private final DeadlockPolicy policy;
    private final Members members;
    private final Directory directory;
    private final BlockedThreads blocked;
    private final Labels labels;
    private final String shortId;
    private final @Nullable ProcessIdentity root;

    private SpaceCheckup(SharedFile file, Sort sort, Cells header, IntFunction<PrimitiveKind> kinds)
            throws IOException {
        this.file = file;
        this.kinds = kinds;
        this.shortId = new SpaceAddress(file.path(), 0, SpaceHeader.id(header)).shortId();
        this.root = sort == Sort.NAMED ? null : ProcessIdentity.unpack(header.getLong(ROOT_AT));
        int policyCode = header.getInt(DEADLOCK_POLICY_AT);
        this.policy = DeadlockPolicy.isCode(policyCode) ? DeadlockPolicy.of(policyCode) : DeadlockPolicy.THROW;
        int entries = ensureWithin(header, ENTRIES_USED_AT, ENTRIES_SET_ASIDE_AT, EntryLayout.ENTRIES);
        int records = ensureWithin(header, BLOCKED_USED_AT, BLOCKED_SET_ASIDE_AT, BlockedLayout.RECORDS);
        // First who waits, then who holds: as a search in the space itself reads them.
        Cells waits = SpaceSnapshot.copyOf(file, BLOCKED_AT, records * BlockedLayout.RECORD_BYTES);
        this.blocked = new BlockedThreads(header, waits, /* mine= */ 0, used -> used);
        this.directory = new Directory(
                header, SpaceSnapshot.copyOf(file, DIRECTORY_AT, entries * EntryLayout.ENTRY_BYTES), file);
        this.members = new Members(SpaceSnapshot.copyOf(file, MEMBERS_AT, MEMBERS_BYTES));
        this.labels = new Labels(
                directory,
                new Names(SpaceSnapshot.copyOf(file, NAMES_AT, entries * NameLayout.RECORD_BYTES), directory),
                kinds,
                shortId);
    }

    /** In our copy of the header, a table never reaches further than we have copied it. */
    private static int ensureWithin(Cells header, long usedAt, long setAsideAt, int most) {
        int used = Math.clamp(header.getInt(usedAt), 0, Math.clamp(header.getInt(setAsideAt), 0, most));
        header.setInt(usedAt, used);
        return used;
    }

    /**
     * Looks at a named space, twice if it finds threads that wait in a circle: what both looks saw was one.
     *
     * @param path its file
     * @param kinds what may live in it, by number
     * @return what was seen
     * @throws IllegalStateException if it is no space, of another version, or from elsewhere
     * @throws IOException if it cannot be read
     */
    public static Findings of(Path path, IntFunction<PrimitiveKind> kinds) throws IOException {
        try (SharedFile file = SharedFile.openPrivate(path)) {
            return of(file, Sort.NAMED, kinds);
        }
    }

    /**
     * The same of a space without a name. There a family that stands still is told of too.
     *
     * @param descriptor leads to it through a member, as {@link OpenFiles#labelled} gives it
     * @param kinds what may live in it, by number
     * @return what was seen
     * @throws IllegalStateException if it is no space, of another version, or from elsewhere
     * @throws IOException if it cannot be read, or the member has left
     */
    public static Findings ofAnonymous(Path descriptor, IntFunction<PrimitiveKind> kinds) throws IOException {
        try (SharedFile file = SharedFile.openThrough(descriptor)) {
            return of(file, Sort.ANONYMOUS, kinds);
        }
    }

    private enum Sort {
        NAMED,
        ANONYMOUS
    }

    private static Findings of(SharedFile file, Sort sort, IntFunction<PrimitiveKind> kinds) throws IOException {
        SpaceCheckup checkup = look(file, sort, kinds);
        Map<List<BlockedThread>, String> deadlocks = checkup.deadlocks();
        if (!deadlocks.isEmpty()) {
            checkup = look(file, sort, kinds);
            Map<List<BlockedThread>, String> again = checkup.deadlocks();
            deadlocks.keySet().retainAll(again.keySet());
        }
        return checkup.findings(List.copyOf(deadlocks.values()));
    }

    private static SpaceCheckup look(SharedFile file, Sort sort, IntFunction<PrimitiveKind> kinds) throws IOException {
        SpaceHeader.checkSize(file.sizeBytes(), file.path());
        Cells header = SpaceSnapshot.copyOf(file, 0, HEADER_BYTES);
        SpaceHeader.checkLayout(header, file.path());
        UUID id = SpaceHeader.id(header);
        SpaceHeader.check(header, new SpaceAddress(file.path(), 0, id));
        return new SpaceCheckup(file, sort, header, kinds);
    }

    /** Each cycle once, beginning with the wait that closed it; and all waits, if the whole family waits. */
    private Map<List<BlockedThread>, String> deadlocks() {
        SpaceWaits waits = new SpaceWaits(members, directory, blocked, kinds, labels);
        WaitForGraph graph = new WaitForGraph(waits, List::of);
        Map<List<BlockedThread>, String> deadlocks = new LinkedHashMap<>();
        for (BlockedThread thread : blocked.all()) {
            Cycle cycle = thread.isEndless() ? graph.glimpseOf(thread.record()) : null;
            if (cycle != null && cycle.victim().thread().equals(thread)) {
                deadlocks.put(cycle.waits().stream().map(Node::thread).toList(), DeadlockText.of(cycle));
            }
        }
        if (root != null) {
            List<BlockedThread> still = new Standstill(waits, /* mine= */ 0, root).all();
            if (!still.isEmpty()) {
                deadlocks.put(still, DeadlockText.of(waits, still));
            }
        }
        return deadlocks;
    }

    private Findings findings(List<String> deadlocks) throws IOException {
        List<Primitive> primitives = new ArrayList<>();
        for (int index = 0; index < directory.used(); index++) {
            long word = directory.wordOf(index);
            if (EntryLayout.stateOf(word) == EntryLayout.LIVE) {
                primitives.add(new Primitive(
                        index,
                        EntryLayout.kindOf(word),
                        labels.of(index),
                        directory.payloadOf(index, "a copy"),
                        heapOf(index)));
            }
        }
        return new Findings(shortId, policy, seenMembers(), primitives, waits(), deadlocks);
    }

    /** The first page of the primitive's range, or null if it has none. */
    private @Nullable Cells heapOf(int index) throws IOException {
        long range = directory.rangeOf(index);
        return range == 0
                ? null
                : SpaceSnapshot.copyOf(file, HEAP_AT + EntryLayout.firstPageOf(range) * PAGE_BYTES, PAGE_BYTES);
    }

    private List<Member> seenMembers() {
        List<Member> seen = new ArrayList<>();
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            ProcessIdentity identity = members.identityOf(slot);
            if (identity != null && !(members.isMarkedDead(slot) && identity.isAlive())) {
                seen.add(new Member(members.stampOf(slot), identity.pid(), members.nameOf(slot), identity.isAlive()));
            }
        }
        return seen;
    }

    private List<Waiting> waits() {
        long now = System.nanoTime();
        return blocked.all().stream()
                .filter(thread -> !members.isDead(thread.member()))
                .map(thread -> new Waiting(
                        thread.awaited().index(),
                        members.pidOf(thread.member()),
                        members.processName(thread.member()),
                        blocked.threadName(thread),
                        blocked.frame(thread),
                        Math.max(0, now - thread.sinceNanoTime()),
                        thread.isEndless()))
                .toList();
    }

    /**
     * What was seen.
     *
     * @param shortId what stands for the space in labels of what has no name
     * @param policy what is done about deadlocks in the space
     * @param members the processes that use it, alive, or dead and not buried yet
     * @param primitives all that live in it
     * @param waits the threads that block for one of them
     * @param deadlocks circles of them, in words
     */
    public record Findings(
            String shortId,
            DeadlockPolicy policy,
            List<Member> members,
            List<Primitive> primitives,
            List<Waiting> waits,
            List<String> deadlocks) {}

    /**
     * A process that uses the space.
     *
     * @param stamp as which it does
     * @param pid its number
     * @param name what it is called; may be empty
     * @param alive whether it lives
     */
    public record Member(int stamp, long pid, String name, boolean alive) {}

    /**
     * A primitive.
     *
     * @param index its entry
     * @param kind the number of its kind
     * @param label its name, or what stands for it
     * @param payload a copy of its payload
     * @param heap a copy of the first page of its range, or null if it has none
     */
    public record Primitive(
            int index,
            int kind,
            String label,
            Cells payload,
            @Nullable Cells heap) {}

    /**
     * A thread that blocks.
     *
     * @param target the entry of what it waits for; {@link #NO_ENTRY} if that is the end of a process
     * @param pid its process
     * @param process what that is called
     * @param thread what it is called itself
     * @param frame the line of its program; may be empty
     * @param nanos for how long
     * @param endless whether it waits without a time-out
     */
    public record Waiting(
            int target, long pid, String process, String thread, String frame, long nanos, boolean endless) {}
}
