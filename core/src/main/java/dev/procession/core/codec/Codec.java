package dev.procession.core.codec;

import java.io.ObjectInputFilter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and back, between JVMs that trust each other.
 *
 * <p>Bytes are only ever decoded when they came over one of Procession's own channels: shared memory or a socket in a
 * folder that belongs to this user alone. Even so, a {@link ObjectInputFilter class filter} can decide what may be
 * built, and damaged bytes end in an {@link UndecodableException}: never in a value half built, nor in memory out of
 * proportion to their number.
 *
 * <p>A channel that owns memory asks for an {@link Encoded} instead of an array: it is measured, so that room can be
 * claimed, and then copied once, straight to its place.
 *
 * <pre>{@code
 *   sender                                         receiver
 *   encoded = codec.prepare(value)                 encoded = codec.receive(ring, position, length)
 *   claim encoded.size() bytes                     give the room back
 *   encoded.copyTo(ring, position)                 value = codec.open(encoded, loader)
 * }</pre>
 *
 * <p>Codecs are immutable and safe for use by many threads at once.
 */
public interface Codec {
    /**
     * The default codec, which needs no dependency.
     *
     * <p>What it keeps, and how:
     *
     * <table>
     * <caption>What comes back for what was sent</caption>
     * <tr><th>sent</th><th>comes back as</th></tr>
     * <tr><td>null, boxed primitives, strings, arrays of primitives or of strings</td><td>itself</td></tr>
     * <tr><td>enum constants</td><td>the same constant, found by name</td></tr>
     * <tr><td>serializable records and lambdas</td><td>an equal record, the same lambda with its captures</td></tr>
     * <tr><td>{@code ArrayList}, {@code HashMap}, {@code HashSet}, {@code TreeMap} in natural order, {@code Object[]}</td>
     *     <td>the same class, equal content</td></tr>
     * <tr><td>{@code List.of}, {@code Stream.toList}, {@code Set.of}, {@code Map.of}</td>
     *     <td>an unmodifiable collection of equal content; a list answers {@code contains(null)} with false</td></tr>
     * <tr><td>any other {@link java.io.Serializable}</td><td>what the JDK's serialization makes of it</td></tr>
     * </table>
     *
     * <p>An object that is reached twice, or reaches itself, comes back as one object that is reached twice, whatever
     * path was taken. Only boxed primitives and strings may come back as several equal copies.
     *
     * @return the codec, which accepts every serializable class
     */
    static Codec standard() {
        return StandardCodec.OPEN;
    }

    /**
     * The default codec, which builds only what a filter lets pass.
     *
     * <p>The filter is asked for every record, enum and lambda (its capturing class), and for every class the JDK's
     * serialization reads; values of the JDK that the codec has its own form for are always let pass. A class for which
     * the filter is undecided passes.
     *
     * @param filter decides which classes may be built
     * @return a codec that encodes as {@link #standard} does
     */
    static Codec accepting(ObjectInputFilter filter) {
        return new StandardCodec(filter);
    }

    /**
     * Encodes a value so that it can be measured and then copied to its place.
     *
     * <p>A {@code byte[]} is not copied: it must stay unchanged until {@link Encoded#copyTo} was called.
     *
     * @param value the value; null is a value like any other
     * @return the value in bytes
     * @throws UnencodableException if the value, or something it refers to, is not serializable; the message names the
     *     path of fields that leads there
     */
    Encoded prepare(@Nullable Object value);

    /**
     * Takes the bytes of a value out of a channel's memory, with one copy. Nothing is built yet, and nothing of the
     * memory is referred to afterwards.
     *
     * @param source the memory
     * @param offsetBytes where the value starts in it
     * @param sizeBytes its {@link Encoded#size}
     * @return the bytes, to be {@linkplain #open opened}
     */
    default Encoded receive(MemorySegment source, long offsetBytes, int sizeBytes) {
        return Encoded.copyFrom(source, offsetBytes, sizeBytes);
    }

    /**
     * Builds the value anew.
     *
     * @param encoded what {@link #prepare} of the same codec made
     * @param loader finds the classes; those it does not know are looked for where Procession itself comes from
     * @return the value
     * @throws UndecodableException if the bytes are damaged, a class is missing here, or the class filter refuses one
     */
    @Nullable
    Object open(Encoded encoded, @Nullable ClassLoader loader);

    /**
     * Turns a value into bytes.
     *
     * @param value the value; null is a value like any other
     * @return its bytes
     * @throws UnencodableException as {@link #prepare}
     */
    default byte[] encode(@Nullable Object value) {
        return prepare(value).toByteArray();
    }

    /**
     * Builds the value anew, with the classes of the calling thread's context class loader.
     *
     * @param bytes what {@link #encode} of the same codec made
     * @return the value
     * @throws UndecodableException as {@link #open}
     */
    default @Nullable Object decode(byte[] bytes) {
        return decode(bytes, Thread.currentThread().getContextClassLoader());
    }

    /**
     * Builds the value anew, with the classes of a given class loader.
     *
     * @param bytes what {@link #encode} of the same codec made
     * @param loader finds the classes; those it does not know are looked for where Procession itself comes from
     * @return the value
     * @throws UndecodableException as {@link #open}
     */
    default @Nullable Object decode(byte[] bytes, @Nullable ClassLoader loader) {
        return open(Encoded.of(bytes), loader);
    }
}
