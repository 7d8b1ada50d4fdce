package dev.procession.explore;

import dev.procession.core.spi.Interleaving;
import dev.procession.core.spi.Interleaving.Act;

/**
 * A variable whose reads and writes are steps of an {@linkplain Explorer exploration}: between two of them any other task may
 * run. Outside of one it is a plain field.
 *
 * @param <T> the type of its values
 */
public final class Variable<T> {
    private final String name;
    private T value;

    Variable(String name, T value) {
        this.name = name;
        this.value = value;
    }

    /**
     * Reads it, in a step of its own.
     *
     * @return the value
     */
    public T get() {
        take(Act.READ);
        return value;
    }

    /**
     * Writes it, in a step of its own.
     *
     * @param newValue the value
     */
    public void set(T newValue) {
        take(Act.WRITE);
        value = newValue;
    }

    private void take(Act act) {
        Interleaving inControl = Interleaving.current();
        if (inControl != null) {
            inControl.step(act, this, name, () -> true);
        }
    }

    /** Such as {@code tickets=1}; no step. */
    @Override
    public String toString() {
        return name + "=" + value;
    }
}
