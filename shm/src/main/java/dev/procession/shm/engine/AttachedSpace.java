package dev.procession.shm.engine;

import static dev.procession.shm.engine.EntryLayout.PAYLOAD_BYTES;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_AT;
import static dev.procession.shm.engine.SpaceLayout.BLOCKED_BYTES;
import static dev.procession.shm.engine.SpaceLayout.DEADLOCK_POLICY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIRECTORY_BYTES;
import static dev.procession.shm.engine.SpaceLayout.HEADER_BYTES;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;
import static dev.procession.shm.engine.SpaceLayout.NAMES_AT;
import static dev.procession.shm.engine.SpaceLayout.NAMES_BYTES;
import static dev.procession.shm.engine.SpaceLayout.NAMING_LOCK_AT;
import static dev.procession.shm.engine.SpaceLayout.PAGE_BYTES;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_AT;
import static dev.procession.shm.engine.SpaceLayout.WAITERS_BYTES;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.os.Mapping;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A space as one member sees it: the file, mapped; the member's place in it; and the primitives it has attached to.
 *
 * <pre>
 *   SharedLock, SharedQueue ...   each holds an Entry
 *        |
 *   AttachedSpace ---- Members (who else is here?)  ---- Keeper (who has died?) ---- Burial
 *        |        |\-- Directory (what is where)  ------- AllocationLock
 *        |        |\-- Names, Naming
 *        |        |\-- Waiters (who is in line)
 *        |        \--- Deadlocks (who is blocked)
 *   Cells  ---- every load and store
 *        |
 *   SharedFile
 * </pre>
 *
 * <p>Thread-safe. Lock order: this object's monitor, then the repair lock, then the allocation lock; nothing waits for a
 * lock of a primitive while it holds one of these.
 */
public final class AttachedSpace implements AutoCloseable {
    private final SpaceAddress address;
    private final SharedFile file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final Members members;
    private final Directory directory;
    private final Waiters waiters;
    private final Deadlocks deadlocks;
    private final int stamp;
    private final AllocationLock allocationLock;
    private final Burial burial;
    private final Names names;
    private final Naming naming;

    // Guarded by this.
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final StandIns standIns = new StandIns();
    private boolean left;

    AttachedSpace(SpaceAddress address, SharedFile file, IntFunction<PrimitiveKind> kinds, Start start) {
        this.address = address;
        this.file = file;
        boolean joined = false;
        try {
            this.memory = file.map(0, HEAP_AT, arena);
            Cells header = new Cells(memory.asSlice(0, HEADER_BYTES), this);
            start.prepare(header);
            this.members = new Members(new Cells(memory.asSlice(MEMBERS_AT, MEMBERS_BYTES), this));
            this.directory =
                    new Directory(header, new Cells(memory.asSlice(DIRECTORY_AT, DIRECTORY_BYTES), this), file);
            this.stamp = members.join(ProcessIdentity.current());
            this.waiters = new Waiters(
                    header, new Cells(memory.asSlice(WAITERS_AT, WAITERS_BYTES), this), stamp, this::extendWaiters);
            this.allocationLock = new AllocationLock(header, this, members);
            this.burial = new Burial(this, header, allocationLock, kinds);
            this.names = new Names(new Cells(memory.asSlice(NAMES_AT, NAMES_BYTES), this), directory);
            this.deadlocks = new Deadlocks(
                    this,
                    DeadlockPolicy.of(header.getInt(DEADLOCK_POLICY_AT)),
                    new BlockedThreads(
                            header,
                            new Cells(memory.asSlice(BLOCKED_AT, BLOCKED_BYTES), this),
                            stamp,
                            this::extendBlocked),
                    kinds);
            this.naming = new Naming(names, directory, new RobustLock(header, NAMING_LOCK_AT, this));
            joined = true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            if (!joined) {
                arena.close();
                file.close();
            }
        }
    }

    /** What is done to the header before anything else: written, or checked. */
    interface Start {
        void prepare(Cells header);
    }

    /**
     * Makes a space in memory, with this JVM as its root and first member. Nothing of it can be left behind: the kernel
     * frees it with the last process that has it mapped.
     *
     * @param kinds what may live in it, by number
     * @return the space
     * @throws UncheckedIOException if there is no memory for it
     */
    public static AttachedSpace create(IntFunction<PrimitiveKind> kinds) {
        return AnonymousSpaces.create(kinds);
    }

    /**
     * Attaches to a space as another member.
     *
     * @param address where it is
     * @param kinds what may live in it, by number
     * @return the space
     * @throws SpaceGoneException if it has ended
     * @throws IllegalStateException if what is there is not a space this JVM can work with
     */
    public static AttachedSpace attach(SpaceAddress address, IntFunction<PrimitiveKind> kinds) {
        return address.root() == 0 ? SpaceOpening.open(address, kinds) : AnonymousSpaces.attach(address, kinds);
    }

    /**
     * Opens the space of a name, as another member, and makes it if it is not there.
     *
     * @param folder the user's folder, opened
     * @param name the space's name
     * @param terms what it is made with
     * @param kinds what may live in it, by number
     * @return the space
     * @throws IllegalArgumentException if the name is malformed, or the space was made with other terms
     * @throws IllegalStateException if what is there is not a space this JVM can work with
     * @throws dev.procession.core.SpaceFullException if there is no room for it
     */
    public static AttachedSpace openOrCreate(
            SpaceFolder folder, String name, SpaceTerms terms, IntFunction<PrimitiveKind> kinds) {
        return SpaceOpening.openOrCreate(folder, name, terms, kinds);
    }

    /**
     * Where other processes find the space.
     *
     * @return its address
     */
    public SpaceAddress address() {
        return address;
    }

    /**
     * This member's stamp, which marks what it owns.
     *
     * @return the stamp, never 0
     */
    public int stamp() {
        return stamp;
    }

    /**
     * Tells whether a member is known to be dead: nothing it did can come any more, and what it held may be repaired.
     * Cheap, and never waits.
     *
     * @param member the member's stamp
     * @return true if so
     */
    public boolean isDead(int member) {
        return members.isDead(member);
    }

    /**
     * Who a stamp belongs to, for messages.
     *
     * @param member the member's stamp
     * @return such as {@code pid=4711}, or what is known of one that is gone
     */
    public String describe(int member) {
        return members.describe(member);
    }

    Members members() {
        return members;
    }

    Directory directory() {
        return directory;
    }

    Names names() {
        return names;
    }

    Waiters waiters() {
        return waiters;
    }

    /**
     * What looks for deadlocks among the threads of all members.
     *
     * @return it
     */
    public Deadlocks deadlocks() {
        return deadlocks;
    }

    /** For the repair of a primitive, which is not told its entry's generation. */
    int generationOf(int index) {
        return EntryLayout.generationOf(directory.wordOf(index));
    }

    private int extendWaiters(int used) {
        return allocationLock.hold(() -> directory.extendWaiters(used));
    }

    private int extendBlocked(int used) {
        return allocationLock.hold(() -> directory.extendBlocked(used));
    }

    private int slot() {
        return Stamp.slotOf(stamp);
    }

    // ---- names ----

    /**
     * The live primitive that has a name.
     *
     * @param name the name
     * @return what is known of it, or null if there is none
     */
    public @Nullable NamedEntry find(String name) {
        return names.find(name);
    }

    /**
     * What gives a primitive its name, to be done with it before anything else while it is being made: a primitive and
     * its name come to life by one store.
     *
     * @param name the name
     * @param declaration what it is made as beyond its kind
     * @return the first step of its initialization
     */
    public Consumer<Entry> naming(String name, String declaration) {
        return naming.as(name, declaration);
    }

    /**
     * Does something while nobody else, in no process, names anything in this space. Waits for others to finish theirs;
     * a death among them ends that wait too. What is done must not wait for anything.
     *
     * @param action looks for a name, and makes what has it if there is none
     */
    public void underNamingLock(Runnable action) {
        naming.underLock(action);
    }

    // ---- primitives ----

    /**
     * Makes a primitive. It does not exist for anybody else until it is complete; if this JVM dies before, or the
     * initialization fails, nothing is left of it.
     *
     * @param kind its kind
     * @param heapBytes how much memory it needs besides its payload; 0 for none
     * @param initialize fills payload and range, which hold zeros
     * @param wrap makes the object that stands for it here
     * @param <T> the type of that object
     * @return the object
     * @throws dev.procession.core.SpaceFullException if there is no room
     */
    public <T> T create(PrimitiveKind kind, long heapBytes, Consumer<Entry> initialize, Function<Entry, T> wrap) {
        return create(kind, heapBytes, heapBytes, initialize, wrap);
    }

    /**
     * Makes a primitive that may need more memory later: its range is long, but only the beginning has memory, and no
     * more may be touched before {@link Entry#setAside}.
     *
     * @param kind its kind
     * @param heapBytes how long the range is
     * @param setAsideBytes how much of it has memory at first
     * @param initialize fills payload and range, which hold zeros
     * @param wrap makes the object that stands for it here
     * @param <T> the type of that object
     * @return the object
     * @throws dev.procession.core.SpaceFullException if there is no room
     */
    public synchronized <T> T create(
            PrimitiveKind kind,
            long heapBytes,
            long setAsideBytes,
            Consumer<Entry> initialize,
            Function<Entry, T> wrap) {
        ensureNotLeft();
        int index = allocationLock.hold(() -> directory.claim(kind.number(), stamp, heapBytes, setAsideBytes));
        Entry entry = null;
        boolean published = false;
        try {
            entry = new Entry(this, kind, index, EntryLayout.generationOf(directory.wordOf(index)));
            initialize.accept(entry);
            directory.setAttached(index, slot());
            directory.publish(index);
            published = true;
            entries.put(index, entry);
            return standFor(entry, wrap.apply(entry));
        } finally {
            if (!published && entry != null) {
                entry.endViews();
            }
            if (!published && !CrashPoints.isDead()) {
                directory.clearAttached(index, slot());
                allocationLock.hold(() -> {
                    directory.free(index);
                    return index;
                });
            }
        }
    }

    /**
     * The object that stands here for a primitive that some member made: always the same one, as long as it is reachable.
     *
     * @param kind its kind
     * @param index its entry
     * @param generation of the entry
     * @param wrap makes the object
     * @param <T> the type of that object
     * @return the object
     * @throws SpaceGoneException if the primitive was closed
     */
    @SuppressWarnings("unchecked") // one kind has one type
    public synchronized <T> T resolve(PrimitiveKind kind, int index, int generation, Function<Entry, T> wrap) {
        ensureNotLeft();
        letGoOfClosed();
        Entry entry = entries.get(index);
        if (entry == null) {
            entry = attach(kind, index, generation);
            entries.put(index, entry);
        } else if (entry.generation() != generation || entry.kind().number() != kind.number()) {
            throw closed(kind, index);
        }
        Object primitive = standIns.usualOf(entry);
        return primitive != null ? (T) primitive : standFor(entry, wrap.apply(entry));
    }

    private <T> T standFor(Entry entry, T primitive) {
        standIns.addUsual(entry, primitive);
        return primitive;
    }

    /**
     * An object of its own that stands here for a primitive, beside those there may be already.
     *
     * @param kind its kind
     * @param index its entry
     * @param generation of the entry
     * @param usual makes the object that stands for it usually
     * @param wrap makes this one
     * @param <T> the type of this one
     * @return the object
     * @throws SpaceGoneException if the primitive was closed
     */
    public synchronized <T> T resolveApart(
            PrimitiveKind kind, int index, int generation, Function<Entry, ?> usual, Function<Entry, T> wrap) {
        var _ = resolve(kind, index, generation, usual);
        Entry entry = Objects.requireNonNull(entries.get(index));
        T apart = wrap.apply(entry);
        standIns.addApart(entry, apart);
        return apart;
    }

    private Entry attach(PrimitiveKind kind, int index, int generation) {
        if (index < 0 || index >= directory.used()) {
            throw closed(kind, index);
        }
        // First our bit, then the look at the state: whoever gives the entry back looks in the other order.
        directory.setAttached(index, slot());
        if (!directory.isLive(index, generation) || EntryLayout.kindOf(directory.wordOf(index)) != kind.number()) {
            directory.clearAttached(index, slot());
            reclaim(index);
            throw closed(kind, index);
        }
        return new Entry(this, kind, index, generation);
    }

    private SpaceGoneException closed(PrimitiveKind kind, int index) {
        return new SpaceGoneException(kind.label() + " " + address.shortId() + "/" + index + " was closed");
    }

    boolean isOpen(Entry entry) {
        return !entry.isEnded() && directory.isLive(entry.index(), entry.generation());
    }

    synchronized void setAside(Entry entry, long offset, long lengthBytes) {
        entry.ensureNotEnded();
        directory.setAsideIn(entry.index(), offset, lengthBytes);
    }

    synchronized void giveBack(Entry entry, long offset, long lengthBytes) {
        entry.ensureNotEnded();
        directory.giveBackIn(entry.index(), offset, lengthBytes);
    }

    synchronized void close(Entry entry) {
        if (entry.isEnded()) {
            return;
        }
        boolean first = directory.close(entry.index(), entry.generation());
        if (first) {
            entry.kind().close(entry.payload());
        }
        letGo(entry);
        if (first) {
            ringAttached(entry.index());
        }
    }

    private void ringAttached(int index) {
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            if (directory.isAttached(index, slot)) {
                members.ring(slot);
            }
        }
    }

    /**
     * Closes all primitives of a kind that depend on something which is closed itself, whether or not this member is
     * attached to them.
     *
     * @param kind their kind
     * @param which tells by its payload whether one is meant
     */
    public synchronized void closeAll(PrimitiveKind kind, Predicate<Cells> which) {
        ensureNotLeft();
        int used = directory.used();
        for (int index = 0; index < used; index++) {
            if (closeIf(index, kind, which)) {
                letGoOfClosed();
                ringAttached(index);
                reclaim(index);
            }
        }
    }

    /** Under the allocation lock, so that what was just closed is not given back before it was told so. */
    private boolean closeIf(int index, PrimitiveKind kind, Predicate<Cells> which) {
        return allocationLock.hold(() -> {
                    long word = directory.wordOf(index);
                    Cells payload = payloadOf(index, kind);
                    if (EntryLayout.stateOf(word) != EntryLayout.LIVE
                            || EntryLayout.kindOf(word) != kind.number()
                            || !which.test(payload)
                            || !directory.close(index, EntryLayout.generationOf(word))) {
                        return 0;
                    }
                    kind.close(payload);
                    return 1;
                })
                == 1;
    }

    /** A payload that this member may not be attached to: to be touched under the allocation lock, or while it is live. */
    Cells payloadOf(int index, PrimitiveKind kind) {
        return directory.payloadOf(index, Entry.describe(address, kind, index));
    }

    /** Ends this member's attachment. */
    private void letGo(Entry entry) {
        if (entry.isEnded()) {
            return;
        }
        entry.endViews();
        entries.remove(entry.index(), entry);
        standIns.forget(entry);
        directory.clearAttached(entry.index(), slot());
        reclaim(entry.index());
    }

    /** Gives a closed entry back if this member was the last to let go; if the lock is busy, a keeper's round does it. */
    private void reclaim(int index) {
        boolean _ = allocationLock.tryHold(() -> directory.reclaim(index));
    }

    Cells viewPayload(int index, Arena life, Object owner) {
        return new Cells(Mapping.view(memory, DIRECTORY_AT + Directory.payloadAt(index), PAYLOAD_BYTES, life), owner);
    }

    boolean hasHeap(int index) {
        return directory.rangeOf(index) != 0;
    }

    Cells mapHeapOf(int index, Arena life, Object owner) {
        long range = directory.rangeOf(index);
        try {
            return new Cells(
                    file.map(
                            HEAP_AT + EntryLayout.firstPageOf(range) * PAGE_BYTES,
                            EntryLayout.pagesOf(range) * PAGE_BYTES,
                            life),
                    owner);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    // ---- called by the keeper ----

    /** Lets go of primitives that others have closed, and of those that nothing here refers to any more. */
    synchronized void letGoOfClosed() {
        if (left) {
            return;
        }
        for (Entry entry : List.copyOf(entries.values())) {
            if (!directory.isLive(entry.index(), entry.generation())) {
                entry.kind().close(entry.payload()); // in case the closer died before it told
                letGo(entry);
            }
        }
    }

    synchronized void letGoOfUnreachable() {
        standIns.forEachUnheld(entry -> {
            if (!left) {
                letGo(entry);
            }
        });
    }

    /** Gives back what is closed and was busy when its last member let go. */
    void reclaimLeftovers() {
        int used = directory.used();
        for (int index = 0; index < used; index++) {
            if (EntryLayout.stateOf(directory.wordOf(index)) == EntryLayout.CLOSED) {
                reclaim(index);
            }
        }
    }

    /** Buries a dead member; see {@link Burial}. */
    boolean bury(int slot, ProcessIdentity dead) {
        return burial.of(slot, dead);
    }

    private void ensureNotLeft() {
        if (left) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    /** Gives up a space that nobody else has seen. */
    void discard() {
        arena.close();
        file.close();
    }

    /**
     * Whether the space was removed from under its members, by other means than ours: a newcomer does not find it.
     *
     * @return true if so
     */
    public boolean isRemoved() {
        try {
            return address.root() == 0 && file.isUnlinked();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * How much memory the space may take.
     *
     * @return the limit in bytes, or 0 if there is none
     */
    public long limitBytes() {
        return directory.limitBytes();
    }

    /**
     * Leaves the space: what this member still holds is given up as if it had died, and everything is unmapped. Threads
     * that still use a primitive of it get an {@link IllegalStateException}. The burial is left to the others, or to
     * whoever comes next: a member cannot hold the locks for its own, since those of a dead member are anybody's.
     */
    @Override
    public void close() {
        Keeper.dismiss(this);
        synchronized (this) {
            if (left) {
                return;
            }
            left = true;
            for (Entry entry : new ArrayList<>(entries.values())) {
                letGo(entry);
            }
        }
        members.markDead(slot(), ProcessIdentity.current());
        members.ringOthers(slot());
        arena.close();
        file.close();
    }

    /** For tests. */
    String describeLocks() {
        return burial.describeLocks();
    }

    /** Unmaps everything without a store: what is left to do of a member that others have buried. For tests. */
    synchronized void abandon() {
        left = true;
        entries.values().forEach(Entry::endViews);
        arena.close();
        file.close();
    }

    /** Such as {@code space 3f2a91bc}. */
    @Override
    public String toString() {
        return "space " + address.shortId();
    }
}
