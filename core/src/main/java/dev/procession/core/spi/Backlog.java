package dev.procession.core.spi;

import dev.procession.core.WhenFull;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a pool that wait for a worker: by priority, then in the order of submission. And the bound on them.
 *
 * <p>The bound is on all tasks that are in the pool, running ones included: as many as it has workers, and its capacity on
 * top. So a pool with idle workers takes a task whatever the moment. Each task that is {@linkplain #admit admitted} leaves
 * once: by {@link #remove}, by {@link #drain}, or by {@link #left} after it was {@linkplain #poll polled}.
 *
 * <p>For use by any thread. Only {@link #admit} waits.
 */
public final class Backlog {
    /** The capacity of a queue without bound. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private final String pool;
    private final int capacity;
    private final WhenFull whenFull;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    // Guarded by lock. A set, so that a cancelled task leaves from the middle at little cost.
    private final TreeSet<PoolTask<?>> waiting = new TreeSet<>(
            Comparator.<PoolTask<?>>comparingInt(task -> task.options().priority())
                    .reversed()
                    .thenComparingLong(PoolTask::number));
    private int workers;
    private long inside;
    private boolean closed;

    /**
     * Makes an empty backlog.
     *
     * @param pool the name of the pool, for messages
     * @param capacity how many tasks may wait while all workers are busy
     * @param whenFull what happens to one that is too many
     * @param workers how many tasks the pool runs at the same time
     * @throws IllegalArgumentException if the capacity is negative
     */
    public Backlog(String pool, int capacity, WhenFull whenFull, int workers) {
        if (capacity < 0) {
            throw new IllegalArgumentException("queue capacity must not be negative: capacity=" + capacity);
        }
        this.pool = pool;
        this.capacity = capacity;
        this.whenFull = whenFull;
        this.workers = workers;
    }

    /**
     * Adds a task, waiting for room if that is what a full backlog does.
     *
     * @param task the task
     * @return false if there is no room and the caller is to run the task
     * @throws RejectedExecutionException if the backlog is closed; or there is no room, and the task is to be refused or the
     *     caller was interrupted as it waited
     */
    public boolean admit(PoolTask<?> task) {
        lock.lock();
        try {
            ensureOpen(task);
            while (isFull()) {
                switch (whenFull) {
                    case CALLER_RUNS -> {
                        return false;
                    }
                    case REJECT -> throw new RejectedExecutionException("queue is full: " + described(task));
                    case BLOCK -> room.await();
                }
                ensureOpen(task);
            }
            inside++;
            waiting.add(task);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted while waiting for room: " + described(task), e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return capacity != UNBOUNDED && inside >= (long) capacity + workers;
    }

    private void ensureOpen(PoolTask<?> task) {
        if (closed) {
            throw new RejectedExecutionException("pool is shut down: " + described(task));
        }
    }

    private String described(PoolTask<?> task) {
        return "task=" + task.name() + ", queued=" + waiting.size() + ", capacity=" + capacity + ", pool=" + pool;
    }

    /**
     * Takes the first task.
     *
     * @return the task, null if none waits
     */
    public @Nullable PoolTask<?> poll() {
        lock.lock();
        try {
            return waiting.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a task back that was polled, to be started again. It goes where it was, and also into a closed backlog.
     *
     * @param task the task
     */
    public void putBack(PoolTask<?> task) {
        lock.lock();
        try {
            waiting.add(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a task out that is not wanted any more.
     *
     * @param task the task
     * @return false if it does not wait here
     */
    public boolean remove(PoolTask<?> task) {
        lock.lock();
        try {
            boolean removed = waiting.remove(task);
            if (removed) {
                leave(1);
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /** A task that was polled has ended. */
    public void left() {
        lock.lock();
        try {
            leave(1);
        } finally {
            lock.unlock();
        }
    }

    private void leave(int count) {
        inside -= count;
        room.signalAll();
    }

    /** Refuses tasks from now on, those included that wait for room. Tasks that are here stay. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes all tasks.
     *
     * @return them, the first first
     */
    public List<PoolTask<?>> drain() {
        lock.lock();
        try {
            List<PoolTask<?>> all = List.copyOf(waiting);
            waiting.clear();
            leave(all.size());
            return all;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The pool has another number of workers.
     *
     * @param newWorkers how many tasks it runs at the same time
     */
    public void resize(int newWorkers) {
        lock.lock();
        try {
            workers = newWorkers;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many tasks wait.
     *
     * @return their number
     */
    public int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
