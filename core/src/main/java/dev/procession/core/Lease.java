package dev.procession.core;

import java.time.Duration;

/**
 * An item of a {@link LeasedQueue}, delivered on trust: nobody else gets it while the lease lasts, and it comes back to
 * the queue unless it is acknowledged.
 *
 * <pre>{@code
 *   try (Lease<Order> lease = orders.lease(Duration.ofSeconds(30))) {
 *       cook(lease.get());
 *       lease.ack();
 *   } // an exception before ack: the order goes back to the queue
 * }</pre>
 *
 * <p>A lease ends once: by {@link #ack}, {@link #nack}, {@link #reject} or {@link #close}, by its time running out, or by
 * the death of its process. Whoever acts on it afterwards gets a {@link LeaseLostException}: by then the item may be
 * somebody else's. {@link #token} lets a third party see that too.
 *
 * <p>May be used by any thread of the process that leased it, also by several at once: exactly one of two concurrent
 * calls that end the lease succeeds.
 *
 * @param <E> the type of the item
 */
public interface Lease<E> extends AutoCloseable {
    /**
     * The item. It stays readable after the lease ended.
     *
     * @return the item, decoded once
     */
    E get();

    /**
     * How often the item was delivered, this time included: 1 for an item that never came back. Above 1, part of the
     * work may have been done by an earlier holder.
     *
     * @return the number of deliveries, at least 1
     */
    int deliveries();

    /**
     * The fencing token of this delivery. Tokens of one queue grow with every delivery, so a store that remembers the
     * greatest token it saw can refuse a late write of a holder that lost its lease without noticing.
     *
     * @return the token, greater than that of every earlier delivery of the queue
     */
    long token();

    /**
     * Says that the work is done; the item is gone from the queue.
     *
     * @throws LeaseLostException if the lease had ended before; the item may be delivered to somebody else
     */
    void ack();

    /**
     * Gives the item back to the queue, to be delivered again at once.
     *
     * @throws LeaseLostException if the lease had ended before
     */
    default void nack() {
        nack(Duration.ZERO);
    }

    /**
     * Gives the item back to the queue, to be delivered again later.
     *
     * @param delay it is not delivered before this time has passed; zero or less: at once
     * @throws LeaseLostException if the lease had ended before
     */
    void nack(Duration delay);

    /**
     * Gives the item up: it goes to the queue's {@linkplain LeasedQueue#deadLetters dead letters}.
     *
     * @throws LeaseLostException if the lease had ended before
     * @throws IllegalStateException if the dead letters are full; the item is still leased
     */
    void reject();

    /**
     * Lets the lease last for another time, counted from now.
     *
     * @param leaseTime how long from now
     * @throws LeaseLostException if the lease had ended before
     * @throws IllegalArgumentException if {@code leaseTime} is not positive
     */
    void renew(Duration leaseTime);

    /**
     * Gives the item back unless the lease has ended; then it does nothing. Never throws {@link LeaseLostException}.
     */
    @Override
    void close();
}
