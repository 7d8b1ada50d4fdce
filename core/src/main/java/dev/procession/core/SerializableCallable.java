package dev.procession.core;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * A {@link Callable} that can travel to another JVM.
 *
 * <p>A task with a result, which may throw. A lambda or method reference passed where this type is expected becomes serializable; what it captures must be
 * serializable too.
 *
 * @param <V> the type of the result
 */
@FunctionalInterface
public interface SerializableCallable<V> extends Callable<V>, Serializable {}
