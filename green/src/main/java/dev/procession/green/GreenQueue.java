package dev.procession.green;

import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A queue between tasks of one loop, bounded or not, first in first out or else. Python calls it {@code asyncio.Queue}.
 *
 * <p>Those who wait are served in the order they came. A task that is cancelled while it waits takes and leaves nothing: an
 * element that was about to be its own stays for the next. All calls that wait throw {@link TaskCancelledException} then, and
 * never {@link InterruptedException}. Time-outs are by the loop's clock. {@link #taskDone} and {@link #join} count what was put
 * and has been dealt with. Null is refused. For tasks of one loop only; callbacks may use the calls that do not wait.
 *
 * @param <E> the type of the elements
 */
public final class GreenQueue<E> extends AbstractQueue<E> implements BlockingQueue<E> {
    private final Queue<E> elements;
    private final int capacity;
    private final WaitLine takers = new WaitLine("an element of a GreenQueue");
    private final WaitLine putters = new WaitLine("room in a GreenQueue");
    private final WaitLine joiners = new WaitLine("all elements of a GreenQueue to be done");
    private int unfinished;

    private GreenQueue(Queue<E> elements, int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException("capacity must be positive: capacity=" + capacity);
        }
        this.elements = elements;
        this.capacity = capacity;
    }

    /**
     * Creates a queue without bound, first in, first out.
     *
     * @param <E> the type of the elements
     * @return the queue
     */
    public static <E> GreenQueue<E> unbounded() {
        return of(Integer.MAX_VALUE);
    }

    /**
     * Creates a queue, first in, first out.
     *
     * @param capacity how many elements it holds
     * @param <E> the type of the elements
     * @return the queue
     */
    public static <E> GreenQueue<E> of(int capacity) {
        return new GreenQueue<>(new ArrayDeque<>(), capacity);
    }

    /**
     * Creates a queue, last in, first out.
     *
     * @param capacity how many elements it holds
     * @param <E> the type of the elements
     * @return the queue
     */
    public static <E> GreenQueue<E> lifo(int capacity) {
        return new GreenQueue<>(Collections.asLifoQueue(new ArrayDeque<>()), capacity);
    }

    /**
     * Creates a queue that gives out the smallest element.
     *
     * @param capacity how many elements it holds
     * @param order which is smaller
     * @param <E> the type of the elements
     * @return the queue
     */
    public static <E> GreenQueue<E> priority(int capacity, Comparator<? super E> order) {
        return new GreenQueue<>(new PriorityQueue<>(order), capacity);
    }

    @Override
    public void put(E element) {
        boolean _ = put(element, Long.MAX_VALUE);
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) {
        return put(element, unit.toNanos(timeout));
    }

    private boolean put(E element, long timeoutNanos) {
        Objects.requireNonNull(element, "element");
        Task<?> self = Task.current();
        self.checkpoint();
        long deadline = timeoutNanos == Long.MAX_VALUE ? 0 : self.loop.nanos() + timeoutNanos;
        while (!offer(element)) {
            if (!putters.await(timeoutNanos == Long.MAX_VALUE ? timeoutNanos : deadline - self.loop.nanos())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean offer(E element) {
        Objects.requireNonNull(element, "element");
        if (elements.size() == capacity) {
            return false;
        }
        elements.add(element);
        unfinished++;
        takers.wakeNext();
        return true;
    }

    @Override
    public E take() {
        return Objects.requireNonNull(take(Long.MAX_VALUE));
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) {
        return take(unit.toNanos(timeout));
    }

    private @Nullable E take(long timeoutNanos) {
        Task<?> self = Task.current();
        self.checkpoint();
        long deadline = timeoutNanos == Long.MAX_VALUE ? 0 : self.loop.nanos() + timeoutNanos;
        while (elements.isEmpty()) {
            if (!takers.await(timeoutNanos == Long.MAX_VALUE ? timeoutNanos : deadline - self.loop.nanos())) {
                return null;
            }
        }
        return poll();
    }

    @Override
    public @Nullable E poll() {
        E element = elements.poll();
        if (element != null) {
            putters.wakeNext();
        }
        return element;
    }

    @Override
    public @Nullable E peek() {
        return elements.peek();
    }

    /**
     * Says that an element that was taken has been dealt with.
     *
     * @throws IllegalStateException if it is said more often than elements were put
     */
    public void taskDone() {
        if (unfinished == 0) {
            throw new IllegalStateException("taskDone called more often than elements were put");
        }
        if (--unfinished == 0) {
            joiners.wakeAll();
        }
    }

    /**
     * Waits until every element that was put has been dealt with.
     *
     * @throws TaskCancelledException if the task is cancelled meanwhile
     */
    public void join() {
        Task.current().checkpoint();
        while (unfinished > 0) {
            joiners.await();
        }
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public int remainingCapacity() {
        return capacity == Integer.MAX_VALUE ? Integer.MAX_VALUE : capacity - elements.size();
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // draining to an equal collection is fine
    public int drainTo(Collection<? super E> target, int maxElements) {
        if (target == this) {
            throw new IllegalArgumentException("cannot drain a queue to itself");
        }
        int count = 0;
        for (; count < maxElements && !elements.isEmpty(); count++) {
            target.add(Objects.requireNonNull(elements.peek()));
            E _ = poll();
        }
        return count;
    }

    @Override
    public Iterator<E> iterator() {
        Iterator<E> inner = elements.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return inner.hasNext();
            }

            @Override
            public E next() {
                return inner.next();
            }

            @Override
            public void remove() {
                inner.remove();
                putters.wakeNext();
            }
        };
    }
}
