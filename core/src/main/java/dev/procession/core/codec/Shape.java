package dev.procession.core.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the codec treats a class: worked out once, kept as long as the class lives.
 *
 * <p>{@link Builtin} are the classes whose form is fixed by their kind alone, {@link EnumShape}, {@link RecordShape}
 * and {@link LambdaShape} the classes of users that have a form of ours, and {@link Foreign} is everything else: left
 * to the JDK's serialization.
 */
sealed interface Shape permits Shape.Builtin, Shape.Foreign, EnumShape, RecordShape, LambdaShape {
    /** A class of the JDK with a form of its own. */
    record Builtin(byte kind) implements Shape {}

    /** A class the codec has no form for. */
    enum Foreign implements Shape {
        FOREIGN
    }

    /** The shape of a class. */
    static Shape of(Class<?> type) {
        return Shapes.OF.get(type);
    }
}

/** The table behind {@link Shape#of}. */
final class Shapes {
    static final ClassValue<Shape> OF = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return compute(type);
        }
    };

    private static final Map<Class<?>, Byte> KINDS = kinds();

    private Shapes() {}

    private static Map<Class<?>, Byte> kinds() {
        var kinds = new HashMap<Class<?>, Byte>();
        kinds.put(String.class, Kind.LATIN1);
        kinds.put(Boolean.class, Kind.TRUE);
        kinds.put(Byte.class, Kind.BYTE);
        kinds.put(Short.class, Kind.SHORT);
        kinds.put(Character.class, Kind.CHAR);
        kinds.put(Integer.class, Kind.INT);
        kinds.put(Long.class, Kind.LONG);
        kinds.put(Float.class, Kind.FLOAT);
        kinds.put(Double.class, Kind.DOUBLE);
        kinds.put(byte[].class, Kind.BYTES);
        kinds.put(boolean[].class, Kind.BOOLEANS);
        kinds.put(short[].class, Kind.SHORTS);
        kinds.put(char[].class, Kind.CHARS);
        kinds.put(int[].class, Kind.INTS);
        kinds.put(long[].class, Kind.LONGS);
        kinds.put(float[].class, Kind.FLOATS);
        kinds.put(double[].class, Kind.DOUBLES);
        kinds.put(String[].class, Kind.STRINGS);
        kinds.put(Object[].class, Kind.OBJECTS);
        kinds.put(ArrayList.class, Kind.ARRAY_LIST);
        kinds.put(HashSet.class, Kind.HASH_SET);
        kinds.put(HashMap.class, Kind.HASH_MAP);
        kinds.put(TreeMap.class, Kind.TREE_MAP);
        // The JDK has two hidden classes for each of its unmodifiable collections: the small and the large.
        kinds.put(List.of().getClass(), Kind.LIST);
        kinds.put(List.of(1).getClass(), Kind.LIST);
        kinds.put(Set.of().getClass(), Kind.SET);
        kinds.put(Set.of(1).getClass(), Kind.SET);
        kinds.put(Map.of().getClass(), Kind.MAP);
        kinds.put(Map.of(1, 1).getClass(), Kind.MAP);
        return Map.copyOf(kinds);
    }

    private static Shape compute(Class<?> type) {
        Byte kind = KINDS.get(type);
        if (kind != null) {
            return new Shape.Builtin(kind);
        }
        if (!Serializable.class.isAssignableFrom(type)) {
            return Shape.Foreign.FOREIGN;
        }
        if (Enum.class.isAssignableFrom(type)) {
            return EnumShape.of(type);
        }
        if (type.isRecord()) {
            return RecordShape.of(type);
        }
        return type.isHidden() || type.isSynthetic() ? LambdaShape.of(type) : Shape.Foreign.FOREIGN;
    }
}
