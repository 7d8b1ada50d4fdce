package dev.procession.shm.map;

import dev.procession.core.codec.Encoded;
import org.jspecify.annotations.Nullable;

/** What is to become of a value. */
@FunctionalInterface
public interface Change {
    /**
     * Decides, under the lock of the key's stripe.
     *
     * @param old the value, or null if there is none
     * @return the value to be; null for none; the same object to leave all as it is
     */
    @Nullable
    Encoded of(@Nullable Encoded old);
}
