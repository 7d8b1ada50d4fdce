package dev.procession.core.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a value in the codec's own form, or says that it has none.
 *
 * <p>The form has no back references. So it is for trees only: every object with an identity that could be observed
 * (and every long string, for its size) is remembered, and one met twice means that the form does not fit. A value that
 * does not fit goes to the JDK's serialization as a whole, which keeps sharing and cycles.
 */
final class GraphWriter {
    /** Deeper values are left to the JDK's serialization. The reader refuses more. */
    static final int MAX_DEPTH = 100;

    /** Strings up to this length may be sent twice; a longer one is treated as an object with an identity. */
    private static final int MAX_COPIED_STRING = 64;

    private static final int MAX_LISTED = 16;

    private final Output out;
    private final @Nullable Object[] listed = new Object[MAX_LISTED];
    private int listedCount;
    private @Nullable IdentityHashMap<Object, Boolean> met;

    GraphWriter(Output out) {
        this.out = out;
    }

    /** Writes a value; false if it has no form of ours, and then what was written is to be thrown away. */
    @SuppressWarnings("IfChainToSwitch") // for a switch over types a JVM that has just started spins a class first
    boolean write(@Nullable Object value, int depth) {
        if (value == null) {
            out.putByte(Kind.NULL);
            return true;
        }
        if (depth > MAX_DEPTH) {
            return false;
        }
        Shape shape = Shape.of(value.getClass());
        if (shape instanceof Shape.Builtin builtin) {
            return writeBuiltin(builtin.kind(), value, depth);
        } else if (shape instanceof RecordShape components) {
            return writeRecord(components, value, depth);
        } else if (shape instanceof LambdaShape lambda) {
            return writeLambda(lambda, value, depth);
        } else if (shape instanceof EnumShape constants) {
            return writeEnum(constants, (Enum<?>) value);
        }
        return false;
    }

    private boolean writeEnum(EnumShape shape, Enum<?> constant) {
        out.putBytes(shape.encoded(constant));
        return true;
    }

    private boolean writeRecord(RecordShape shape, Object value, int depth) {
        if (metBefore(value)) {
            return false;
        }
        out.putBytes(shape.head());
        int count = shape.componentCount();
        for (int i = 0; i < count; i++) {
            if (!write(shape.component(value, i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean writeLambda(LambdaShape shape, Object value, int depth) {
        SerializedLambda described = shape.describe(value);
        if (described == null || metBefore(value)) {
            return false;
        }
        byte[] head = shape.head(described, value.getClass().getClassLoader());
        if (head.length == 0) {
            return false;
        }
        out.putBytes(head);
        int count = described.getCapturedArgCount();
        out.putCount(count);
        for (int i = 0; i < count; i++) {
            if (!write(described.getCapturedArg(i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean writeBuiltin(byte kind, Object value, int depth) {
        switch (kind) {
            case Kind.LATIN1 -> {
                String string = (String) value;
                if (string.length() > MAX_COPIED_STRING && metBefore(string)) {
                    return false;
                }
                out.putString(string);
                return true;
            }
            case Kind.TRUE -> out.putByte((boolean) value ? Kind.TRUE : Kind.FALSE);
            case Kind.BYTE -> writeShort(kind, (byte) value, 1);
            case Kind.SHORT -> writeShort(kind, (short) value, 2);
            case Kind.CHAR -> writeShort(kind, (char) value, 2);
            case Kind.INT -> writeInt(kind, (int) value);
            case Kind.FLOAT -> writeInt(kind, Float.floatToRawIntBits((float) value));
            case Kind.LONG -> writeLong(kind, (long) value);
            case Kind.DOUBLE -> writeLong(kind, Double.doubleToRawLongBits((double) value));
            default -> {
                return (isEmptyUnmodifiable(kind, value) || !metBefore(value)) && writeContainer(kind, value, depth);
            }
        }
        return true;
    }

    /** The JDK has one empty list, set and map, met again and again. */
    private static boolean isEmptyUnmodifiable(byte kind, Object value) {
        return switch (kind) {
            case Kind.LIST, Kind.SET -> ((Collection<?>) value).isEmpty();
            case Kind.MAP -> ((Map<?, ?>) value).isEmpty();
            default -> false;
        };
    }

    private void writeShort(byte kind, int value, int sizeBytes) {
        out.putByte(kind);
        out.putByte(value);
        if (sizeBytes == 2) {
            out.putByte(value >> 8);
        }
    }

    private void writeInt(byte kind, int value) {
        out.putByte(kind);
        out.putInt(value);
    }

    private void writeLong(byte kind, long value) {
        out.putByte(kind);
        out.putLong(value);
    }

    private boolean writeContainer(byte kind, Object value, int depth) {
        return switch (kind) {
            case Kind.STRINGS, Kind.OBJECTS -> writeArray(kind, (Object[]) value, depth);
            case Kind.ARRAY_LIST, Kind.LIST, Kind.HASH_SET, Kind.SET ->
                writeCollection(kind, (Collection<?>) value, depth);
            case Kind.HASH_MAP, Kind.MAP -> writeMap(kind, (Map<?, ?>) value, depth);
            case Kind.TREE_MAP ->
                ((TreeMap<?, ?>) value).comparator() == null && writeMap(kind, (Map<?, ?>) value, depth);
            default -> {
                writePrimitives(kind, value);
                yield true;
            }
        };
    }

    private boolean writeArray(byte kind, @Nullable Object[] values, int depth) {
        out.putByte(kind);
        out.putCount(values.length);
        for (Object each : values) {
            if (!write(each, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean writeCollection(byte kind, Collection<?> values, int depth) {
        // One look at the collection: a size taken apart from the elements could disagree with them.
        @Nullable Object[] elements = values.toArray();
        return writeArray(kind, elements, depth);
    }

    private boolean writeMap(byte kind, Map<?, ?> map, int depth) {
        out.putByte(kind);
        int expected = map.size();
        out.putCount(expected);
        int written = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!write(entry.getKey(), depth + 1) || !write(entry.getValue(), depth + 1)) {
                return false;
            }
            written++;
        }
        return written == expected;
    }

    private void writePrimitives(byte kind, Object array) {
        MemorySegment source = switch (kind) {
            case Kind.BYTES -> MemorySegment.ofArray((byte[]) array);
            case Kind.SHORTS -> MemorySegment.ofArray((short[]) array);
            case Kind.CHARS -> MemorySegment.ofArray((char[]) array);
            case Kind.INTS -> MemorySegment.ofArray((int[]) array);
            case Kind.LONGS -> MemorySegment.ofArray((long[]) array);
            case Kind.FLOATS -> MemorySegment.ofArray((float[]) array);
            case Kind.DOUBLES -> MemorySegment.ofArray((double[]) array);
            case Kind.BOOLEANS -> MemorySegment.ofArray(Primitives.toBytes((boolean[]) array));
            default -> throw new AssertionError("kind=" + kind);
        };
        out.putByte(kind);
        ValueLayout element = Primitives.littleEndian(kind);
        long count = source.byteSize() / element.byteSize();
        out.putCount((int) count);
        int position = out.claim(source.byteSize());
        MemorySegment.copy(
                source,
                element.withOrder(ByteOrder.nativeOrder()),
                0,
                MemorySegment.ofArray(out.array()),
                element,
                position,
                count);
    }

    /** Whether the object was met before in this value; remembers it. */
    @SuppressWarnings("ReferenceEquality") // identity is what is asked for
    private boolean metBefore(Object value) {
        if (met != null) {
            return met.put(value, Boolean.TRUE) != null;
        }
        for (int i = 0; i < listedCount; i++) {
            if (listed[i] == value) {
                return true;
            }
        }
        if (listedCount < MAX_LISTED) {
            listed[listedCount++] = value;
        } else {
            met = new IdentityHashMap<>();
            for (Object each : listed) {
                met.put(each, Boolean.TRUE);
            }
            met.put(value, Boolean.TRUE);
        }
        return false;
    }
}
