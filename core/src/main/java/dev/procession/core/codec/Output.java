package dev.procession.core.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes being written; grows as needed. */
final class Output {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The largest array every JVM grants. */
    private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    Output(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Makes sure that {@code count} more bytes fit, and returns where they go; the caller writes them all. */
    int claim(long count) {
        int position = size;
        if (count > bytes.length - position) {
            grow(position + count);
        }
        size = position + (int) count;
        return position;
    }

    private void grow(long needed) {
        if (needed > MAX_SIZE) {
            throw new UnencodableException("value too large: sizeBytes=" + needed + ", maxBytes=" + MAX_SIZE, null);
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, 2L * bytes.length)));
    }

    void putByte(int value) {
        int position = claim(1);
        bytes[position] = (byte) value;
    }

    void putInt(int value) {
        int position = claim(4);
        INT.set(bytes, position, value);
    }

    void putLong(long value) {
        int position = claim(8);
        LONG.set(bytes, position, value);
    }

    void putCount(int count) {
        int rest = count;
        while (rest > 0x7F) {
            putByte(rest | 0x80);
            rest >>>= 7;
        }
        putByte(rest);
    }

    void putBytes(byte[] source) {
        int position = claim(source.length);
        System.arraycopy(source, 0, bytes, position, source.length);
    }

    /** A string with its kind before it: one byte a character as long as all fit, else two. */
    void putString(String string) {
        int start = size;
        int length = string.length();
        putByte(Kind.LATIN1);
        putCount(length);
        int position = claim(length);
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            if (c > 0xFF) {
                size = start;
                putWideString(string);
                return;
            }
            bytes[position + i] = (byte) c;
        }
    }

    private void putWideString(String string) {
        int length = string.length();
        putByte(Kind.UTF16);
        putCount(length);
        int position = claim(2L * length);
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            bytes[position + 2 * i] = (byte) c;
            bytes[position + 2 * i + 1] = (byte) (c >> 8);
        }
    }
}
