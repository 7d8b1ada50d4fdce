package dev.procession.process;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One value that a {@link Manager} holds: Python's {@code Value}. What {@link #get} gives is a copy; changing it changes
 * nothing here.
 *
 * @param <T> the type of the value
 */
public interface ManagedValue<T extends @Nullable Object> {
    /**
     * Reads the value.
     *
     * @return a copy of what was set last
     */
    T get();

    /**
     * Sets the value.
     *
     * @param value the new one
     */
    void set(T value);

    /**
     * Changes the value by a function, which runs in the caller once. Other changes wait meanwhile, in every process; if the
     * function throws, or its process dies, the old value stays.
     *
     * @param change makes the new value of the old one; it may not change this value otherwise
     * @return the new value
     */
    T update(UnaryOperator<T> change);
}
