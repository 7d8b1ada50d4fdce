package dev.procession.core.spi;

import dev.procession.core.SerializableCallable;
import org.jspecify.annotations.Nullable;

/**
 * An action as a call. It can travel if the action can.
 *
 * @param action what to do
 */
public record ActionCall(Runnable action) implements SerializableCallable<@Nullable Object> {
    @Override
    public @Nullable Object call() {
        action.run();
        return null;
    }
}
