package dev.procession.core.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.Nullable;

/** The JDK's own serialization, its reading side behind a class filter. */
final class JdkCodec implements Codec {
    static final JdkCodec STANDARD =
            new JdkCodec(ObjectInputFilter.Config.createFilter("maxdepth=1000;maxrefs=100000000"));

    private final ObjectInputFilter filter;

    JdkCodec(ObjectInputFilter filter) {
        this.filter = filter;
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UnencodableException("cannot serialize: " + e, e);
        }
        return bytes.toByteArray();
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(filter);
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new UndecodableException("cannot deserialize: " + e, e);
        }
    }
}
