package dev.procession.process.manager;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What goes over the line for a queue. Elements are bytes there, each with a stamp by which it can be removed. */
interface QueueCalls {
    void put(byte[] element) throws InterruptedException;

    boolean offer(byte[] element);

    boolean offer(byte[] element, long timeout, TimeUnit unit) throws InterruptedException;

    byte[] take() throws InterruptedException;

    byte @Nullable [] poll();

    byte @Nullable [] poll(long timeout, TimeUnit unit) throws InterruptedException;

    byte @Nullable [] peek();

    int size();

    int remainingCapacity();

    Object[] drain(int max);

    /** Removes the elements of these stamps; how many were still there. */
    int removeStamped(long[] stamps);

    void clear();

    /** Stamps, elements. */
    Object[] snapshot();
}
