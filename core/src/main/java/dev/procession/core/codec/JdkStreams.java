package dev.procession.core.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** The JDK's own serialization, its reading side behind a class filter and a chosen class loader. */
final class JdkStreams {
    private JdkStreams() {}

    static void write(@Nullable Object value, Output out) throws IOException {
        try (var stream = new ObjectOutputStream(new OutputAdapter(out))) {
            stream.writeObject(value);
        }
    }

    static @Nullable Object read(
            byte[] bytes, int offset, int size, @Nullable ClassLoader loader, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        try (var stream =
                new LoaderInputStream(new ByteArrayInputStream(bytes, offset, size), ClassFinder.of(loader))) {
            stream.setObjectInputFilter(ClassFilter.forStream(filter, size));
            return stream.readObject();
        }
    }

    private static final class OutputAdapter extends OutputStream {
        private final Output out;

        OutputAdapter(Output out) {
            this.out = out;
        }

        @Override
        public void write(int value) {
            out.putByte(value);
        }

        @Override
        public void write(byte[] source, int offset, int count) {
            int position = out.claim(count);
            System.arraycopy(source, offset, out.array(), position, count);
        }
    }

    private static final class LoaderInputStream extends ObjectInputStream {
        private final ClassFinder finder;

        LoaderInputStream(InputStream in, ClassFinder finder) throws IOException {
            super(in);
            this.finder = finder;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return finder.findUnfiltered(description.getName());
            } catch (ClassNotFoundException _) {
                return super.resolveClass(description); // knows the primitive types
            }
        }

        @Override
        @SuppressWarnings("deprecation") // the class itself is asked for, there is no instance yet
        protected Class<?> resolveProxyClass(String[] interfaceNames) throws IOException, ClassNotFoundException {
            Class<?>[] interfaces = new Class<?>[interfaceNames.length];
            for (int i = 0; i < interfaceNames.length; i++) {
                interfaces[i] = finder.findUnfiltered(interfaceNames[i]);
            }
            if (interfaces.length == 0) {
                return super.resolveProxyClass(interfaceNames);
            }
            try {
                return Proxy.getProxyClass(interfaces[0].getClassLoader(), interfaces);
            } catch (IllegalArgumentException e) {
                throw new ClassNotFoundException("no proxy class for these interfaces", e);
            }
        }
    }
}
