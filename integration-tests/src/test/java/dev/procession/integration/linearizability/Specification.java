package dev.procession.integration.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What an object does when one call is made at a time.
 *
 * @param <S> its state: immutable, with {@code equals} and {@code hashCode}
 */
interface Specification<S> {
    /** The state before any call. */
    S initial();

    /** The state after a call made in a state; null if the object cannot return there what it has returned. */
    @Nullable
    S after(S state, Operation operation);
}
