package dev.procession.core.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes being read. Every length is checked against what is left before anything is allocated for it. */
final class Input {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private int position;

    Input(byte[] bytes, int limit) {
        this.bytes = bytes;
        this.limit = limit;
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    /** Steps over {@code count} bytes, and returns where they start. */
    int skip(long count) {
        if (count > limit - position) {
            throw damaged("needs " + count + " bytes, has " + (limit - position));
        }
        int start = position;
        position += (int) count;
        return start;
    }

    int getByte() {
        int start = skip(1);
        return bytes[start];
    }

    int getInt() {
        int start = skip(4);
        return (int) INT.get(bytes, start);
    }

    long getLong() {
        int start = skip(8);
        return (long) LONG.get(bytes, start);
    }

    /** A count of things that take at least {@code bytesEach} bytes each. */
    int getCount(int bytesEach) {
        int count = 0;
        int shift = 0;
        while (true) {
            int next = getByte();
            count |= (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
            shift += 7;
            if (shift > 28) {
                throw damaged("count has too many bytes");
            }
        }
        if (count < 0 || (long) count * bytesEach > remaining()) {
            throw damaged("count=" + count + " exceeds the remaining bytes=" + remaining());
        }
        return count;
    }

    String getString() {
        return getString(getByte());
    }

    String getString(int kind) {
        return switch (kind) {
            case Kind.LATIN1 -> {
                int length = getCount(1);
                int start = skip(length);
                yield new String(bytes, start, length, StandardCharsets.ISO_8859_1);
            }
            case Kind.UTF16 -> {
                int length = getCount(2);
                int start = skip(2L * length);
                char[] chars = new char[length];
                for (int i = 0; i < length; i++) {
                    chars[i] = (char) ((bytes[start + 2 * i] & 0xFF) | bytes[start + 2 * i + 1] << 8);
                }
                yield new String(chars);
            }
            default -> throw damaged("expected a string, found kind=" + kind);
        };
    }

    UndecodableException damaged(String what) {
        return new UndecodableException(
                "damaged bytes: " + what + ", position=" + position + ", sizeBytes=" + limit, null);
    }
}
