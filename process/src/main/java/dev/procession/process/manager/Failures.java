package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UndecodableException;
import dev.procession.process.RemoteThrowable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions on their way from a manager to the caller: a description that can always be read, and the exception itself
 * where it can travel.
 *
 * <p>What the caller gets is of the same type, and has both stacks: the caller's own, and the manager's in a {@link
 * RemoteThrowable}, which is its cause, or a suppressed exception where it has a cause already.
 */
final class Failures {
    private Failures() {}

    static Encoded encode(Throwable thrown) {
        return Codec.standard().prepare(new @Nullable Object[] {RemoteThrowable.of(thrown), original(thrown)});
    }

    private static byte @Nullable [] original(Throwable thrown) {
        try {
            return Codec.standard().encode(thrown);
        } catch (RuntimeException | Error _) {
            return null; // the description must do
        }
    }

    /** What to throw at the caller. Never fails. */
    static Throwable decode(Encoded failure, Codec users) {
        try {
            if (Building.PLAIN.open(failure, Failures.class.getClassLoader()) instanceof Object[] parts
                    && parts.length == 2
                    && parts[0] instanceof RemoteThrowable description) {
                return parts[1] instanceof byte[] original ? rebuild(original, description, users) : description;
            }
            return new UndecodableException("not a failure of a manager", null);
        } catch (RuntimeException | Error e) {
            return new UndecodableException("cannot read what the manager threw", e);
        }
    }

    /** Rebuilding runs code of the exception's class, which may fail in any way. */
    private static Throwable rebuild(byte[] original, RemoteThrowable description, Codec users) {
        try {
            if (users.decode(original) instanceof Throwable thrown) {
                bothStacks(thrown, description);
                return thrown;
            }
        } catch (RuntimeException | Error e) {
            description.addSuppressed(e);
        }
        return description;
    }

    private static void bothStacks(Throwable thrown, RemoteThrowable description) {
        try {
            thrown.initCause(description);
        } catch (IllegalStateException _) {
            thrown.addSuppressed(description);
        }
        StackTraceElement[] here = new Throwable().getStackTrace();
        int ours = 0;
        while (ours < here.length && here[ours].getClassName().startsWith(Failures.class.getPackageName() + ".")) {
            ours++;
        }
        thrown.setStackTrace(Arrays.copyOfRange(here, ours, here.length));
    }
}
