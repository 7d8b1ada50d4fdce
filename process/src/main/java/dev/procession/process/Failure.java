package dev.procession.process;

import dev.procession.core.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An exception on its way from a child to its parent: a description that can always be read, and the exception itself
 * where it can travel.
 */
final class Failure {
    private Failure() {}

    static byte[] encode(Throwable thrown) {
        return ControlChannel.payloadOf(out -> {
            RemoteThrowable.write(thrown, out);
            byte[] original = original(thrown);
            out.writeInt(original.length);
            out.write(original);
        });
    }

    private static byte[] original(Throwable thrown) {
        try {
            return Codec.standard().encode(thrown);
        } catch (RuntimeException | StackOverflowError _) {
            return new byte[0]; // the description must do
        }
    }

    /** The exception with its remote stack, or a {@link RemoteThrowable} where it cannot be rebuilt. */
    static Throwable decode(byte[] payload) {
        try {
            var in = new DataInputStream(new ByteArrayInputStream(payload));
            RemoteThrowable standIn = RemoteThrowable.read(in);
            byte[] original = in.readNBytes(in.readInt());
            try {
                if (original.length > 0 && Codec.standard().decode(original) instanceof Throwable thrown) {
                    return thrown;
                }
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                standIn.addSuppressed(e);
            }
            return standIn;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
