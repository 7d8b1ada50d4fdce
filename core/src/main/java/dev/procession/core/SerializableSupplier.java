package dev.procession.core;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * A {@link Supplier} that can travel to another JVM.
 *
 * <p>A source of results. A lambda or method reference passed where this type is expected becomes serializable; what it captures must be
 * serializable too.
 *
 * @param <T> the type of the results
 */
@FunctionalInterface
public interface SerializableSupplier<T> extends Supplier<T>, Serializable {}
