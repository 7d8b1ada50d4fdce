package dev.procession.core.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the lambdas of one capturing class, through the method the compiler puts there for it.
 *
 * <p>That method only ever makes lambdas the class itself contains, so bytes cannot ask for others.
 */
final class LambdaFactory {
    /** Beyond this many shapes a class's table takes no more: nobody writes that many lambdas in one class. */
    private static final int MAX_SHAPES = 4096;

    private static final ClassValue<LambdaFactory> OF = new ClassValue<>() {
        @Override
        protected LambdaFactory computeValue(Class<?> capturing) {
            return new LambdaFactory(capturing, deserializer(capturing));
        }
    };

    private final Class<?> capturing;
    private final @Nullable MethodHandle deserializer;
    private final ConcurrentHashMap<Long, ParsedShape> shapes = new ConcurrentHashMap<>();

    private LambdaFactory(Class<?> capturing, @Nullable MethodHandle deserializer) {
        this.capturing = capturing;
        this.deserializer = deserializer;
    }

    static LambdaFactory of(Class<?> capturing) {
        return OF.get(capturing);
    }

    private static @Nullable MethodHandle deserializer(Class<?> capturing) {
        try {
            return MethodHandles.privateLookupIn(capturing, MethodHandles.lookup())
                    .findStatic(
                            capturing,
                            "$deserializeLambda$",
                            MethodType.methodType(Object.class, SerializedLambda.class));
        } catch (IllegalAccessException | NoSuchMethodException _) {
            return null;
        }
    }

    /** Whether a reader of the same classes could rebuild the lambda this way. */
    static boolean canRebuild(SerializedLambda described, @Nullable ClassLoader loader) {
        try {
            Class<?> capturing = Class.forName(described.getCapturingClass().replace('/', '.'), false, loader);
            return of(capturing).deserializer != null;
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }

    /** Reads the shape that follows the capturing class's name. */
    ParsedShape readShape(Input in) {
        int size = in.getCount(1);
        long hash = in.getLong();
        int start = in.skip(size);
        ParsedShape known = shapes.get(hash);
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, in.array(), start, start + size)) {
            return known;
        }
        var parsed = new ParsedShape(Arrays.copyOfRange(in.array(), start, start + size));
        if (shapes.size() < MAX_SHAPES) {
            shapes.put(hash, parsed);
        }
        return parsed;
    }

    Object create(ParsedShape shape, @Nullable Object[] captured) {
        if (deserializer == null) {
            throw new UndecodableException(
                    "the class has no lambda of this form here: class=" + capturing.getName(), null);
        }
        try {
            return (Object) deserializer.invokeExact(shape.with(capturing, captured));
        } catch (Throwable e) {
            throw new UndecodableException("cannot rebuild a lambda of class=" + capturing.getName() + ": " + e, e);
        }
    }

    /** The fixed part of a lambda, read once. */
    static final class ParsedShape {
        private final byte[] bytes;
        private final String[] strings = new String[7];
        private final int implMethodKind;

        ParsedShape(byte[] bytes) {
            this.bytes = bytes;
            var in = new Input(bytes, bytes.length);
            for (int i = 0; i < strings.length; i++) {
                strings[i] = in.getString();
            }
            implMethodKind = in.getByte();
        }

        SerializedLambda with(Class<?> capturing, @Nullable Object[] captured) {
            return new SerializedLambda(
                    capturing,
                    strings[0],
                    strings[1],
                    strings[2],
                    implMethodKind,
                    strings[3],
                    strings[4],
                    strings[5],
                    strings[6],
                    captured);
        }
    }
}
