package dev.procession.shm;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.ObjectInputFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of something with a name, which any process of this user may have written to: it builds nothing but what the
 * filter lets pass, and lets nothing through but values of the declared type.
 */
final class DeclaredCodec implements Codec {
    private final List<Class<?>> types;
    private final Codec codec;

    private DeclaredCodec(List<Class<?>> types, ObjectInputFilter filter) {
        this.types = types;
        this.codec = Codec.accepting(filter);
    }

    /** For values of some types; by {@link #defaultFilter} unless the user has one. */
    static Codec of(@Nullable ObjectInputFilter users, Class<?>... types) {
        List<Class<?>> declared = List.of(types);
        return new DeclaredCodec(declared, users == null ? defaultFilter(declared) : users);
    }

    /**
     * Lets pass the types, what is in their packages or below, and value classes of the JDK; refuses the rest, lambdas of
     * other packages among it.
     */
    private static ObjectInputFilter defaultFilter(List<Class<?>> types) {
        return info -> {
            Class<?> asked = info.serialClass();
            if (asked == null) {
                return ObjectInputFilter.Status.UNDECIDED;
            }
            Class<?> element = elementOf(asked);
            boolean allowed = element.isPrimitive()
                    || types.stream().anyMatch(type -> element == type || isIn(element, type.getPackageName()))
                    || isJdkValue(element.getPackageName());
            if (!allowed) {
                throw new RefusedClassException(asked, types);
            }
            return ObjectInputFilter.Status.ALLOWED;
        };
    }

    /** Thrown rather than answered, since whoever asks a filter tells nobody which class it refused. */
    private static final class RefusedClassException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedClassException(Class<?> refused, List<Class<?>> declared) {
            super("class=" + refused.getName() + " may not be in what is declared to hold " + declared
                    + "; allow it by the setting filter of the space");
        }

        static UndecodableException explained(UndecodableException thrown) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof RefusedClassException refused) {
                    return new UndecodableException(String.valueOf(refused.getMessage()), thrown);
                }
            }
            return thrown;
        }
    }

    private static boolean isIn(Class<?> type, String ours) {
        String its = type.getPackageName();
        return !ours.startsWith("java.") && (its.equals(ours) || its.startsWith(ours + "."));
    }

    private static boolean isJdkValue(String itsPackage) {
        return switch (itsPackage) {
            case "java.lang", "java.math", "java.time", "java.util", "java.net" -> true;
            default -> false;
        };
    }

    private static Class<?> elementOf(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        return element;
    }

    @Override
    public Encoded prepare(@Nullable Object value) {
        if (value != null && !isDeclared(value)) {
            throw new UnencodableException(strange(value), null);
        }
        return codec.prepare(value);
    }

    @Override
    public @Nullable Object open(Encoded encoded, @Nullable ClassLoader loader) {
        Object value;
        try {
            value = codec.open(encoded, loader);
        } catch (UndecodableException thrown) {
            throw RefusedClassException.explained(thrown);
        }
        if (value != null && !isDeclared(value)) {
            throw new UndecodableException(strange(value), null);
        }
        return value;
    }

    private boolean isDeclared(Object value) {
        return types.stream().anyMatch(type -> type.isInstance(value));
    }

    private String strange(Object value) {
        return "not of a declared type: expected=" + types + ", found="
                + value.getClass().getName();
    }
}
