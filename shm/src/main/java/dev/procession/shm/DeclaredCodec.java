package dev.procession.shm;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UndecodableException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * The codec of something with a name, which any process of this user may have written to: it builds nothing but what the
 * filter lets pass, and lets nothing through but values of the declared type.
 */
final class DeclaredCodec implements Codec {
    private final Class<?> type;
    private final Codec codec;

    private DeclaredCodec(Class<?> type, ObjectInputFilter filter) {
        this.type = type;
        this.codec = Codec.accepting(filter);
    }

    /** For values of a type; by {@link #defaultFilter} unless the user has one. */
    static Codec of(Class<?> type, @Nullable ObjectInputFilter users) {
        return new DeclaredCodec(type, users == null ? defaultFilter(type) : users);
    }

    /**
     * Lets pass the type, what is in its package or below, and value classes of the JDK; refuses the rest, lambdas of
     * other packages among it.
     */
    private static ObjectInputFilter defaultFilter(Class<?> type) {
        String ours = type.getPackageName();
        return info -> {
            Class<?> asked = info.serialClass();
            if (asked == null) {
                return ObjectInputFilter.Status.UNDECIDED;
            }
            Class<?> element = elementOf(asked);
            boolean allowed = element == type
                    || element.isPrimitive()
                    || isIn(element, ours)
                    || isJdkValue(element.getPackageName());
            if (!allowed) {
                throw new RefusedClassException(asked, type);
            }
            return ObjectInputFilter.Status.ALLOWED;
        };
    }

    /** Thrown rather than answered, since whoever asks a filter tells nobody which class it refused. */
    private static final class RefusedClassException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedClassException(Class<?> refused, Class<?> declared) {
            super("class=" + refused.getName() + " may not be in what is declared to hold " + declared.getName()
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
        if (value != null && !type.isInstance(value)) {
            throw new UndecodableException(
                    "not of the declared type: expected=" + type.getName() + ", found="
                            + value.getClass().getName(),
                    null);
        }
        return value;
    }
}
