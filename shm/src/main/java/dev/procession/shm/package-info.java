/**
 * Locks and values in memory shared by the JVMs of one host, which survive the death of any of them at any instruction.
 *
 * <p>{@link dev.procession.shm.SharedLock} is the simplest, and tells what all of them have in common. Primitives are made
 * by {@code create(...)} in the memory of the {@linkplain dev.procession.shm.FamilySpace family}, travel to other JVMs
 * inside serialized lambdas and messages, and live until they are closed or the family's root process ends.
 *
 * <p>Memory effects: what happens in one process before it releases, sets, signals or counts down happens before what
 * happens in another after it has acquired, seen, been signalled or waited, as far as shared memory is concerned.
 */
package dev.procession.shm;
