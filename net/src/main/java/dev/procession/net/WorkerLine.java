package dev.procession.net;

import dev.procession.core.codec.Codec;
import dev.procession.shm.SharedQueue;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a server and one of its workers say to each other: a queue each way, in memory that only the family of processes has.
 * No two workers share one, so a worker that is killed at any instruction, or stopped, holds up nobody but itself.
 *
 * <p>Workers talk with strangers and the server does not, so it builds nothing out of a worker's bytes but {@link WorkerNews}.
 *
 * @param orders to the worker
 * @param news to the server
 */
record WorkerLine(SharedQueue<byte[]> orders, SharedQueue<byte[]> news) implements Serializable, AutoCloseable {
    private static final int CAPACITY = 64;

    /** Waits have an end, so that they are not taken for those of a program in which everybody waits for everybody. */
    private static final long SLICE_SECONDS = 10;

    private static final Codec CODEC =
            Codec.accepting(ObjectInputFilter.Config.createFilter("dev.procession.net.*;java.base/*;!*"));

    static WorkerLine open() {
        SharedQueue<byte[]> orders = SharedQueue.create(CAPACITY);
        try {
            return new WorkerLine(orders, SharedQueue.create(CAPACITY));
        } catch (RuntimeException | Error e) {
            orders.close();
            throw e;
        }
    }

    /** Gives an order, without waiting. One that has not looked at the last so many does not get it. */
    void order(WorkerOrder order) {
        boolean _ = orders.offer(CODEC.encode(order));
    }

    /** Gives an order that must not be lost; waits while there is no room. For the worker itself, which looks at its orders. */
    void orderMyself(WorkerOrder order) throws InterruptedException {
        orders.put(CODEC.encode(order));
    }

    /** Waits for an order. */
    WorkerOrder nextOrder() throws InterruptedException {
        return (WorkerOrder) next(orders);
    }

    /** Says something; waits while the server has not listened to the last so many. */
    void say(WorkerNews something) throws InterruptedException {
        news.put(CODEC.encode(something));
    }

    /**
     * Waits for news.
     *
     * @throws dev.procession.core.QueueShutDownException if there is no more, because of {@link #noMoreNews}
     * @throws dev.procession.core.codec.UndecodableException if it is something else
     */
    WorkerNews nextNews() throws InterruptedException {
        return (WorkerNews) next(news);
    }

    /** The worker is gone: what it said is still there. */
    void noMoreNews() {
        news.shutdown();
    }

    private static Object next(SharedQueue<byte[]> queue) throws InterruptedException {
        byte @Nullable [] bytes = null;
        while (bytes == null) {
            bytes = queue.poll(SLICE_SECONDS, TimeUnit.SECONDS);
        }
        return Objects.requireNonNull(CODEC.decode(bytes, WorkerLine.class.getClassLoader()));
    }

    @Override
    public void close() {
        orders.close();
        news.close();
    }
}
