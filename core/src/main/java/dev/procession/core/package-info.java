/**
 * The contracts every other module speaks.
 *
 * <p>{@code SerializableRunnable}, {@code SerializableCallable}, {@code SerializableSupplier}, {@code
 * SerializableFunction}, {@code SerializableBiFunction} and {@code SerializableConsumer} each extend the JDK interface
 * of the same name without its prefix, so that a lambda given to an overload that takes one of them becomes
 * serializable without a cast. {@code SerializableAction} may throw and is what a child process runs.
 *
 * <p>How such a lambda becomes bytes and comes back is told in {@link dev.procession.core.codec}.
 */
package dev.procession.core;
