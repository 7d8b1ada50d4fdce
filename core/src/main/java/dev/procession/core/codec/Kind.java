package dev.procession.core.codec;

/**
 * The first byte of every value in the standard codec's form.
 *
 * <p>Numbers are part of the wire format: they are never given a new meaning. All lengths and counts are variable-length
 * integers (seven bits a byte, lowest first), all numbers little-endian.
 *
 * <pre>
 *   NULL TRUE FALSE                 nothing
 *   BYTE .. DOUBLE                  the value, 1 to 8 bytes
 *   LATIN1, UTF16                   length in bytes, bytes
 *   BYTES, BOOLEANS .. DOUBLES      count, elements
 *   STRINGS, OBJECTS                count, values
 *   ARRAY_LIST .. TREE_MAP          count, values (of a map: key, value, key, value ...)
 *   ENUM                            class name, constant's name
 *   RECORD                          class name, signature (int), component values
 *   LAMBDA                          shape (length, hash, bytes), count, captured values
 *   JDK                             the JDK's serialization stream; only as the outermost value
 * </pre>
 */
final class Kind {
    static final byte NULL = 0;
    // 1 is Encoded.RAW: bytes to the end, only as the outermost value
    static final byte TRUE = 2;
    static final byte FALSE = 3;
    static final byte BYTE = 4;
    static final byte SHORT = 5;
    static final byte CHAR = 6;
    static final byte INT = 7;
    static final byte LONG = 8;
    static final byte FLOAT = 9;
    static final byte DOUBLE = 10;
    static final byte LATIN1 = 11;
    static final byte UTF16 = 12;

    static final byte BYTES = 20;
    static final byte BOOLEANS = 21;
    static final byte SHORTS = 22;
    static final byte CHARS = 23;
    static final byte INTS = 24;
    static final byte LONGS = 25;
    static final byte FLOATS = 26;
    static final byte DOUBLES = 27;
    static final byte STRINGS = 28;
    static final byte OBJECTS = 29;

    static final byte ARRAY_LIST = 40;
    static final byte LIST = 41;
    static final byte HASH_SET = 42;
    static final byte SET = 43;
    static final byte HASH_MAP = 44;
    static final byte MAP = 45;
    static final byte TREE_MAP = 46;

    static final byte ENUM = 60;
    static final byte RECORD = 61;
    static final byte LAMBDA = 62;

    static final byte JDK = 100;

    private Kind() {}
}
