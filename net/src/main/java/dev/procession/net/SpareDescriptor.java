package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One descriptor that is kept for the moment when the system has no other. To report that, logging may have to read its settings or
 * the time zone, and the JVM a class: without a descriptor the report itself would be lost.
 *
 * <p>For one thread.
 */
final class SpareDescriptor implements AutoCloseable {
    private @Nullable SocketChannel kept;

    /** Takes one. */
    void keep() {
        kept = open();
    }

    /** Gives it up while the action runs. */
    void lend(Runnable action) {
        close();
        try {
            action.run();
        } finally {
            keep();
        }
    }

    /** Nothing where there is none: then the action has to do without, as it would have. */
    private static @Nullable SocketChannel open() {
        try {
            return SocketChannel.open();
        } catch (IOException noneLeft) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            if (kept != null) {
                kept.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kept = null;
    }
}
