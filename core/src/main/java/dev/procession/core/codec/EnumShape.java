package dev.procession.core.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An enum: each constant's bytes, made beforehand, and the way back from its name. */
final class EnumShape implements Shape {
    private final Map<Enum<?>, byte[]> encoded;
    private final Map<String, Enum<?>> constantsByName;

    private EnumShape(Map<Enum<?>, byte[]> encoded, Map<String, Enum<?>> constantsByName) {
        this.encoded = encoded;
        this.constantsByName = constantsByName;
    }

    /** The shape of an enum, or of the class of one constant with a body. */
    static Shape of(Class<?> type) {
        Class<?> declaring = type.isEnum() ? type : type.getSuperclass();
        Object @Nullable [] constants = declaring.getEnumConstants();
        if (constants == null) {
            return Foreign.FOREIGN;
        }
        var encoded = new IdentityHashMap<Enum<?>, byte[]>();
        var byName = new HashMap<String, Enum<?>>();
        for (Object each : constants) {
            var constant = (Enum<?>) each;
            var out = new Output(64);
            out.putByte(Kind.ENUM);
            out.putString(declaring.getName());
            out.putString(constant.name());
            encoded.put(constant, Arrays.copyOf(out.array(), out.size()));
            byName.put(constant.name(), constant);
        }
        return new EnumShape(encoded, byName);
    }

    byte[] encoded(Enum<?> constant) {
        return Objects.requireNonNull(encoded.get(constant));
    }

    @Nullable
    Enum<?> constant(String name) {
        return constantsByName.get(name);
    }
}
