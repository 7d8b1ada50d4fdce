package dev.procession.process;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
        } catch (RuntimeException | Error _) {
            return new byte[0]; // the description must do
        }
    }

    /** The exception with its remote stack, or a stand-in where it cannot be rebuilt. Never fails. */
    static Throwable decode(byte[] payload, @Nullable ClassLoader loader) {
        try {
            var in = new DataInputStream(new ByteArrayInputStream(payload));
            RemoteThrowable description = RemoteThrowable.read(in);
            return rebuild(in.readNBytes(in.readInt()), loader, description);
        } catch (IOException | RuntimeException | Error e) {
            return new UndecodableException("cannot read what the child threw", e);
        }
    }

    /** Rebuilding runs code of the exception's class, which may fail in any way. */
    private static Throwable rebuild(byte[] original, @Nullable ClassLoader loader, RemoteThrowable description) {
        try {
            if (original.length > 0 && Codec.standard().decode(original, loader) instanceof Throwable thrown) {
                return thrown;
            }
        } catch (RuntimeException | Error e) {
            description.addSuppressed(e);
        }
        return description;
    }
}
