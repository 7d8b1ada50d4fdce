package dev.procession.core;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * A {@link Consumer} that can travel to another JVM.
 *
 * <p>An action on one argument. A lambda or method reference passed where this type is expected becomes serializable; what it captures must be
 * serializable too.
 *
 * @param <T> the type of the argument
 */
@FunctionalInterface
public interface SerializableConsumer<T> extends Consumer<T>, Serializable {}
