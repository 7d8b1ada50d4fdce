package dev.procession.core.codec;

import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and back, between JVMs that trust each other.
 *
 * <p>Bytes are only ever decoded when they came over one of Procession's own channels: shared memory or a socket in a
 * folder that belongs to this user alone. Even so, a {@link ObjectInputFilter class filter} decides what may be built.
 *
 * <p>Codecs are immutable and safe for use by many threads at once.
 */
public interface Codec {
    /**
     * The default codec, which needs no dependency.
     *
     * @return the codec, with the standard class filter
     */
    static Codec standard() {
        return JdkCodec.STANDARD;
    }

    /**
     * Turns a value into bytes.
     *
     * @param value the value; null is a value like any other
     * @return its bytes
     * @throws UnencodableException if the value, or something it refers to, is not serializable; the message names the
     *     path of fields that leads there
     */
    byte[] encode(@Nullable Object value);

    /**
     * Builds the value anew.
     *
     * @param bytes what {@link #encode} of the same codec made
     * @return the value
     * @throws UndecodableException if the bytes are damaged, a class is missing here, or the class filter refuses one
     */
    @Nullable
    Object decode(byte[] bytes);
}
