package dev.procession.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds lines, frames and characters in the bytes that come in. Used by one reader at a time. */
final class Framing {
    private static final int CHARACTERS = 4096;

    private final Inbound in;
    private @Nullable CharsetDecoder decoder;

    Framing(Inbound in) {
        this.in = in;
    }

    /** The next line without its end, which is a line feed or both; the rest of the stream if none comes; null at the end. */
    @Nullable
    String line(int maxBytes) throws IOException {
        in.beginFrame();
        int end = search((byte) '\n', maxBytes);
        if (end < 0) {
            return in.size() == 0 ? null : in.takeText(in.size());
        }
        int length = end > 0 && in.at(end - 1) == '\r' ? end - 1 : end;
        String line = in.takeText(length);
        in.skip(end - length + 1);
        return line;
    }

    private int search(byte delimiter, int maxBytes) throws IOException {
        int searched = 0;
        while (true) {
            int found = in.indexOf(delimiter, searched);
            ensureShort(found < 0 ? in.size() : found, maxBytes);
            if (found >= 0) {
                return found;
            }
            searched = in.size();
            if (!in.fill(boundary(in.size()))) {
                return -1;
            }
        }
    }

    /** What comes before the next delimiter, which is taken too; the rest of the stream if none comes; null at the end. */
    byte @Nullable [] delimited(byte[] delimiter, int maxBytes) throws IOException {
        in.beginFrame();
        int end = search(delimiter, maxBytes);
        if (end < 0) {
            return in.rest();
        }
        byte[] frame = in.take(end);
        in.skip(delimiter.length);
        return frame;
    }

    /** What comes up to the next delimiter, and the delimiter. */
    byte[] until(byte[] delimiter, int maxBytes) throws IOException {
        in.beginFrame();
        int end = search(delimiter, maxBytes);
        if (end < 0) {
            throw new IncompleteReadException(in.take(in.size()), -1);
        }
        return in.take(end + delimiter.length);
    }

    private int search(byte[] delimiter, int maxBytes) throws IOException {
        int searched = 0;
        while (true) {
            int found = in.indexOf(delimiter, searched);
            ensureShort(found < 0 ? in.size() - (delimiter.length - 1) : found, maxBytes);
            if (found >= 0) {
                return found;
            }
            searched = Math.max(0, in.size() - (delimiter.length - 1));
            if (!in.fill(boundary(in.size()))) {
                return -1;
            }
        }
    }

    /** The next frame behind a length of four bytes, big end first; null at the end. */
    byte @Nullable [] lengthPrefixed(int maxBytes) throws IOException {
        in.beginFrame();
        if (!await(Integer.BYTES, 0)) {
            if (in.size() == 0) {
                return null;
            }
            throw new IncompleteReadException(in.take(in.size()), Integer.BYTES);
        }
        int length = in.window().getInt();
        if (length < 0 || length > maxBytes) {
            throw new FrameTooLongException(Integer.toUnsignedLong(length), maxBytes);
        }
        in.skip(Integer.BYTES);
        return exactly(length, Integer.BYTES);
    }

    byte[] exactly(int length) throws IOException {
        in.beginFrame();
        return exactly(length, 0);
    }

    private byte[] exactly(int length, int taken) throws IOException {
        if (!await(length, taken)) {
            throw new IncompleteReadException(in.take(in.size()), length);
        }
        return in.take(length);
    }

    /** Whether so many bytes come before the end. A length that is announced reserves no memory: the bytes do, as they come. */
    private boolean await(int length, int taken) throws IOException {
        while (in.size() < length) {
            if (!in.fill(boundary(taken + in.size()))) {
                return false;
            }
        }
        return true;
    }

    /** What there is, at most so much; waits if nothing is; null at the end. */
    byte @Nullable [] some(int maxBytes) throws IOException {
        in.beginFrame();
        if (in.size() == 0 && !in.fill(Inbound.Boundary.BETWEEN_FRAMES)) {
            return null;
        }
        return in.take(Math.min(maxBytes, in.size()));
    }

    /** The characters that are complete; waits for one; null at the end. A character that never becomes complete is replaced. */
    @Nullable
    String text() throws IOException {
        in.beginFrame();
        CharsetDecoder utf8 = decoder();
        CharBuffer characters = CharBuffer.allocate(CHARACTERS);
        while (true) {
            ByteBuffer bytes = in.window();
            int before = bytes.position();
            utf8.decode(bytes, characters, in.hasEnded());
            in.skip(bytes.position() - before);
            if (characters.position() > 0) {
                return characters.flip().toString();
            }
            if (in.hasEnded()) {
                utf8.flush(characters);
                utf8.reset();
                return null;
            }
            in.fill(boundary(in.size()));
        }
    }

    private CharsetDecoder decoder() {
        if (decoder == null) {
            decoder = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
        }
        return Objects.requireNonNull(decoder);
    }

    private static Inbound.Boundary boundary(int begun) {
        return begun == 0 ? Inbound.Boundary.BETWEEN_FRAMES : Inbound.Boundary.WITHIN_FRAME;
    }

    private static void ensureShort(int length, int maxBytes) throws FrameTooLongException {
        if (length > maxBytes) {
            throw new FrameTooLongException(length, maxBytes);
        }
    }
}
