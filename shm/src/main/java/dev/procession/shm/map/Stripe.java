package dev.procession.shm.map;

import static dev.procession.shm.map.MapLayout.BUCKETS_AT;
import static dev.procession.shm.map.MapLayout.COUNT_AT;
import static dev.procession.shm.map.MapLayout.LOCK_AT;
import static dev.procession.shm.map.MapLayout.NEXT_AT;
import static dev.procession.shm.map.MapLayout.PAGE_BYTES;
import static dev.procession.shm.map.MapLayout.PENDING_AT;
import static dev.procession.shm.map.MapLayout.ROOT_AT;
import static dev.procession.shm.map.MapLayout.bucketAt;
import static dev.procession.shm.map.MapLayout.firstPageOf;
import static dev.procession.shm.map.MapLayout.isEmpty;
import static dev.procession.shm.map.MapLayout.recordAt;
import static dev.procession.shm.map.MapLayout.recordBytes;
import static dev.procession.shm.map.MapLayout.rootAfter;
import static dev.procession.shm.map.MapLayout.spanAt;
import static dev.procession.shm.map.MapLayout.stripeAt;
import static dev.procession.shm.map.Records.END;

import dev.procession.core.SpaceFullException;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.RobustLock.WhenInDoubt;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the map's independent hash tables: a lock for those who change it, and a root for everybody.
 *
 * <p><b>Changing</b>, under the lock. Nothing that others may be reading is ever overwritten but links. A new value is a
 * new record, and one release store of the link that led to the old one (or of the bucket) commits it; removal is one
 * store of that link too. What is not linked any more is garbage until the stripe moves.
 *
 * <p><b>Moving</b>: when the span is full, everything that is linked is copied to another one, twice as large as what is
 * copied, and one store of the root commits that. The old span is free from then on.
 *
 * <p><b>Reading</b>, without the lock: whatever is read while the root stays the same was read from a span that only
 * grows. So a reader follows a link, and reads lengths, only after it has seen that the root is still what it was; and
 * believes the bytes it has copied only after it has seen that once more. The root's generation tells a span from the
 * one that was in its place before, unless a reader sleeps through 4 billion moves of one stripe. A chain may change
 * under the reader: a record it stands on may have been removed, and still leads on to all that stayed, as links of
 * removed records are not changed any more. It may miss what came after it began, and only that.
 *
 * <p><b>A death</b> in any of these leaves the old link or the new one, the old root or the new one. The lock is in doubt
 * then; the next to acquire it {@linkplain #mend mends}: it recounts, and gives the pending span back. Source: chains with
 * removal by a locked writer and readers without locks as in "lazy" lists (Heller et al. 2005); a version read before and
 * after as in Lameter's sequence locks.
 */
final class Stripe {
    private static final long MOVED = -1;
    private static final long ABSENT = 0;

    /** So often a reader tries without the lock; each failure means that the stripe has moved once more. */
    private static final int OPTIMISM = 64;

    /** A span has at least room for so many bytes of new records, so that a map of small counters moves rarely. */
    private static final long LEAST_HEADROOM_BYTES = 2 * PAGE_BYTES;

    /** Spans of this size or less are not worth giving back. */
    private static final int SMALL_PAGES = 4;

    private static final int FEWEST_BUCKETS = 16;
    private static final int MOST_BUCKETS = 1 << 28;

    private final int number;
    private final Cells cells;
    private final Records records;
    private final Spans spans;
    private final Runnable squeezeOthers;
    private final RobustLock lock;
    private final long pendingAt;
    private final long rootAt;

    /** The thread of this JVM that runs a user's function under the lock. Only ever compared with the reader itself. */
    private @Nullable Thread computing;

    Stripe(int number, Entry entry, Spans spans, Runnable squeezeOthers) {
        this.squeezeOthers = squeezeOthers;
        this.number = number;
        this.cells = entry.heap();
        this.records = new Records(cells);
        this.spans = spans;
        this.lock = new RobustLock(cells, stripeAt(number) + LOCK_AT, entry.space());
        this.pendingAt = stripeAt(number) + PENDING_AT;
        this.rootAt = stripeAt(number) + ROOT_AT;
    }

    private long root() {
        return cells.getLongAcquire(rootAt);
    }

    /** Whether everything that was read since the root was, came from its span. */
    private boolean isStill(long root) {
        VarHandle.acquireFence();
        return cells.getLongAcquire(rootAt) == root;
    }

    // ---- reading ----

    boolean contains(Key key) {
        for (int i = 0; i < OPTIMISM; i++) {
            long record = find(root(), key);
            if (record != MOVED) {
                return record != ABSENT;
            }
        }
        lock();
        try {
            return find(root(), key) != ABSENT;
        } finally {
            lock.release();
        }
    }

    @Nullable
    Encoded read(Key key) {
        for (int i = 0; i < OPTIMISM; i++) {
            long root = root();
            long record = find(root, key);
            if (record == ABSENT) {
                return null;
            }
            if (record != MOVED) {
                int valueSize = records.valueSizeOf(record);
                if (isStill(root)) {
                    Encoded value = records.valueOf(record, key.size(), valueSize);
                    if (isStill(root)) {
                        return value;
                    }
                }
            }
        }
        lock();
        try {
            return valueAt(find(root(), key), key);
        } finally {
            lock.release();
        }
    }

    private @Nullable Encoded valueAt(long record, Key key) {
        return record == ABSENT ? null : records.valueOf(record, key.size(), records.valueSizeOf(record));
    }

    /** The place of a key's record, ABSENT, or MOVED if the root has changed meanwhile. */
    private long find(long root, Key key) {
        if (isEmpty(root)) {
            return ABSENT;
        }
        long span = spanAt(root);
        int buckets = cells.getInt(span + BUCKETS_AT);
        if (!isStill(root)) {
            return MOVED;
        }
        MemorySegment sought = key.memory();
        int link = records.linkAt(bucketAt(span, buckets, key.tag()));
        while (isStill(root)) {
            if (link == END) {
                return ABSENT;
            }
            long record = recordAt(span, link);
            link = records.linkAt(record + NEXT_AT);
            int tag = records.tagOf(record);
            int keySize = records.keySizeOf(record);
            if (tag == key.tag() && keySize == key.size() && isStill(root) && records.hasKey(record, sought)) {
                return isStill(root) ? record : MOVED;
            }
        }
        return MOVED;
    }

    /** How many bindings there are. */
    int count() {
        if (lock.isInDoubt()) {
            lock();
            lock.release();
        }
        for (; ; ) {
            long root = root();
            if (isEmpty(root)) {
                return 0;
            }
            int count = cells.getIntAcquire(spanAt(root) + COUNT_AT);
            if (isStill(root)) {
                return count;
            }
        }
    }

    /** What there is, each as it was at some time since the call. */
    List<Binding> snapshot() {
        for (int i = 0; i < OPTIMISM; i++) {
            List<Binding> all = collect(root());
            if (all != null) {
                return all;
            }
        }
        lock();
        try {
            List<Binding> all = collect(root());
            return all == null ? List.of() : all;
        } finally {
            lock.release();
        }
    }

    /** Null if the root has changed meanwhile. */
    private @Nullable List<Binding> collect(long root) {
        List<Binding> all = new ArrayList<>();
        if (isEmpty(root)) {
            return all;
        }
        long span = spanAt(root);
        int buckets = cells.getInt(span + BUCKETS_AT);
        for (int bucket = 0; isStill(root); bucket++) {
            if (bucket == buckets) {
                return all;
            }
            if (!collectChain(root, records.linkAt(bucketAt(span, buckets, bucket)), all)) {
                return null;
            }
        }
        return null;
    }

    private boolean collectChain(long root, int first, List<Binding> all) {
        int link = first;
        while (isStill(root)) {
            if (link == END) {
                return true;
            }
            long record = recordAt(spanAt(root), link);
            link = records.linkAt(record + NEXT_AT);
            int keySize = records.keySizeOf(record);
            int valueSize = records.valueSizeOf(record);
            if (isStill(root)) {
                all.add(new Binding(records.keyOf(record, keySize), records.valueOf(record, keySize, valueSize)));
            }
        }
        return false;
    }

    // ---- changing ----

    /** Acquires the lock and mends what a dead owner has left. */
    private void lock() {
        if (lock.lock()) {
            mend();
            lock.settle();
        }
    }

    /** Idempotent: needs nothing but what a death cannot tear. The lock is held. */
    private void mend() {
        long root = root();
        if (!isEmpty(root)) {
            records.recount(spanAt(root));
        }
        cells.setLongRelease(pendingAt, 0); // it has become the root, or never will
    }

    boolean isComputedBy(Thread thread) {
        return computing == thread;
    }

    /** Changes a value by a function of the user's; the result is the value before. */
    @Nullable
    Encoded compute(Key key, Change change) {
        lock();
        try {
            return change(key, old -> {
                computing = Thread.currentThread();
                try {
                    return change.of(old);
                } finally {
                    computing = null;
                }
            });
        } finally {
            lock.release();
        }
    }

    /** Changes a value; the result is the value before. */
    @Nullable
    Encoded update(Key key, Change change) {
        lock();
        try {
            return change(key, change);
        } finally {
            lock.release();
        }
    }

    private @Nullable Encoded change(Key key, Change change) {
        long link = isEmpty(root()) ? ABSENT : linkTo(root(), key);
        Encoded old = link == ABSENT || records.linkAt(link) == END ? null : valueAt(recordBehind(link), key);
        Encoded value = change.of(old);
        if (value != old) {
            boolean whole = false;
            try {
                if (value == null) {
                    unlink(link);
                } else {
                    bind(link, key, value);
                }
                whole = true;
            } finally {
                if (!whole) {
                    mend(); // an error of the JVM, such as its running out of memory
                }
            }
        }
        return old;
    }

    private long recordBehind(long link) {
        return recordAt(spanAt(root()), records.linkAt(link));
    }

    /** The cell that links to the key's record; if there is none, the cell of its bucket with END in it, or the last of its chain. */
    private long linkTo(long root, Key key) {
        long span = spanAt(root);
        MemorySegment sought = key.memory();
        long cell = bucketAt(span, records.bucketsOf(span), key.tag());
        for (int link = records.linkAt(cell); link != END; link = records.linkAt(cell)) {
            long record = recordAt(span, link);
            if (records.tagOf(record) == key.tag()
                    && records.keySizeOf(record) == key.size()
                    && records.hasKey(record, sought)) {
                break;
            }
            cell = record + NEXT_AT;
        }
        return cell;
    }

    private void unlink(long link) {
        long record = recordBehind(link);
        long span = spanAt(root());
        long bytes = records.bytesOf(record);
        records.setLink(link, records.linkAt(record + NEXT_AT));
        records.tally(span, -1, -bytes);
        if (records.pagesOf(span) > SMALL_PAGES && records.liveBytes(span) < records.capacityBytes(span) / 8) {
            moveIfThereIsRoom(0, records.count(span));
        }
    }

    private void bind(long link, Key key, Encoded value) {
        long bytes = recordBytes(key.size(), value.size());
        long cell = makeRoom(bytes) ? linkTo(root(), key) : link;
        long span = spanAt(root());
        int old = records.linkAt(cell);
        int next = old == END ? END : records.linkAt(recordAt(span, old) + NEXT_AT);
        int added = records.append(span, key, value, next);
        records.setLink(cell, added);
        if (old == END) {
            records.tally(span, 1, bytes);
        } else {
            records.tally(span, 0, bytes - records.bytesOf(recordAt(span, old)));
        }
    }

    // ---- moving ----

    /** Sees that there is room for a record; true if the stripe has moved for it. */
    private boolean makeRoom(long bytes) {
        long root = root();
        if (isEmpty(root)) {
            moveTo(bytes, 1);
            return true;
        }
        long span = spanAt(root);
        if (!records.hasRoomFor(span, bytes)) {
            moveTo(bytes, records.count(span) + 1);
            return true;
        }
        return records.count(span) >= 2 * records.bucketsOf(span)
                && moveIfThereIsRoom(bytes, 4 * records.bucketsOf(span));
    }

    private boolean moveIfThereIsRoom(long bytes, int count) {
        try {
            return move(bytes, headroom(bytes), count);
        } catch (SpaceFullException machineIsFull) {
            return false;
        }
    }

    private long headroom(long bytes) {
        return Math.max(liveBytes() + bytes, LEAST_HEADROOM_BYTES);
    }

    private long liveBytes() {
        return isEmpty(root()) ? 0 : records.liveBytes(spanAt(root()));
    }

    private void moveTo(long bytes, int count) {
        if (!moveAsFits(bytes, count)) {
            squeezeOthers.run();
            if (!moveAsFits(bytes, count)) {
                throw full(bytes);
            }
        }
    }

    /** Moves to a span with room for more, the tighter, the less there is left; false if there is none at all. */
    private boolean moveAsFits(long bytes, int count) {
        for (long headroom = headroom(bytes); headroom > 0; headroom = headroom < PAGE_BYTES ? 0 : headroom / 4) {
            try {
                if (move(bytes, headroom, count)) {
                    return true;
                }
            } catch (SpaceFullException machineIsFull) {
                // less will do
            }
        }
        return move(bytes, 0, count);
    }

    private SpaceFullException full(long bytes) {
        return new SpaceFullException(cells.owner() + " has no room: bytes=" + bytes + ", maximumBytes="
                + spans.maximumBytes()
                + "; remove what is not needed any more, or make the map with a larger maximum");
    }

    /** Copies everything to a span with room for that many bytes more; false if there is none. */
    private boolean move(long bytes, long headroom, int count) {
        long capacity = liveBytes() + bytes + headroom;
        int buckets = bucketsFor(count, liveBytes() + bytes, capacity);
        long pages = pagesFor(buckets, capacity);
        if (pages > spans.maximumBytes() / PAGE_BYTES) {
            return false;
        }
        long firstPage = spans.claim(number, pages);
        if (firstPage == Spans.NONE) {
            return false;
        }
        moveInto(firstPage, pages, buckets);
        return true;
    }

    private static long pagesFor(int buckets, long capacity) {
        return Math.ceilDiv(Records.overheadBytes(buckets) + capacity, PAGE_BYTES);
    }

    /** Moves to the span that is pending. */
    private void moveInto(long firstPage, long pages, int buckets) {
        long from = root();
        records.format(firstPage * PAGE_BYTES, pages, buckets);
        if (!isEmpty(from)) {
            records.copyAll(spanAt(from), firstPage * PAGE_BYTES);
        }
        cells.setLongVolatile(rootAt, rootAfter(from, firstPage));
        cells.setLongRelease(pendingAt, 0);
    }

    /** About as many buckets as records will fit, if they go on to be as long as those there are. */
    private static int bucketsFor(int count, long bytes, long capacity) {
        long records = bytes == 0 ? count : Math.max(count, count * (capacity / bytes));
        long buckets =
                Math.clamp(records, FEWEST_BUCKETS, Math.min(MOST_BUCKETS, Math.max(FEWEST_BUCKETS, capacity / 16)));
        return Integer.highestOneBit((int) buckets);
    }

    /** Removes everything, in one store. */
    void clear() {
        lock();
        try {
            if (!isEmpty(root())) {
                cells.setLongVolatile(rootAt, rootAfter(root(), 0));
            }
        } finally {
            lock.release();
        }
    }

    /**
     * Gives back what this stripe does not need for what it holds, and moves it to where the gaps are, if nobody is at it;
     * for another stripe that finds no room.
     */
    void squeeze() {
        if (isEmpty(root()) && !lock.isInDoubt()) {
            return;
        }
        RobustLock.Outcome outcome = lock.tryAcquire(WhenInDoubt.TAKE);
        if (!outcome.isHeld()) {
            return;
        }
        try {
            if (outcome == RobustLock.Outcome.HELD_IN_DOUBT) {
                mend();
                lock.settle();
            }
            squeezeHeld();
        } catch (SpaceFullException machineIsFull) {
            // then this one stays as it is
        } finally {
            lock.release();
        }
    }

    private void squeezeHeld() {
        long root = root();
        if (isEmpty(root)) {
            return;
        }
        long span = spanAt(root);
        int count = records.count(span);
        if (count == 0) {
            cells.setLongVolatile(rootAt, rootAfter(root, 0));
            return;
        }
        int buckets = bucketsFor(count, liveBytes(), liveBytes());
        long pages = pagesFor(buckets, liveBytes());
        long firstPage = spans.claim(number, pages);
        if (firstPage == Spans.NONE) {
            return;
        }
        if (pages < records.pagesOf(span) || firstPage < firstPageOf(root)) {
            moveInto(firstPage, pages, buckets);
        } else {
            cells.setLongRelease(pendingAt, 0);
        }
    }
}
