package dev.procession.process.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A queue in the manager: the JDK's, whose waits end by an interrupt without an element being lost. */
final class ServedQueue implements QueueCalls {
    private static final class Item {
        final long stamp;
        final byte[] element;

        Item(long stamp, byte[] element) {
            this.stamp = stamp;
            this.element = element;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Item item && item.stamp == stamp;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(stamp);
        }
    }

    private static final byte[] NOTHING = {};

    private final LinkedBlockingQueue<Item> items;
    private final AtomicLong stamps = new AtomicLong();

    ServedQueue(int capacity) {
        items = new LinkedBlockingQueue<>(capacity);
    }

    private Item stamped(byte[] element) {
        return new Item(stamps.incrementAndGet(), element);
    }

    private static byte @Nullable [] elementOf(@Nullable Item item) {
        return item == null ? null : item.element;
    }

    @Override
    public void put(byte[] element) throws InterruptedException {
        Turn.ensureNotInterrupted();
        Item item = stamped(element);
        if (!items.offer(item)) {
            Turn.ensureMayWait();
            items.put(item);
        }
    }

    @Override
    public boolean offer(byte[] element) {
        return items.offer(stamped(element));
    }

    @Override
    public boolean offer(byte[] element, long timeout, TimeUnit unit) throws InterruptedException {
        Turn.ensureNotInterrupted();
        Item item = stamped(element);
        if (items.offer(item)) {
            return true;
        }
        if (timeout <= 0) {
            return false;
        }
        Turn.ensureMayWait();
        return items.offer(item, timeout, unit);
    }

    @Override
    public byte[] take() throws InterruptedException {
        Turn.ensureNotInterrupted();
        Item first = items.poll();
        if (first == null) {
            Turn.ensureMayWait();
            first = items.take();
        }
        return first.element;
    }

    @Override
    public byte @Nullable [] poll() {
        return elementOf(items.poll());
    }

    @Override
    public byte @Nullable [] poll(long timeout, TimeUnit unit) throws InterruptedException {
        Turn.ensureNotInterrupted();
        Item first = items.poll();
        if (first == null && timeout > 0) {
            Turn.ensureMayWait();
            first = items.poll(timeout, unit);
        }
        return elementOf(first);
    }

    @Override
    public byte @Nullable [] peek() {
        return elementOf(items.peek());
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public int remainingCapacity() {
        return items.remainingCapacity();
    }

    @Override
    public Object[] drain(int max) {
        List<Item> drained = new ArrayList<>();
        items.drainTo(drained, max);
        return elementsOf(drained);
    }

    private static Object[] elementsOf(Collection<Item> items) {
        return items.stream().map(item -> item.element).toArray();
    }

    @Override
    public int removeStamped(long[] doomed) {
        int removed = 0;
        for (long each : doomed) {
            removed += items.remove(new Item(each, NOTHING)) ? 1 : 0;
        }
        return removed;
    }

    @Override
    public void clear() {
        items.clear();
    }

    @Override
    public Object[] snapshot() {
        List<Item> now = List.of(items.toArray(Item[]::new));
        return new Object[] {now.stream().mapToLong(item -> item.stamp).toArray(), elementsOf(now)};
    }
}
