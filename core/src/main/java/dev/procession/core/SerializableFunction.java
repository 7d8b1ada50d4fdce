package dev.procession.core;

import java.io.Serializable;
import java.util.function.Function;

/**
 * A {@link Function} that can travel to another JVM.
 *
 * <p>A function of one argument. A lambda or method reference passed where this type is expected becomes serializable; what it captures must be
 * serializable too.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface SerializableFunction<T, R> extends Function<T, R>, Serializable {}
