package dev.procession.core;

/**
 * What a {@link LeasedQueue} made by a {@link Space} may hold. Immutable; start from {@link #ofCapacity}.
 *
 * @param capacity how many items may wait
 * @param capacityBytes how many bytes of encoded items may wait; {@link #UNLIMITED} if only their number counts
 * @param maxDeliveries after how many deliveries an item that comes back becomes a dead letter; {@link #UNLIMITED} if
 *     never
 */
public record QueueLimits(int capacity, long capacityBytes, int maxDeliveries) {
    /** No limit of this kind. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** After so many deliveries an item is poison, unless said otherwise: it probably killed those who took it. */
    public static final int DEFAULT_MAX_DELIVERIES = 20;

    /** Checks the limits. */
    public QueueLimits {
        ensurePositive("capacity", capacity);
        ensurePositive("capacityBytes", capacityBytes);
        ensurePositive("maxDeliveries", maxDeliveries);
    }

    /**
     * Limits the number of waiting items alone.
     *
     * @param capacity how many items may wait
     * @return the limits
     * @throws IllegalArgumentException if {@code capacity} is not positive
     */
    public static QueueLimits ofCapacity(int capacity) {
        return new QueueLimits(capacity, UNLIMITED, DEFAULT_MAX_DELIVERIES);
    }

    /**
     * The same with another limit of bytes.
     *
     * @param bytes how many bytes of encoded items may wait
     * @return the limits
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public QueueLimits withCapacityBytes(long bytes) {
        return new QueueLimits(capacity, bytes, maxDeliveries);
    }

    /**
     * The same with another limit of deliveries.
     *
     * @param deliveries after how many deliveries an item that comes back becomes a dead letter
     * @return the limits
     * @throws IllegalArgumentException if {@code deliveries} is not positive
     */
    public QueueLimits withMaxDeliveries(int deliveries) {
        return new QueueLimits(capacity, capacityBytes, deliveries);
    }

    private static void ensurePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
    }
}
