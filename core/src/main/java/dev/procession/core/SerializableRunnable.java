package dev.procession.core;

import java.io.Serializable;

/**
 * A {@link Runnable} that can travel to another JVM.
 *
 * <p>An action without result that throws no checked exception; {@link SerializableAction} is the one that may. A lambda
 * or method reference passed where this type is expected becomes serializable; what it captures must be serializable
 * too.
 */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
