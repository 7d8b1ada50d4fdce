package dev.procession.shm.engine;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A short text in a record: its length in bytes as an int, then UTF-8, cut off where it does not fit.
 *
 * <p>The length is stored last. Whoever dies before has left the empty text, if the record was empty before.
 *
 * @param offset where it begins in its record
 * @param bytes how long it is in all
 */
public record TextField(long offset, int bytes) {
    private int room() {
        return bytes - Integer.BYTES;
    }

    /** Writes a text into the record that begins there. */
    public void write(Cells cells, long recordAt, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int length = encoded.length <= room() ? encoded.length : cut(text);
        cells.copyIn(recordAt + offset + Integer.BYTES, encoded, 0, length);
        cells.setIntRelease(recordAt + offset, length);
    }

    /** How many bytes of whole characters fit. */
    private int cut(String text) {
        ByteBuffer fitting = ByteBuffer.allocate(room());
        var _ = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), fitting, /* endOfInput= */ true);
        return fitting.position();
    }

    void clear(Cells cells, long recordAt) {
        cells.setInt(recordAt + offset, 0);
    }

    /** Reads it, whatever the length is said to be. */
    public String read(Cells cells, long recordAt) {
        byte[] encoded = new byte[Math.clamp(cells.getIntAcquire(recordAt + offset), 0, room())];
        cells.copyOut(recordAt + offset + Integer.BYTES, encoded, 0, encoded.length);
        return new String(encoded, StandardCharsets.UTF_8);
    }
}
