package dev.procession.core;

import dev.procession.core.spi.Interleaving;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A blocking queue, bounded or not, that gives out the element that was put last. Python calls it
 * {@code queue.LifoQueue}.
 *
 * <p>The JDK has first-in-first-out and priority queues behind {@link BlockingQueue}, and for the other end only
 * {@link java.util.concurrent.BlockingDeque}, whose {@code put} and {@code take} do not make a stack.
 *
 * <p>Elements are ordered as they would be taken: {@link #peek}, the {@linkplain #iterator iterator} and
 * {@link #toArray()} start with the newest. The iterator shows the elements of the moment it was made, and its
 * {@code remove} removes that very element if it is still there.
 *
 * <p>{@code put}, {@code take} and the timed forms wait, and may be interrupted; a time-out is a minimum, and one of zero
 * or less does not wait. Null elements are refused with {@link NullPointerException}. Threads that wait are served in no
 * particular order. Safe for use by many threads of one JVM, with the memory effects of {@link BlockingQueue}.
 *
 * @param <E> the type of the elements
 */
public final class LifoBlockingQueue<E> extends AbstractQueue<E> implements BlockingQueue<E> {
    private final int capacity;
    private final Lock lock = Interleaving.newLock("queue");
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();

    /** The newest is first. Guarded by {@link #lock}. */
    private final ArrayDeque<E> stack = new ArrayDeque<>();

    /** Creates a queue without bound. */
    public LifoBlockingQueue() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Creates a queue with a bound.
     *
     * @param capacity how many elements it holds
     * @throws IllegalArgumentException if {@code capacity} is not positive
     */
    public LifoBlockingQueue(int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("capacity must be positive: capacity=" + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public void put(E element) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        lock.lockInterruptibly();
        try {
            while (stack.size() == capacity) {
                notFull.await();
            }
            push(element);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean offer(E element) {
        Objects.requireNonNull(element, "element");
        lock.lock();
        try {
            return stack.size() < capacity && push(element);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        long nanosLeft = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (stack.size() == capacity) {
                if (nanosLeft <= 0) {
                    return false;
                }
                nanosLeft = notFull.awaitNanos(nanosLeft);
            }
            return push(element);
        } finally {
            lock.unlock();
        }
    }

    private boolean push(E element) {
        stack.addFirst(element);
        notEmpty.signal();
        return true;
    }

    @Override
    public E take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            E element;
            while ((element = pop()) == null) {
                notEmpty.await();
            }
            return element;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable E poll() {
        lock.lock();
        try {
            return pop();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        long nanosLeft = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            E element;
            while ((element = pop()) == null && nanosLeft > 0) {
                nanosLeft = notEmpty.awaitNanos(nanosLeft);
            }
            return element;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable E pop() {
        E element = stack.pollFirst();
        if (element != null) {
            notFull.signal();
        }
        return element;
    }

    @Override
    public @Nullable E peek() {
        lock.lock();
        try {
            return stack.peekFirst();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return stack.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int remainingCapacity() {
        return capacity - size();
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // draining to an equal collection is fine
    public int drainTo(Collection<? super E> target, int maxElements) {
        Objects.requireNonNull(target, "target");
        if (target == this) {
            throw new IllegalArgumentException("cannot drain a queue to itself");
        }
        lock.lock();
        try {
            int count = 0;
            while (count < maxElements && !stack.isEmpty()) {
                target.add(stack.getFirst()); // may throw; then the element is still here
                pop();
                count++;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return element != null && snapshot().contains(element);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        lock.lock();
        try {
            boolean removed = element != null && stack.removeFirstOccurrence(element);
            if (removed) {
                notFull.signal();
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        Objects.requireNonNull(filter, "filter");
        lock.lock();
        try {
            boolean removed = stack.removeIf(filter);
            if (removed) {
                notFull.signalAll();
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        Objects.requireNonNull(elements, "elements");
        return removeIf(elements::contains);
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        Objects.requireNonNull(elements, "elements");
        return removeIf(element -> !elements.contains(element));
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            stack.clear();
            notFull.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forEach(Consumer<? super E> action) {
        snapshot().forEach(action);
    }

    @Override
    public Object[] toArray() {
        return snapshot().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return snapshot().toArray(array);
    }

    @Override
    public String toString() {
        return snapshot().toString();
    }

    @Override
    public Iterator<E> iterator() {
        return new SnapshotIterator<>(snapshot(), this::removeSame);
    }

    private List<E> snapshot() {
        lock.lock();
        try {
            return List.copyOf(stack);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("ReferenceEquality") // of equal elements, the one that was seen
    private void removeSame(E seen) {
        lock.lock();
        try {
            for (Iterator<E> each = stack.iterator(); each.hasNext(); ) {
                if (each.next() == seen) {
                    each.remove();
                    notFull.signal();
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
