package dev.procession.shm.map;

import static dev.procession.shm.map.MapLayout.BUCKETS_AT;
import static dev.procession.shm.map.MapLayout.BUCKET_BYTES;
import static dev.procession.shm.map.MapLayout.COUNT_AT;
import static dev.procession.shm.map.MapLayout.KEY_SIZE_AT;
import static dev.procession.shm.map.MapLayout.LIVE_AT;
import static dev.procession.shm.map.MapLayout.NEXT_AT;
import static dev.procession.shm.map.MapLayout.PAGES_AT;
import static dev.procession.shm.map.MapLayout.PAGE_BYTES;
import static dev.procession.shm.map.MapLayout.RECORD_HEAD_BYTES;
import static dev.procession.shm.map.MapLayout.SPAN_HEAD_BYTES;
import static dev.procession.shm.map.MapLayout.TAG_AT;
import static dev.procession.shm.map.MapLayout.TAIL_AT;
import static dev.procession.shm.map.MapLayout.UNIT_BYTES;
import static dev.procession.shm.map.MapLayout.VALUE_SIZE_AT;
import static dev.procession.shm.map.MapLayout.bucketAt;
import static dev.procession.shm.map.MapLayout.recordAt;
import static dev.procession.shm.map.MapLayout.recordBytes;
import static dev.procession.shm.map.MapLayout.recordsAt;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;
import java.lang.foreign.MemorySegment;

/**
 * A span and its records, field by field. All methods but the link readers are for those who hold the stripe's lock, or
 * own the span alone.
 *
 * <p>A record is written behind the tail, then the tail moves past it, and only then something links to it. So a death
 * in between leaves a record nobody sees, and never room that is taken twice.
 */
final class Records {
    static final int END = 0;

    private final Cells cells;

    Records(Cells cells) {
        this.cells = cells;
    }

    // ---- the span ----

    /** Makes an empty table of memory that may hold anything. */
    void format(long span, long pages, int buckets) {
        cells.zero(span, recordsAt(buckets));
        cells.setInt(span + PAGES_AT, (int) pages);
        cells.setInt(span + BUCKETS_AT, buckets);
        cells.setLong(span + TAIL_AT, recordsAt(buckets));
    }

    int pagesOf(long span) {
        return cells.getInt(span + PAGES_AT);
    }

    int bucketsOf(long span) {
        return cells.getInt(span + BUCKETS_AT);
    }

    int count(long span) {
        return cells.getInt(span + COUNT_AT);
    }

    long liveBytes(long span) {
        return cells.getLong(span + LIVE_AT);
    }

    long capacityBytes(long span) {
        return pagesOf(span) * PAGE_BYTES - recordsAt(bucketsOf(span));
    }

    boolean hasRoomFor(long span, long bytes) {
        return cells.getLong(span + TAIL_AT) + bytes <= pagesOf(span) * PAGE_BYTES;
    }

    /** Notes that records came to be linked, or to be no more. */
    void tally(long span, int records, long bytes) {
        cells.setInt(span + COUNT_AT, count(span) + records);
        cells.setLong(span + LIVE_AT, liveBytes(span) + bytes);
    }

    /** Works count and live out anew from what is linked. */
    void recount(long span) {
        int count = 0;
        long live = 0;
        int buckets = bucketsOf(span);
        for (int bucket = 0; bucket < buckets; bucket++) {
            for (int link = linkAt(bucketAt(span, buckets, bucket)); link != END; ) {
                long record = recordAt(span, link);
                count++;
                live += bytesOf(record);
                link = linkAt(record + NEXT_AT);
            }
        }
        cells.setInt(span + COUNT_AT, count);
        cells.setLong(span + LIVE_AT, live);
    }

    // ---- records ----

    /** What a link cell holds: see {@link MapLayout}. */
    int linkAt(long cell) {
        return cells.getIntAcquire(cell);
    }

    /** The store that commits: others find what was written before. */
    void setLink(long cell, int link) {
        cells.setIntRelease(cell, link);
    }

    int tagOf(long record) {
        return cells.getInt(record + TAG_AT);
    }

    int keySizeOf(long record) {
        return cells.getInt(record + KEY_SIZE_AT);
    }

    int valueSizeOf(long record) {
        return cells.getInt(record + VALUE_SIZE_AT);
    }

    long bytesOf(long record) {
        return recordBytes(keySizeOf(record), valueSizeOf(record));
    }

    boolean hasKey(long record, MemorySegment key) {
        return cells.holds(record + RECORD_HEAD_BYTES, key);
    }

    Key keyOf(long record, int keySize) {
        byte[] bytes = new byte[keySize];
        cells.copyOut(record + RECORD_HEAD_BYTES, bytes, 0, keySize);
        return Key.of(bytes);
    }

    Encoded valueOf(long record, int keySize, int valueSize) {
        long at = record + RECORD_HEAD_BYTES + keySize;
        boolean raw = valueSize > 0 && cells.getByte(at) == Encoded.RAW;
        int skipped = raw ? 1 : 0;
        byte[] bytes = new byte[valueSize - skipped];
        cells.copyOut(at + skipped, bytes, 0, bytes.length);
        return raw ? Encoded.raw(bytes) : Encoded.framed(bytes, bytes.length);
    }

    /** Writes a record behind the tail that nothing links to yet; the result is its link. */
    int append(long span, Key key, Encoded value, int next) {
        long tail = cells.getLong(span + TAIL_AT);
        long record = span + tail;
        cells.setInt(record + NEXT_AT, next);
        cells.setInt(record + TAG_AT, key.tag());
        cells.setInt(record + KEY_SIZE_AT, key.size());
        cells.setInt(record + VALUE_SIZE_AT, value.size());
        cells.copyIn(record + RECORD_HEAD_BYTES, key.bytes(), 0, key.size());
        write(record + RECORD_HEAD_BYTES + key.size(), value);
        return moveTail(span, tail, recordBytes(key.size(), value.size()));
    }

    private void write(long at, Encoded value) {
        if (value.isRaw()) {
            cells.setByte(at, Encoded.RAW);
            cells.copyIn(at + 1, value.array(), 0, value.size() - 1);
        } else {
            cells.copyIn(at, value.array(), 0, value.size());
        }
    }

    private int moveTail(long span, long tail, long bytes) {
        cells.setLong(span + TAIL_AT, tail + bytes);
        return (int) (tail / UNIT_BYTES);
    }

    /** Copies everything that is linked into a new span that nobody else sees yet. */
    void copyAll(long from, long to) {
        int buckets = bucketsOf(from);
        for (int bucket = 0; bucket < buckets; bucket++) {
            for (int link = linkAt(bucketAt(from, buckets, bucket)); link != END; ) {
                long record = recordAt(from, link);
                copy(record, to);
                link = linkAt(record + NEXT_AT);
            }
        }
        cells.setInt(to + COUNT_AT, count(from));
        cells.setLong(to + LIVE_AT, liveBytes(from));
    }

    private void copy(long record, long to) {
        long bytes = bytesOf(record);
        long tail = cells.getLong(to + TAIL_AT);
        long bucket = bucketAt(to, bucketsOf(to), tagOf(record));
        cells.copyWithin(record, to + tail, bytes);
        cells.setInt(to + tail + NEXT_AT, linkAt(bucket));
        setLink(bucket, moveTail(to, tail, bytes));
    }

    /** How many bytes of a span of that many buckets hold no records. */
    static long overheadBytes(int buckets) {
        return SPAN_HEAD_BYTES + (buckets + 1L) * BUCKET_BYTES;
    }
}
