package dev.procession.process;

import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Attributes that a {@link Manager} holds: Python's {@code Namespace}. Values are copies, except proxies, which stay what
 * they stand for.
 */
public interface Namespace {
    /**
     * Reads an attribute.
     *
     * @param name its name
     * @param type its type
     * @param <T> its type
     * @return its value
     * @throws NoSuchElementException if there is none of that name
     * @throws ClassCastException if it is of another type
     */
    <T> T get(String name, Class<T> type);

    /**
     * Sets an attribute.
     *
     * @param name its name
     * @param value its value
     */
    void set(String name, Object value);

    /**
     * Deletes an attribute.
     *
     * @param name its name
     * @throws NoSuchElementException if there is none of that name
     */
    void remove(String name);

    /**
     * Whether there is an attribute.
     *
     * @param name its name
     * @return true if it was set and not deleted
     */
    boolean has(String name);

    /**
     * The attributes there are.
     *
     * @return their names at this moment
     */
    Set<String> names();
}
