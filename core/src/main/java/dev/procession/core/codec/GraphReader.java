package dev.procession.core.codec;

import java.io.ObjectInputFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what {@link GraphWriter} wrote, and trusts none of it. */
final class GraphReader {
    private final Input in;
    private final ClassFinder finder;
    private final @Nullable ObjectInputFilter filter;

    GraphReader(Input in, ClassFinder finder, @Nullable ObjectInputFilter filter) {
        this.in = in;
        this.finder = finder;
        this.filter = filter;
    }

    @Nullable
    Object read(int depth) {
        if (depth > GraphWriter.MAX_DEPTH) {
            throw in.damaged("deeper than " + GraphWriter.MAX_DEPTH);
        }
        byte kind = (byte) in.getByte();
        return switch (kind) {
            case Kind.NULL -> null;
            case Kind.TRUE -> true;
            case Kind.FALSE -> false;
            case Kind.BYTE -> (byte) in.getByte();
            case Kind.SHORT -> (short) readTwoBytes();
            case Kind.CHAR -> (char) readTwoBytes();
            case Kind.INT -> in.getInt();
            case Kind.LONG -> in.getLong();
            case Kind.FLOAT -> Float.intBitsToFloat(in.getInt());
            case Kind.DOUBLE -> Double.longBitsToDouble(in.getLong());
            case Kind.LATIN1, Kind.UTF16 -> in.getString(kind);
            case Kind.BYTES, Kind.BOOLEANS, Kind.SHORTS, Kind.CHARS, Kind.INTS, Kind.LONGS, Kind.FLOATS, Kind.DOUBLES ->
                Primitives.read(kind, in);
            case Kind.STRINGS -> readStrings();
            case Kind.OBJECTS -> readValues(depth);
            case Kind.ARRAY_LIST -> readArrayList(depth);
            case Kind.LIST -> Stream.of(readValues(depth)).toList();
            case Kind.HASH_SET -> readHashSet(depth);
            case Kind.SET -> Set.of(readValues(depth));
            case Kind.HASH_MAP -> readInto(new HashMap<>(), depth);
            case Kind.TREE_MAP -> readInto(new TreeMap<>(), depth);
            case Kind.MAP -> Map.copyOf(readInto(new HashMap<>(), depth));
            case Kind.ENUM -> readEnum();
            case Kind.RECORD -> readRecord(depth);
            case Kind.LAMBDA -> readLambda(depth);
            default -> throw in.damaged("unknown kind=" + kind);
        };
    }

    private int readTwoBytes() {
        return (in.getByte() & 0xFF) | in.getByte() << 8;
    }

    private @Nullable String[] readStrings() {
        @Nullable String[] strings = new String[in.getCount(1)];
        for (int i = 0; i < strings.length; i++) {
            int kind = in.getByte();
            strings[i] = kind == Kind.NULL ? null : in.getString(kind);
        }
        return strings;
    }

    private @Nullable Object[] readValues(int depth) {
        @Nullable Object[] values = new Object[in.getCount(1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = read(depth + 1);
        }
        return values;
    }

    private List<@Nullable Object> readArrayList(int depth) {
        int count = in.getCount(1);
        var list = new ArrayList<@Nullable Object>(count);
        for (int i = 0; i < count; i++) {
            list.add(read(depth + 1));
        }
        return list;
    }

    private Set<@Nullable Object> readHashSet(int depth) {
        int count = in.getCount(1);
        Set<@Nullable Object> set = HashSet.newHashSet(count);
        for (int i = 0; i < count; i++) {
            set.add(read(depth + 1));
        }
        return set;
    }

    private Map<@Nullable Object, @Nullable Object> readInto(Map<@Nullable Object, @Nullable Object> map, int depth) {
        int count = in.getCount(2);
        for (int i = 0; i < count; i++) {
            Object key = read(depth + 1);
            map.put(key, read(depth + 1));
        }
        return map;
    }

    private Object readEnum() {
        Class<?> type = finder.find(in.getString(), filter);
        String name = in.getString();
        Object constant = Shape.of(type) instanceof EnumShape shape ? shape.constant(name) : null;
        if (constant == null) {
            throw in.damaged("no such enum constant here: class=" + type.getName() + ", name=" + name);
        }
        return constant;
    }

    private Object readRecord(int depth) {
        Class<?> type = finder.find(in.getString(), filter);
        int signature = in.getInt();
        if (!(Shape.of(type) instanceof RecordShape shape)) {
            throw new UndecodableException(
                    "not a serializable record whose package is open to dev.procession.core here: class="
                            + type.getName(),
                    null);
        }
        if (shape.signature() != signature) {
            throw new UndecodableException(
                    "the record has other components in this JVM than in the sender's: class=" + type.getName(), null);
        }
        @Nullable Object[] components = new Object[shape.componentCount()];
        for (int i = 0; i < components.length; i++) {
            components[i] = read(depth + 1);
        }
        return shape.create(components);
    }

    private Object readLambda(int depth) {
        LambdaFactory factory = LambdaFactory.of(finder.find(in.getString(), filter));
        LambdaFactory.ParsedShape shape = factory.readShape(in);
        return factory.create(shape, readValues(depth));
    }
}
