package dev.procession.core.codec;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * The codec without dependencies: its own form for values that are trees of well-known classes, the JDK's serialization
 * for all others.
 */
final class StandardCodec implements Codec {
    static final StandardCodec OPEN = new StandardCodec(null);

    private static final int EXPECTED_BYTES = 128;

    private final @Nullable ObjectInputFilter filter;

    StandardCodec(@Nullable ObjectInputFilter filter) {
        this.filter = filter;
    }

    @Override
    public Encoded prepare(@Nullable Object value) {
        if (value instanceof byte[] body) {
            return Encoded.raw(body);
        }
        try {
            var out = new Output(EXPECTED_BYTES);
            return new GraphWriter(out).write(value, 0)
                    ? Encoded.framed(out.array(), out.size())
                    : prepareForeign(value);
        } catch (UnencodableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnencodableException("cannot serialize, it failed or changed meanwhile: " + e, e);
        }
    }

    private static Encoded prepareForeign(@Nullable Object value) {
        var out = new Output(4 * EXPECTED_BYTES);
        out.putByte(Kind.JDK);
        try {
            JdkStreams.write(value, out);
        } catch (IOException e) {
            throw new UnencodableException(FaultPath.explain(value, e), e);
        } catch (StackOverflowError e) {
            throw new UnencodableException("cannot serialize: nested too deeply, or in a cycle of writeReplace", e);
        }
        return Encoded.framed(out.array(), out.size());
    }

    @Override
    public @Nullable Object open(Encoded encoded, @Nullable ClassLoader loader) {
        if (encoded.isRaw()) {
            return encoded.array();
        }
        try {
            return read(encoded.array(), encoded.size(), loader);
        } catch (UndecodableException e) {
            throw e;
        } catch (InvalidClassException e) {
            throw e.getCause() instanceof UndecodableException refusal
                    ? refusal
                    : new UndecodableException("cannot deserialize: " + e + ", sizeBytes=" + encoded.size(), e);
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError | LinkageError e) {
            throw new UndecodableException("cannot deserialize: " + e + ", sizeBytes=" + encoded.size(), e);
        }
    }

    private @Nullable Object read(byte[] bytes, int size, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        if (size > 0 && bytes[0] == Kind.JDK) {
            return JdkStreams.read(bytes, 1, size - 1, loader, filter);
        }
        var in = new Input(bytes, size);
        Object value = new GraphReader(in, ClassFinder.of(loader), filter).read(0);
        if (in.remaining() > 0) {
            throw in.damaged("bytes left over=" + in.remaining());
        }
        return value;
    }
}
