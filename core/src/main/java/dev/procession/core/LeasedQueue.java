package dev.procession.core;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue between processes whose items can be taken on trust: {@linkplain #lease leased}, worked on, and only then
 * {@linkplain Lease#ack acknowledged}.
 *
 * <p>It has the same contract over shared memory, files, databases and brokers. An item is taken in one of two ways:
 *
 * <table>
 * <caption>Two ways to take an item</caption>
 * <tr><th></th><th>delivered</th><th>the taker dies</th></tr>
 * <tr><td>{@code take()}, {@code poll()}, {@code drainTo()}</td><td>at most once</td><td>the item died with it</td></tr>
 * <tr><td>{@code lease()} ... {@code ack()}</td><td>at least once</td>
 *     <td>the item comes back, with one more {@linkplain Lease#deliveries delivery}</td></tr>
 * </table>
 *
 * <pre>
 *              put                lease              ack
 *    (nothing) ---> waiting ------------> leased ------------> (gone)
 *                      ^                   |   |
 *                      |  nack, time over, |   |  reject, or delivered too often
 *                      |  taker died       |   |
 *                      +-------------------+   +--------------> dead letter
 * </pre>
 *
 * <p>Items are delivered first in, first out; one that came back is delivered before those that were never delivered.
 * {@link #size} counts the waiting items alone. A leased item does not count against the queue's capacity.
 *
 * <p><b>Waiting and interrupts.</b> {@code put}, {@code take}, {@code lease} and the timed forms wait, may be
 * interrupted, and then have changed nothing. A time-out is a minimum; one of zero or less does not wait.
 *
 * <p><b>Null</b> items are refused with {@link NullPointerException}. An item is encoded by the putting call; what cannot
 * be encoded is refused there with {@link dev.procession.core.codec.UnencodableException} and takes no room. What cannot
 * be decoded by a taking call becomes a dead letter, and the call throws
 * {@link dev.procession.core.codec.UndecodableException}.
 *
 * <p><b>Threads and processes.</b> All methods may be called by any thread of any process that has the queue open.
 * Memory consistency effects: actions of a thread before it puts an object happen before actions after that object was
 * taken or leased, in whatever process, and actions before {@code nack} before those after the next delivery.
 *
 * <p><b>Death.</b> A process that dies while it puts has put either the whole item or nothing. The queue goes on working
 * for all others.
 *
 * @param <E> the type of the items, encoded by the queue's codec
 */
public interface LeasedQueue<E> extends BlockingQueue<E>, AutoCloseable {
    /**
     * Leases the next item, waiting as long as there is none.
     *
     * @param leaseTime how long the item is this caller's; after that, unless renewed, it may be delivered again
     * @return the lease
     * @throws InterruptedException if interrupted before or while waiting; no item was leased
     * @throws IllegalArgumentException if {@code leaseTime} is not positive
     * @throws QueueShutDownException if the queue was shut down and is empty
     * @throws IllegalStateException if the queue is closed
     */
    Lease<E> lease(Duration leaseTime) throws InterruptedException;

    /**
     * Leases the next item, waiting for one at most as long as said.
     *
     * @param leaseTime how long the item is this caller's; after that, unless renewed, it may be delivered again
     * @param timeout how long to wait for an item, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return the lease, or null if there was no item in time
     * @throws InterruptedException if interrupted before or while waiting; no item was leased
     * @throws IllegalArgumentException if {@code leaseTime} is not positive
     * @throws QueueShutDownException if the queue was shut down and is empty
     * @throws IllegalStateException if the queue is closed
     */
    @Nullable
    Lease<E> lease(Duration leaseTime, long timeout, TimeUnit unit) throws InterruptedException;

    /**
     * The items that were {@linkplain Lease#reject rejected}, delivered more often than the queue allows, or could not
     * be decoded. They stay there until somebody takes them out.
     *
     * @return a queue of its own; its own dead letters are itself, so what is rejected there goes to its end
     */
    LeasedQueue<E> deadLetters();

    /**
     * Closes the queue: one that has a name, and so can be opened again, for this opening of it alone, and what was leased
     * through it and is not acknowledged comes back. A queue without a name belongs to whoever has it, and ends with its
     * items for every process; its class says so. Operations on a closed queue, those that are waiting included, throw
     * {@link IllegalStateException}. Closing again does nothing.
     */
    @Override
    void close();
}
