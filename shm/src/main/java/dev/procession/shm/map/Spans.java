package dev.procession.shm.map;

import static dev.procession.shm.map.MapLayout.FIRST_SPAN_PAGE;
import static dev.procession.shm.map.MapLayout.PAGES_AT;
import static dev.procession.shm.map.MapLayout.PAGE_BYTES;
import static dev.procession.shm.map.MapLayout.PENDING_AT;
import static dev.procession.shm.map.MapLayout.ROOT_AT;
import static dev.procession.shm.map.MapLayout.SET_ASIDE_AT;
import static dev.procession.shm.map.MapLayout.SPAN_LOCK_AT;
import static dev.procession.shm.map.MapLayout.STRIPES;
import static dev.procession.shm.map.MapLayout.firstPageOf;
import static dev.procession.shm.map.MapLayout.isEmpty;
import static dev.procession.shm.map.MapLayout.pagesOf;
import static dev.procession.shm.map.MapLayout.pending;
import static dev.procession.shm.map.MapLayout.spanAt;
import static dev.procession.shm.map.MapLayout.stripeAt;

import dev.procession.core.SpaceFullException;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.RobustLock;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Where there is room for a span: wherever no stripe's root or pending word says that one is.
 *
 * <p>So there is nothing that could be wrong after a death. A span is taken by one store of a pending word, under the
 * span lock; it becomes a root by one store, under its stripe's lock; and the one that was the root before is free from
 * that store on. Whoever looks reads a stripe's pending word before its root: a span on its way from one to the other is
 * seen in one of them.
 *
 * <p>Memory once set aside stays so until the map is closed, and goes from stripe to stripe. That is for the sake of
 * readers without a lock: one that is late reads another span's bytes, and throws them away, but never touches memory
 * that is not there.
 */
final class Spans {
    private static final long STEP_PAGES = 64;

    /** What {@link #claim} says if there is no room. */
    static final long NONE = 0;

    private final Entry entry;
    private final Cells payload;
    private final Cells heap;
    private final RobustLock lock;

    Spans(Entry entry) {
        this.entry = entry;
        this.payload = entry.payload();
        this.heap = entry.heap();
        this.lock = new RobustLock(payload, SPAN_LOCK_AT, entry.space());
    }

    long maximumBytes() {
        return heap.sizeBytes();
    }

    /**
     * Takes a span for a stripe whose lock the caller holds.
     *
     * @return its first page, or NONE if there is no room
     * @throws SpaceFullException if there is room but the machine has no memory left
     */
    long claim(int stripe, long pages) {
        if (lock.lock()) {
            lock.settle(); // it guards nothing but turns
        }
        try {
            long firstPage = findGap(pages);
            if (firstPage != NONE) {
                setAside(firstPage + pages);
                heap.setLongVolatile(stripeAt(stripe) + PENDING_AT, pending(firstPage, pages));
                // Readers that still believe in the span's last owner must find that owner's new root if they find
                // anything of ours.
                VarHandle.releaseFence();
            }
            return firstPage;
        } finally {
            lock.release();
        }
    }

    /** The lowest gap that is long enough. */
    private long findGap(long pages) {
        long[] taken = new long[2 * STRIPES];
        int count = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            long pending = heap.getLongAcquire(stripeAt(stripe) + PENDING_AT);
            long root = heap.getLongAcquire(stripeAt(stripe) + ROOT_AT);
            if (pending != 0) {
                taken[count++] = pending;
            }
            if (!isEmpty(root)) {
                taken[count++] = pending(firstPageOf(root), heap.getInt(spanAt(root) + PAGES_AT));
            }
        }
        Arrays.sort(taken, 0, count);
        long gap = FIRST_SPAN_PAGE;
        for (int i = 0; i < count; i++) {
            if (firstPageOf(taken[i]) - gap >= pages) {
                return gap;
            }
            gap = Math.max(gap, firstPageOf(taken[i]) + pagesOf(taken[i]));
        }
        return gap + pages <= maximumBytes() / PAGE_BYTES ? gap : NONE;
    }

    /** Sees that there is memory up to a page; a little more where there is enough. */
    private void setAside(long untilPage) {
        long from = payload.getLong(SET_ASIDE_AT);
        if (untilPage > from) {
            long ample = Math.min(Math.max(untilPage, from + STEP_PAGES), maximumBytes() / PAGE_BYTES);
            long until;
            try {
                entry.setAside(from * PAGE_BYTES, (ample - from) * PAGE_BYTES);
                until = ample;
            } catch (SpaceFullException full) {
                if (ample == untilPage) {
                    throw full;
                }
                entry.setAside(from * PAGE_BYTES, (untilPage - from) * PAGE_BYTES);
                until = untilPage;
            }
            payload.setLongRelease(SET_ASIDE_AT, until);
        }
    }
}
