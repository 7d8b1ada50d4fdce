package dev.procession.core.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The class behind a serializable lambda or method reference. What it fixes (capturing class, interface, implementation)
 * is made into bytes once, so that only the captured values remain to be written.
 *
 * <pre>
 *   LAMBDA | capturing class | shape: size, hash (8 bytes), seven strings and a kind | count | captured values
 * </pre>
 *
 * <p>A reader that has met the hash before finds the shape in {@link LambdaFactory}'s table without parsing it again.
 */
final class LambdaShape implements Shape {
    private final MethodHandle writeReplace;
    private byte @Nullable [] head; // made at first use; a race makes it twice, alike

    private LambdaShape(MethodHandle writeReplace) {
        this.writeReplace = writeReplace;
    }

    /** The shape of a lambda's class, unless the module it comes from is closed to us. */
    static Shape of(Class<?> type) {
        try {
            return new LambdaShape(MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findVirtual(type, "writeReplace", MethodType.methodType(Object.class))
                    .asType(MethodType.methodType(Object.class, Object.class)));
        } catch (IllegalAccessException | NoSuchMethodException _) {
            return Foreign.FOREIGN;
        }
    }

    /** What the JDK tells of a lambda, its captured values included; null if it is not a lambda after all. */
    @Nullable
    SerializedLambda describe(Object lambda) {
        try {
            return (Object) writeReplace.invokeExact(lambda) instanceof SerializedLambda described ? described : null;
        } catch (Throwable e) {
            throw new UnencodableException("the lambda cannot describe itself: " + e, e);
        }
    }

    /** Kind, capturing class and shape; empty if the reader could not use them. */
    byte[] head(SerializedLambda described, @Nullable ClassLoader loader) {
        byte[] made = head;
        if (made == null) {
            made = LambdaFactory.canRebuild(described, loader) ? makeHead(described) : new byte[0];
            head = made;
        }
        return made;
    }

    private static byte[] makeHead(SerializedLambda described) {
        var shape = new Output(256);
        shape.putString(described.getFunctionalInterfaceClass());
        shape.putString(described.getFunctionalInterfaceMethodName());
        shape.putString(described.getFunctionalInterfaceMethodSignature());
        shape.putString(described.getImplClass());
        shape.putString(described.getImplMethodName());
        shape.putString(described.getImplMethodSignature());
        shape.putString(described.getInstantiatedMethodType());
        shape.putByte(described.getImplMethodKind());
        byte[] shapeBytes = Arrays.copyOf(shape.array(), shape.size());

        var out = new Output(320);
        out.putByte(Kind.LAMBDA);
        out.putString(described.getCapturingClass().replace('/', '.'));
        out.putCount(shapeBytes.length);
        out.putLong(hash(shapeBytes));
        out.putBytes(shapeBytes);
        return Arrays.copyOf(out.array(), out.size());
    }

    private static long hash(byte[] bytes) {
        long hash = bytes.length;
        for (byte each : bytes) {
            hash = hash * 0x9E3779B97F4A7C15L + each;
        }
        return hash;
    }
}
