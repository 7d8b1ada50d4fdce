package dev.procession.process.manager;

import dev.procession.core.codec.Encoded;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a client and a manager say to each other.
 *
 * <pre>{@code
 *  client                                                         manager
 *    | HELLO      magic, wire version, nonce --------------------->|  anything else: closed, logged
 *    |<---------- CHALLENGE   wire version, who, nonce, proof- -----|
 *    | PROOF      proof, pid -------------------------------------->|  a wrong one: REFUSED, closed, logged
 *    |<---------- WELCOME     class filter -------------------------|
 *    |                                                              |
 *    | CALL       id, thread, object, method, arguments ----------->|  any number at a time, one per thread
 *    | CANCEL     id ---------------------------------------------->|  its answer still comes
 *    |<---------- RETURNED    id, value ----------------------------|
 *    |<---------- THREW       id, failure --------------------------|
 *    | end of file: the other's end                                 |
 *
 *  0               4      5
 *  +---------------+------+-----------------+
 *  | length of the | kind | fields          |
 *  | rest, int     | byte |                 |
 *  +---------------+------+-----------------+
 * }</pre>
 *
 * <p>Nothing is deserialized but the arguments of a call, its value and its failure: by who has been admitted.
 */
sealed interface Message {
    int MAGIC = 0x50524D47;

    /** Raised whenever a message's meaning changes. */
    short WIRE_VERSION = 1;

    /** No message before the welcome is longer. */
    int MAX_GREETING_BYTES = 4096;

    int MAX_METHOD_BYTES = 4096;

    /** The length that precedes a message, and its kind. */
    int HEADER_BYTES = 5;

    record Hello(short version, Nonce nonce) implements Message {}

    record Challenge(short version, UUID manager, Nonce nonce, Nonce proof) implements Message {}

    record Proof(Nonce proof, long pid) implements Message {}

    /** {@code filter} is empty where everything may be built. */
    record Welcome(String filter) implements Message {}

    record Refused(String reason) implements Message {}

    /**
     * A call of a method.
     *
     * @param id tells it from the others of this line
     * @param thread the caller's, to whom locks belong
     * @param object which one
     * @param caller whether the caller was interrupted before
     * @param method name and descriptor of the parameters
     * @param arguments an array
     */
    record Call(long id, long thread, long object, Interrupt caller, String method, Encoded arguments)
            implements Message {}

    record Cancel(long id) implements Message {}

    record Returned(long id, Encoded value) implements Message {}

    record Threw(long id, Encoded failure) implements Message {}

    /** Whether a calling thread had its interrupt flag set. */
    enum Interrupt {
        NONE,
        PENDING
    }

    /** 32 bytes, random or proof. */
    record Nonce(ByteBuffer content) {
        static Nonce of(byte[] bytes) {
            return new Nonce(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }

        static Nonce random() {
            return of(Key.randomBytes());
        }

        private static Nonce read(ByteBuffer in) {
            byte[] bytes = new byte[Key.BYTES];
            in.get(bytes);
            return of(bytes);
        }

        byte[] bytes() {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            return bytes;
        }
    }

    /** The message with its length, ready to be sent. */
    default ByteBuffer encode() {
        return switch (this) {
            case Hello hello ->
                frame('H', 4 + 2 + Key.BYTES)
                        .putInt(MAGIC)
                        .putShort(hello.version())
                        .put(hello.nonce().bytes())
                        .flip();
            case Challenge challenge ->
                frame('C', 2 + 16 + 2 * Key.BYTES)
                        .putShort(challenge.version())
                        .putLong(challenge.manager().getMostSignificantBits())
                        .putLong(challenge.manager().getLeastSignificantBits())
                        .put(challenge.nonce().bytes())
                        .put(challenge.proof().bytes())
                        .flip();
            case Proof proof ->
                frame('P', Key.BYTES + 8)
                        .put(proof.proof().bytes())
                        .putLong(proof.pid())
                        .flip();
            case Welcome welcome -> text('W', welcome.filter());
            case Refused refused -> text('R', refused.reason());
            case Call call -> {
                byte[] method = call.method().getBytes(StandardCharsets.UTF_8);
                ByteBuffer out = frame(
                        'c',
                        8
                                + 8
                                + 8
                                + 1
                                + 2
                                + (long) method.length
                                + call.arguments().size());
                out.putLong(call.id()).putLong(call.thread()).putLong(call.object());
                out.put((byte) (call.caller() == Interrupt.PENDING ? 1 : 0))
                        .putShort((short) method.length)
                        .put(method);
                yield tail(out, call.arguments());
            }
            case Cancel cancel -> frame('x', 8).putLong(cancel.id()).flip();
            case Returned returned ->
                tail(frame('r', 8L + returned.value().size()).putLong(returned.id()), returned.value());
            case Threw threw -> tail(frame('t', 8L + threw.failure().size()).putLong(threw.id()), threw.failure());
        };
    }

    private static ByteBuffer frame(char kind, long fieldsBytes) {
        long length = 1 + fieldsBytes;
        if (length > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "too large for one message: lengthBytes=" + length + ", max=" + (Integer.MAX_VALUE - 16));
        }
        return ByteBuffer.allocate((int) length + 4).putInt((int) length).put((byte) kind);
    }

    private static ByteBuffer text(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return frame(kind, bytes.length).put(bytes).flip();
    }

    private static ByteBuffer tail(ByteBuffer out, Encoded value) {
        value.copyTo(MemorySegment.ofBuffer(out), 0);
        return out.position(out.limit()).flip();
    }

    /**
     * Reads a message; nothing of the buffer is referred to afterwards.
     *
     * @param in kind and fields of one message
     * @throws ProtocolException if it is none
     */
    static Message decode(ByteBuffer in) throws ProtocolException {
        try {
            Message message = read(in);
            if (in.hasRemaining()) {
                throw new ProtocolException("not a message of ours: bytes left over=" + in.remaining());
            }
            return message;
        } catch (BufferUnderflowException _) {
            throw new ProtocolException("not a message of ours: it ends too early");
        }
    }

    private static Message read(ByteBuffer in) throws ProtocolException {
        byte kind = in.get();
        return switch (kind) {
            case 'H' -> {
                int magic = in.getInt();
                if (magic != MAGIC) {
                    throw new ProtocolException("not a client of ours: magic=" + Integer.toHexString(magic));
                }
                yield new Hello(in.getShort(), Nonce.read(in));
            }
            case 'C' ->
                new Challenge(in.getShort(), new UUID(in.getLong(), in.getLong()), Nonce.read(in), Nonce.read(in));
            case 'P' -> new Proof(Nonce.read(in), in.getLong());
            case 'W' -> new Welcome(text(in, in.remaining()));
            case 'R' -> new Refused(text(in, in.remaining()));
            case 'c' -> new Call(in.getLong(), in.getLong(), in.getLong(), interrupt(in.get()), method(in), value(in));
            case 'x' -> new Cancel(in.getLong());
            case 'r' -> new Returned(in.getLong(), value(in));
            case 't' -> new Threw(in.getLong(), value(in));
            default -> throw new ProtocolException("not a message of ours: kind=" + kind);
        };
    }

    private static Interrupt interrupt(byte flag) throws ProtocolException {
        return switch (flag) {
            case 0 -> Interrupt.NONE;
            case 1 -> Interrupt.PENDING;
            default -> throw new ProtocolException("not a message of ours: interrupt flag=" + flag);
        };
    }

    private static String method(ByteBuffer in) throws ProtocolException {
        int length = in.getShort();
        if (length < 0 || length > MAX_METHOD_BYTES) {
            throw new ProtocolException("not a message of ours: length of a method's name=" + length);
        }
        return text(in, length);
    }

    private static String text(ByteBuffer in, int lengthBytes) {
        byte[] bytes = new byte[Math.min(lengthBytes, in.remaining() + 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Encoded value(ByteBuffer in) {
        Encoded value = Encoded.copyFrom(MemorySegment.ofBuffer(in), 0, in.remaining());
        in.position(in.limit());
        return value;
    }
}
