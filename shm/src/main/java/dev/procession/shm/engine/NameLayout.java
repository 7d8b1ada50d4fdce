package dev.procession.shm.engine;

import java.nio.charset.StandardCharsets;

/**
 * One record of the table of names: 128 bytes that belong to the directory entry of the same index.
 *
 * <pre>
 *    0  name length          int     1 to 64
 *    4  declaration length   int     of the whole text, which may not fit in here
 *    8  declaration hash     long    of the whole text
 *   16  name                 64 bytes of ASCII
 *   80  declaration          its first 48 bytes
 * </pre>
 *
 * <p>A record is written while its entry is CLAIMED, together with the name's hash in the entry, and never changes while
 * the entry is LIVE: the one store that makes the primitive live gives it its name. A record whose entry is not LIVE, or
 * has no hash, means nothing.
 *
 * <p>The declaration says what the primitive was made as, beyond its kind: element types and limits.
 */
final class NameLayout {
    static final long RECORD_BYTES = 128;

    static final long NAME_LENGTH_AT = 0;
    static final long DECLARATION_LENGTH_AT = 4;
    static final long DECLARATION_HASH_AT = 8;
    static final long NAME_AT = 16;
    static final int MOST_NAME_BYTES = 64;
    static final long DECLARATION_AT = NAME_AT + MOST_NAME_BYTES;
    static final int DECLARATION_BYTES = (int) (RECORD_BYTES - DECLARATION_AT);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private NameLayout() {}

    static long recordAt(int index) {
        return index * RECORD_BYTES;
    }

    /** FNV-1a in 64 bits, but never 0. */
    static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        return hash == 0 ? 1 : hash;
    }

    static String describe() {
        return "name " + RECORD_BYTES + "," + NAME_LENGTH_AT + "," + DECLARATION_LENGTH_AT + "," + DECLARATION_HASH_AT
                + "," + NAME_AT + "," + DECLARATION_AT;
    }
}
