package dev.procession.shm.map;

/**
 * Where things are in the memory of a shared map.
 *
 * <pre>
 *   payload of the directory entry                    written under
 *     0  span lock         int                        (itself)
 *     8  set aside         long  pages                span lock     pages of the range from here on have no memory yet
 *
 *   heap range
 *     0        +----------------------------------+
 *              | 64 stripes of 128 bytes          |
 *     8 KiB    +----------------------------------+   page 2
 *              | spans of whole pages, and gaps   |   a gap is what no stripe says is its own
 *   set aside  +----------------------------------+
 *              | address space, no memory yet     |
 *   maximum    +----------------------------------+
 *
 *   stripe                                            written under
 *     0  lock              int                        (itself)
 *     8  pending           long  first page (32) | pages (32)         stripe lock; claimed under the span lock too
 *    64  root              long  first page (32) | generation (32)    stripe lock; a first page of 0: no span, empty
 *
 *   span                                              while it is a root:
 *     0  pages             int                        never written
 *     4  buckets           int   a power of two       never written
 *    64  tail              long  bytes                stripe lock   records end here
 *    72  live              long  bytes                stripe lock   of the records that are linked
 *    80  count             int                        stripe lock   of the records that are linked
 *   128  buckets           int each                   stripe lock   links
 *        records           up to the tail
 *
 *   record, at a multiple of 8 bytes
 *     0  next              int   link                 stripe lock
 *     4  tag               int   of the key's hash    never written once it was linked, nor is the rest
 *     8  key size          int   bytes
 *    12  value size        int   bytes
 *    16  key, value, padding
 * </pre>
 *
 * <p>A link is the place of a record in its span, in units of 8 bytes; 0 ends the chain. The low bits of the tag choose
 * the bucket. {@code live} and {@code count} only save looking: they can be worked out from the links.
 */
final class MapLayout {
    static final long SPAN_LOCK_AT = 0;
    static final long SET_ASIDE_AT = 8;

    static final int STRIPES = 64;
    static final long STRIPE_BYTES = 128;
    static final long LOCK_AT = 0;
    static final long PENDING_AT = 8;
    static final long ROOT_AT = 64;

    static final long PAGE_BYTES = 4096;
    static final long FIRST_SPAN_PAGE = STRIPES * STRIPE_BYTES / PAGE_BYTES;

    static final long PAGES_AT = 0;
    static final long BUCKETS_AT = 4;
    static final long TAIL_AT = 64;
    static final long LIVE_AT = 72;
    static final long COUNT_AT = 80;
    static final long SPAN_HEAD_BYTES = 128;
    static final long BUCKET_BYTES = 4;

    static final long NEXT_AT = 0;
    static final long TAG_AT = 4;
    static final long KEY_SIZE_AT = 8;
    static final long VALUE_SIZE_AT = 12;
    static final long RECORD_HEAD_BYTES = 16;
    static final long UNIT_BYTES = 8;

    /** Links reach no farther than this within a span. */
    static final long MOST_BYTES = UNIT_BYTES << 32;

    private MapLayout() {}

    static long stripeAt(int stripe) {
        return stripe * STRIPE_BYTES;
    }

    static long spanAt(long word) {
        return firstPageOf(word) * PAGE_BYTES;
    }

    static long firstPageOf(long word) {
        return word >>> 32;
    }

    static long pagesOf(long pending) {
        return pending & 0xFFFF_FFFFL;
    }

    static long pending(long firstPage, long pages) {
        return (firstPage << 32) | pages;
    }

    /** The root that comes after another. */
    static long rootAfter(long root, long firstPage) {
        return (firstPage << 32) | ((root + 1) & 0xFFFF_FFFFL);
    }

    static boolean isEmpty(long root) {
        return firstPageOf(root) == 0;
    }

    static long bucketAt(long span, int buckets, int tag) {
        return span + SPAN_HEAD_BYTES + (tag & (buckets - 1)) * BUCKET_BYTES;
    }

    static long recordsAt(int buckets) {
        return aligned(SPAN_HEAD_BYTES + buckets * BUCKET_BYTES);
    }

    static long recordAt(long span, int link) {
        return span + Integer.toUnsignedLong(link) * UNIT_BYTES;
    }

    static long recordBytes(long keyBytes, long valueBytes) {
        return aligned(RECORD_HEAD_BYTES + keyBytes + valueBytes);
    }

    private static long aligned(long bytes) {
        return (bytes + UNIT_BYTES - 1) & -UNIT_BYTES;
    }
}
