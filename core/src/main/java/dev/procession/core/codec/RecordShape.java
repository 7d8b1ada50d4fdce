package dev.procession.core.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A serializable record: its fields are read directly (as the JDK's serialization does, not through accessors, which may
 * be overridden) and it is rebuilt by its canonical constructor, which checks what it always checks.
 *
 * <p>The signature is a hash of the components' names and types in order. It tells two versions of a record apart, which
 * positions alone would silently mix up.
 */
final class RecordShape implements Shape {
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);
    private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);

    private final byte[] head;
    private final int signature;
    private final MethodHandle[] getters;
    private final MethodHandle constructor;

    private RecordShape(byte[] head, int signature, MethodHandle[] getters, MethodHandle constructor) {
        this.head = head;
        this.signature = signature;
        this.getters = getters;
        this.constructor = constructor;
    }

    /** The shape of a record, unless it says itself how it is to be serialized, or its module does not open it to us. */
    static Shape of(Class<?> type) {
        if (replacesItself(type)) {
            return Foreign.FOREIGN;
        }
        try {
            return create(type, MethodHandles.privateLookupIn(type, MethodHandles.lookup()));
        } catch (IllegalAccessException | NoSuchFieldException | NoSuchMethodException _) {
            return Foreign.FOREIGN;
        }
    }

    private static boolean replacesItself(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            boolean named =
                    method.getName().equals("writeReplace") || method.getName().equals("readResolve");
            if (named && method.getParameterCount() == 0) {
                return true;
            }
        }
        return false;
    }

    private static RecordShape create(Class<?> type, MethodHandles.Lookup lookup)
            throws IllegalAccessException, NoSuchFieldException, NoSuchMethodException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        MethodHandle[] getters = new MethodHandle[components.length];
        int signature = 1;
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            getters[i] = lookup.findGetter(type, component.getName(), types[i]).asType(GETTER);
            signature = 31 * signature + component.getName().hashCode();
            signature = 31 * signature + types[i].getName().hashCode();
        }
        MethodHandle constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types))
                .asSpreader(Object[].class, types.length)
                .asType(CONSTRUCTOR);
        return new RecordShape(head(type, signature), signature, getters, constructor);
    }

    private static byte[] head(Class<?> type, int signature) {
        var out = new Output(64);
        out.putByte(Kind.RECORD);
        out.putString(type.getName());
        out.putInt(signature);
        return Arrays.copyOf(out.array(), out.size());
    }

    /** Kind, class name and signature. */
    byte[] head() {
        return head;
    }

    int signature() {
        return signature;
    }

    int componentCount() {
        return getters.length;
    }

    @Nullable
    Object component(Object value, int index) {
        try {
            return (Object) getters[index].invokeExact(value);
        } catch (Throwable e) {
            throw new AssertionError("a field read cannot fail", e);
        }
    }

    /** Rebuilds a record. */
    Object create(@Nullable Object[] components) {
        try {
            return (Object) constructor.invokeExact(components);
        } catch (Throwable e) {
            throw new UndecodableException("the record's constructor refused its components: " + e, e);
        }
    }
}
