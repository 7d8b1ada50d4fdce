package dev.procession.shm;

import dev.procession.core.Lease;
import dev.procession.core.LeaseLostException;
import dev.procession.shm.queue.TakeSide;
import dev.procession.shm.queue.TakeSide.Settlement;
import java.time.Duration;

/** A lease of an item of a shared queue, or of one of its dead letters. */
final class SharedLease<E> implements Lease<E> {
    /** Longer leases last this long: what a difference of two nanoTimes can hold, with room to spare. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final TakeSide side;
    private final E item;
    private final TakeSide.Delivery delivery;

    SharedLease(TakeSide side, E item, TakeSide.Delivery delivery) {
        this.side = side;
        this.item = item;
        this.delivery = delivery;
    }

    /** A lease time in nanoseconds. */
    static long nanosOf(Duration leaseTime) {
        if (!leaseTime.isPositive()) {
            throw new IllegalArgumentException("lease time must be positive: leaseTime=" + leaseTime);
        }
        return (leaseTime.compareTo(LONGEST) < 0 ? leaseTime : LONGEST).toNanos();
    }

    @Override
    public E get() {
        return item;
    }

    @Override
    public int deliveries() {
        return delivery.deliveries();
    }

    @Override
    public long token() {
        return delivery.token();
    }

    @Override
    public void ack() {
        settle(Settlement.ACK, 0);
    }

    @Override
    public void nack(Duration delay) {
        settle(Settlement.NACK, delay.isPositive() ? nanosOf(delay) : 0);
    }

    @Override
    public void reject() {
        settle(Settlement.REJECT, 0);
    }

    @Override
    public void renew(Duration leaseTime) {
        settle(Settlement.RENEW, nanosOf(leaseTime));
    }

    private void settle(Settlement settlement, long nanos) {
        if (!side.settle(delivery.slot(), delivery.token(), settlement, nanos)) {
            throw new LeaseLostException(this + " had ended: it ran out, or was acknowledged or given back before");
        }
    }

    @Override
    public void close() {
        try {
            side.settle(delivery.slot(), delivery.token(), Settlement.NACK, 0);
        } catch (IllegalStateException _) {
            // The queue is closed, so there is nothing to give the item back to.
        }
    }

    @Override
    public String toString() {
        return "Lease[token=" + token() + ", deliveries=" + deliveries() + "]";
    }
}
