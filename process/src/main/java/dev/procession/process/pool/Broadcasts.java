package dev.procession.process.pool;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The values that a pool has sent to this worker for all its tasks: each is built at its first use, and once. */
public final class Broadcasts {
    private static final Map<Long, Received> RECEIVED = new ConcurrentHashMap<>();

    private Broadcasts() {}

    private static final class Received {
        private final ClassLoader loader;

        // Guarded by this.
        private @Nullable Encoded encoded;
        private @Nullable Object value;

        Received(Encoded encoded, ClassLoader loader) {
            this.encoded = encoded;
            this.loader = loader;
        }

        synchronized @Nullable Object value() {
            if (encoded != null) {
                value = Codec.standard().open(encoded, loader);
                encoded = null;
            }
            return value;
        }
    }

    static void receive(long key, Encoded encoded, ClassLoader loader) {
        RECEIVED.put(key, new Received(encoded, loader));
    }

    static void drop(long key) {
        RECEIVED.remove(key);
    }

    /**
     * A value.
     *
     * @param key its number in its pool
     * @return the value, the same object each time
     * @throws IllegalStateException if it is not here
     */
    public static @Nullable Object get(long key) {
        Received received = RECEIVED.get(key);
        if (received == null) {
            throw new IllegalStateException(
                    "not here: the broadcast was closed, or this process is no worker of its pool:" + " broadcast="
                            + key + ", pid=" + ProcessHandle.current().pid());
        }
        return received.value();
    }
}
