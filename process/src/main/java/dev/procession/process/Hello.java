package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.process.ControlChannel.Kind;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A child's first word. Everything else waits until the parent has checked it, so it is small and of fixed shape.
 *
 * @param token the secret the parent gave the child in its environment
 */
record Hello(Token token) {
    private static final int PAYLOAD_BYTES = 4 + 2 + Token.BYTES;

    /** A secret for one start of one child. */
    record Token(String hex) {
        static final int BYTES = 16;

        static Token random() {
            byte[] secret = new byte[BYTES];
            new SecureRandom().nextBytes(secret);
            return new Token(HexFormat.of().formatHex(secret));
        }

        boolean matches(Token other) {
            return MessageDigest.isEqual(bytes(), other.bytes());
        }

        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return "Token[secret]";
        }
    }

    void send(ControlChannel channel) throws IOException {
        channel.send(
                Kind.HELLO,
                ByteBuffer.allocate(PAYLOAD_BYTES)
                        .putInt(ControlChannel.MAGIC)
                        .putShort(ControlChannel.WIRE_VERSION)
                        .put(token.bytes())
                        .array());
    }

    /**
     * Waits for a hello and checks it.
     *
     * @throws ProtocolException if the peer is not the one that knows the token, or speaks another version
     */
    static void expect(Token token, ControlChannel channel) throws IOException {
        if (!receive(channel).token().matches(token)) {
            throw new ProtocolException("wrong token");
        }
    }

    private static Hello receive(ControlChannel channel) throws IOException {
        Frame frame = channel.expect(Kind.HELLO, PAYLOAD_BYTES);
        DataInputStream in = frame.open();
        int magic = in.readInt();
        short version = in.readShort();
        if (magic != ControlChannel.MAGIC || version != ControlChannel.WIRE_VERSION) {
            throw new ProtocolException("not a child of ours: magic=" + Integer.toHexString(magic) + ", wireVersion="
                    + version + ", expected=" + ControlChannel.WIRE_VERSION);
        }
        byte[] token = in.readNBytes(Token.BYTES);
        if (token.length < Token.BYTES) {
            throw new EOFException("half a token");
        }
        return new Hello(new Token(HexFormat.of().formatHex(token)));
    }
}
