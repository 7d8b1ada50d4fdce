package dev.procession.core.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Arrays of primitives as bytes, little-endian whatever the machine. */
final class Primitives {
    private Primitives() {}

    /** How an element of an array of this kind lies in bytes. */
    static ValueLayout littleEndian(byte kind) {
        ValueLayout layout = switch (kind) {
            case Kind.BYTES, Kind.BOOLEANS -> ValueLayout.JAVA_BYTE;
            case Kind.SHORTS -> ValueLayout.JAVA_SHORT_UNALIGNED;
            case Kind.CHARS -> ValueLayout.JAVA_CHAR_UNALIGNED;
            case Kind.INTS -> ValueLayout.JAVA_INT_UNALIGNED;
            case Kind.LONGS -> ValueLayout.JAVA_LONG_UNALIGNED;
            case Kind.FLOATS -> ValueLayout.JAVA_FLOAT_UNALIGNED;
            case Kind.DOUBLES -> ValueLayout.JAVA_DOUBLE_UNALIGNED;
            default -> throw new AssertionError("kind=" + kind);
        };
        return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] toBytes(boolean[] array) {
        byte[] bytes = new byte[array.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (array[i] ? 1 : 0);
        }
        return bytes;
    }

    /** Reads an array whose kind was read already. */
    static Object read(byte kind, Input in) {
        ValueLayout element = littleEndian(kind);
        int size = (int) element.byteSize();
        int count = in.getCount(size);
        int start = in.skip((long) count * size);
        if (kind == Kind.BOOLEANS) {
            return toBooleans(in.array(), start, count);
        }
        Object array = switch (kind) {
            case Kind.BYTES -> new byte[count];
            case Kind.SHORTS -> new short[count];
            case Kind.CHARS -> new char[count];
            case Kind.INTS -> new int[count];
            case Kind.LONGS -> new long[count];
            case Kind.FLOATS -> new float[count];
            case Kind.DOUBLES -> new double[count];
            default -> throw new AssertionError("kind=" + kind);
        };
        MemorySegment.copy(MemorySegment.ofArray(in.array()), element, start, array, 0, count);
        return array;
    }

    private static boolean[] toBooleans(byte[] bytes, int start, int count) {
        boolean[] array = new boolean[count];
        for (int i = 0; i < count; i++) {
            array[i] = bytes[start + i] != 0;
        }
        return array;
    }
}
