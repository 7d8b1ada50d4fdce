package dev.procession.core;

import dev.procession.core.spi.Interleaving;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A blocking queue that knows when the work on everything put into it is done, and that can be shut down: Python's
 * {@code queue.Queue}, over whichever {@link BlockingQueue} holds the elements.
 *
 * <pre>{@code
 *   var orders = new JoinableQueue<>(new LinkedBlockingQueue<Order>(100));   // or a LifoBlockingQueue, or by priority
 *   // cooks:  Order order = orders.take(); cook(order); orders.taskDone();
 *   // keeper: orders.put(...); ... orders.join(); orders.shutdown();
 * }</pre>
 *
 * <p><b>Counting.</b> Each element put is one unfinished task. {@link #taskDone} says that one that was taken (by
 * {@code take}, {@code poll}, {@code remove()} or {@code drainTo}) is finished. An element that is withdrawn
 * ({@code remove(Object)}, {@code removeIf}, {@code clear}, the iterator's {@code remove}) counts as finished, since
 * nobody will work on it.
 *
 * <p><b>Shutting down.</b> After {@link #shutdown} elements are refused, and those that are there can still be taken;
 * after {@link #shutdownNow} they cannot. Once a queue that was shut down is empty, all forms of taking, those that wait
 * included, throw {@link QueueShutDownException}.
 *
 * <p>{@code put}, {@code take}, {@code join} and the timed forms wait, and may be interrupted; a time-out is a minimum,
 * and one of zero or less does not wait (Python refuses a negative one). Null elements are refused with
 * {@link NullPointerException}. Threads that wait are served in no particular order. Safe for use by many threads of one
 * JVM, with the memory effects of {@link BlockingQueue}; actions before {@code taskDone} happen before {@code join}
 * returns. Between processes, use a shared queue, which has these methods too.
 *
 * <p>The queue given to the constructor belongs to this one from then on: what is done to it directly is neither counted
 * nor noticed.
 *
 * @param <E> the type of the elements
 */
public final class JoinableQueue<E> extends AbstractQueue<E> implements BlockingQueue<E> {
    // One lock for everything: the count of unfinished tasks must never be seen lower than the elements it counts,
    // and a waiting taker must be woken by a shutdown, which no foreign queue could do for us. So elements are only
    // ever offered and polled without waiting, and all waiting is done here.
    private final Lock lock = Interleaving.newLock("queue");
    private final Condition notEmpty = lock.newCondition();
    private final Condition notFull = lock.newCondition();
    private final Condition allDone = lock.newCondition();

    // Guarded by lock.
    private final BlockingQueue<E> elements;
    private long unfinished;
    private boolean shutDown;

    /**
     * Creates a queue that holds its elements in another one.
     *
     * @param elements decides order and capacity; elements already in it are unfinished tasks
     * @throws IllegalArgumentException if it is a queue that holds no elements, or one whose elements appear by
     *     themselves with time
     */
    public JoinableQueue(BlockingQueue<E> elements) {
        if (elements instanceof SynchronousQueue<?> || elements instanceof DelayQueue<?>) {
            throw new IllegalArgumentException("needs a queue that holds its elements and shows them at once: class="
                    + elements.getClass().getName());
        }
        this.elements = elements;
        this.unfinished = elements.size();
    }

    /**
     * Says that the work on one element taken from this queue is done.
     *
     * @throws IllegalStateException if there is no unfinished task
     */
    public void taskDone() {
        lock.lock();
        try {
            if (unfinished == 0) {
                throw new IllegalStateException("taskDone() called more often than elements were put");
            }
            finish(1);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there is no unfinished task: every element put was taken, and {@link #taskDone} called for it.
     * A shutdown does not end this wait.
     *
     * @throws InterruptedException if interrupted before or while waiting
     */
    public void join() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (unfinished > 0) {
                allDone.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as {@link #join()}, at most as long as said.
     *
     * @param timeout how long to wait, in {@code unit}; zero or less does not wait
     * @param unit the unit of {@code timeout}
     * @return true if there is no unfinished task
     * @throws InterruptedException if interrupted before or while waiting
     */
    public boolean join(long timeout, TimeUnit unit) throws InterruptedException {
        long nanosLeft = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (unfinished > 0 && nanosLeft > 0) {
                nanosLeft = allDone.awaitNanos(nanosLeft);
            }
            return unfinished == 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many elements were put and are not done: waiting, or taken and being worked on.
     *
     * @return the number of unfinished tasks
     */
    public long unfinishedTasks() {
        lock.lock();
        try {
            return unfinished;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses elements from now on; those that are here can still be taken. Shutting down again does nothing. */
    public void shutdown() {
        lock.lock();
        try {
            endInsertion();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses elements from now on, and withdraws those that are here.
     *
     * @return the elements nobody took
     */
    public List<E> shutdownNow() {
        lock.lock();
        try {
            var withdrawn = new ArrayList<E>();
            elements.drainTo(withdrawn);
            finish(withdrawn.size());
            endInsertion();
            return withdrawn;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the queue was shut down.
     *
     * @return true after {@link #shutdown} or {@link #shutdownNow}
     */
    public boolean isShutdown() {
        lock.lock();
        try {
            return shutDown;
        } finally {
            lock.unlock();
        }
    }

    private void endInsertion() {
        shutDown = true;
        notEmpty.signalAll();
        notFull.signalAll();
    }

    private void finish(long tasks) {
        unfinished -= tasks;
        if (unfinished == 0) {
            allDone.signalAll();
        }
    }

    @Override
    public void put(E element) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        lock.lockInterruptibly();
        try {
            while (!insert(element)) {
                notFull.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean offer(E element) {
        Objects.requireNonNull(element, "element");
        lock.lock();
        try {
            return insert(element);
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
            while (!insert(element)) {
                if (nanosLeft <= 0) {
                    return false;
                }
                nanosLeft = notFull.awaitNanos(nanosLeft);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean insert(E element) {
        if (shutDown) {
            throw new QueueShutDownException("the queue was shut down and takes no more elements");
        }
        if (!elements.offer(element)) {
            return false;
        }
        unfinished++;
        notEmpty.signal();
        return true;
    }

    @Override
    public E take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            E element;
            while ((element = extract()) == null) {
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
            return extract();
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
            while ((element = extract()) == null && nanosLeft > 0) {
                nanosLeft = notEmpty.awaitNanos(nanosLeft);
            }
            return element;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable E extract() {
        E element = elements.poll();
        if (element == null) {
            ensureMoreMayCome();
        } else {
            notFull.signal();
        }
        return element;
    }

    private void ensureMoreMayCome() {
        if (shutDown) {
            throw new QueueShutDownException("the queue was shut down and is empty");
        }
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
            if (elements.isEmpty() && maxElements > 0) {
                ensureMoreMayCome();
            }
            return elements.drainTo(target, maxElements);
        } finally {
            notFull.signalAll();
            lock.unlock();
        }
    }

    @Override
    public @Nullable E peek() {
        lock.lock();
        try {
            return elements.peek();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return elements.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int remainingCapacity() {
        lock.lock();
        try {
            return elements.remainingCapacity();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean contains(@Nullable Object element) {
        lock.lock();
        try {
            return elements.contains(element);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean remove(@Nullable Object element) {
        lock.lock();
        try {
            boolean removed = elements.remove(element);
            if (removed) {
                withdrawn(1);
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        lock.lock();
        try {
            int before = elements.size();
            boolean removed = elements.removeIf(filter);
            withdrawn(before - elements.size());
            return removed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean removeAll(Collection<?> others) {
        Objects.requireNonNull(others, "others");
        return removeIf(others::contains);
    }

    @Override
    public boolean retainAll(Collection<?> others) {
        Objects.requireNonNull(others, "others");
        return removeIf(element -> !others.contains(element));
    }

    @Override
    public void clear() {
        lock.lock();
        try {
            int count = elements.size();
            elements.clear();
            withdrawn(count);
        } finally {
            lock.unlock();
        }
    }

    private void withdrawn(int count) {
        finish(count);
        notFull.signalAll();
    }

    /** Goes through the elements of this moment, in the order of the queue that holds them. */
    @Override
    @SuppressWarnings("unchecked") // an array of what is in elements
    public Iterator<E> iterator() {
        return new SnapshotIterator<>((List<E>) Arrays.asList(toArray()), this::removeSame);
    }

    @SuppressWarnings("ReferenceEquality") // of equal elements, the one that was seen
    private void removeSame(E seen) {
        lock.lock();
        try {
            for (Iterator<E> each = elements.iterator(); each.hasNext(); ) {
                if (each.next() == seen) {
                    each.remove();
                    withdrawn(1);
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Object[] toArray() {
        lock.lock();
        try {
            return elements.toArray();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T[] toArray(T[] array) {
        lock.lock();
        try {
            return elements.toArray(array);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
