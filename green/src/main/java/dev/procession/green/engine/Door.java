package dev.procession.green.engine;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Ways to a lookup that the JDK trusts. What is done with it is in {@link Internals}. */
final class Door {
    private static @Nullable Lookup trusted;

    private Door() {}

    /**
     * Opens the JDK by the user's own flag.
     *
     * @throws java.lang.reflect.InaccessibleObjectException without the flag
     */
    static void openByFlag() throws ReflectiveOperationException {
        Field field = Lookup.class.getDeclaredField("IMPL_LOOKUP");
        field.setAccessible(true);
        trusted = (Lookup) field.get(null);
    }

    /**
     * Opens the JDK by the means it leaves to serialization libraries: a constructor made for deserialization is accessible
     * whatever module it belongs to, and the one asked for may be the class's own. Found by name, as the compiler warns of the
     * package and a JDK may come without it.
     */
    static void openByReflectionFactory() throws ReflectiveOperationException {
        Constructor<Lookup> own = Lookup.class.getDeclaredConstructor(Class.class, Class.class, int.class);
        Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
        Object factory = factories.getMethod("getReflectionFactory").invoke(null);
        var opened = (Constructor<?>) factories
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(factory, Lookup.class, own);
        trusted = (Lookup) opened.newInstance(Object.class, null, /* allowedModes= TRUSTED */ -1);
    }

    static Lookup trusted() {
        Lookup opened = trusted;
        if (opened == null) {
            throw new IllegalStateException("no door into the JDK was opened");
        }
        return opened;
    }
}
