package dev.procession.core;

import java.io.Serializable;
import java.util.function.BiFunction;

/**
 * A {@link BiFunction} that can travel to another JVM.
 *
 * <p>A function of two arguments. A lambda or method reference passed where this type is expected becomes serializable; what it captures must be
 * serializable too.
 *
 * @param <T> the type of the first argument
 * @param <U> the type of the second argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface SerializableBiFunction<T, U, R> extends BiFunction<T, U, R>, Serializable {}
