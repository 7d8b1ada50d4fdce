package dev.procession.green;

import dev.procession.core.WhenFull;
import dev.procession.core.spi.AbstractPool;
import dev.procession.core.spi.Backlog;
import dev.procession.core.spi.PoolTask;
import dev.procession.core.spi.TaskScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link dev.procession.core.Pool} whose workers are {@linkplain Task tasks} of one loop: at most so many at a time, and
 * never two of them running at the same instant. gevent calls it {@code gevent.pool.Pool}.
 *
 * <p>For many tasks that wait, and that share things without locks. Tasks that compute keep each other waiting; those belong
 * into threads or processes. What the task calls in the JDK suspends it alone, as {@link EventLoop} says; on the
 * {@code baton} engine it holds up the pool.
 *
 * <p>The pool has a loop, and a thread, of its own until it is shut down; it is a daemon. Tasks begin in the order of their
 * priorities and submission, and may be submitted from any thread, also from a task on another loop. {@code cancel(true)} and
 * a deadline interrupt the task; one that ignores that goes on. Tasks need not be serializable.
 */
public final class GreenPool extends AbstractPool {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final Backlog backlog;
    private final EventLoop loop;
    private final Thread runner;
    private final Map<PoolTask<?>, GreenRun> running = new ConcurrentHashMap<>();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile int size;
    private volatile boolean shutDown;
    private volatile boolean stopping;

    // On the loop.
    private final GreenEvent changed = new GreenEvent();
    private int started;

    private GreenPool(int size, int queueCapacity, WhenFull whenFull, String name) {
        super(name, Duration.ofSeconds(2));
        this.size = requirePositive(size);
        backlog = new Backlog(name, queueCapacity, whenFull, size);
        loop = EventLoop.builder().name("procession-" + name).build();
        runner = Thread.ofVirtual().name(name).unstarted(this::runLoop);
        runner.start();
    }

    /**
     * Starts a pool.
     *
     * @param size how many tasks are under way at the same time, at most
     * @return the pool
     * @throws IllegalArgumentException if {@code size} is not positive
     */
    public static GreenPool of(int size) {
        return builder().size(size).build();
    }

    /**
     * Describes a pool.
     *
     * @return a builder; without size, so many tasks are under way as come
     */
    public static Builder builder() {
        return new Builder();
    }

    private static int requirePositive(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size must be greater than 0: size=" + size);
        }
        return size;
    }

    /** The life of the pool's loop. */
    private void runLoop() {
        try (EventLoop own = loop) {
            own.runToTheEnd(EventLoop.callable(() -> {
                own.mayBeWokenFromOutside();
                startSomeUntilTheEnd();
            }));
        } catch (Exception fault) {
            System.getLogger("dev.procession.green").log(System.Logger.Level.ERROR, "loop of pool " + name(), fault);
        } finally {
            terminated.countDown();
        }
    }

    @Override
    protected void enqueue(PoolTask<?> task) {
        if (backlog.admit(task)) {
            loop.callSoonThreadsafe(changed::set);
        } else {
            run(task);
        }
    }

    /**
     * What the main task does. Only it starts others; callbacks tell it to look. They must not look themselves: the backlog's
     * lock may be held by a task that waits for its turn, and a callback keeps the turn.
     */
    private void startSomeUntilTheEnd() {
        while (true) {
            changed.clear();
            boolean closed = shutDown; // before the backlog is looked at, so that nothing can come after
            PoolTask<?> next = started < size ? backlog.poll() : null;
            if (next != null) {
                start(next);
            } else if (closed && started == 0 && backlog.size() == 0) {
                return;
            } else {
                changed.await();
            }
        }
    }

    private void start(PoolTask<?> next) {
        started++;
        Task<?> _ = loop.createTask(next.name(), EventLoop.callable(() -> {
            try {
                run(next);
            } finally {
                started--;
                backlog.left();
                changed.set();
            }
        }));
    }

    private void run(PoolTask<?> task) {
        if (!task.start()) {
            return;
        }
        GreenRun run = new GreenRun(task);
        running.put(task, run);
        if (stopping) {
            task.askToStop();
        }
        if (task.isAskedToStop()) {
            run.interrupt(); // whoever asked may have come before the line above
        }
        Object result = null;
        Throwable failure = null;
        try {
            result = TaskScope.call(run, task.call());
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            running.remove(task);
        }
        if (failure == null) {
            task.succeed(result);
        } else {
            task.fail(failure);
        }
    }

    @Override
    protected void withdraw(PoolTask<?> task) {
        backlog.remove(task);
        loop.callSoonThreadsafe(changed::set);
    }

    @Override
    protected void interrupt(PoolTask<?> task) {
        GreenRun run = running.get(task);
        if (run != null) {
            run.interrupt();
        }
    }

    @Override
    protected void kill(PoolTask<?> task) {
        if (task.isPastDeadline()) {
            GreenRun run = running.get(task);
            task.giveUp(task.deadlineFailure(run == null ? null : run.whereabouts()));
        }
    }

    @Override
    protected int parallelism() {
        return size;
    }

    /**
     * How many more tasks could be under way. gevent calls it {@code free_count}.
     *
     * @return the room
     */
    public int freeCount() {
        return Math.max(0, size - running.size());
    }

    /** Cancels all tasks, those that wait and those under way. The pool goes on. */
    public void cancelAll() {
        neverStarted(backlog.drain());
        running.keySet().forEach(task -> task.future().cancel(/* mayInterruptIfRunning= */ true));
    }

    @Override
    public void resize(int min, int max) {
        if (min < 0 || min > requirePositive(max)) {
            throw new IllegalArgumentException("min must be between 0 and the size: min=" + min + ", size=" + max);
        }
        size = max;
        backlog.resize(max);
        loop.callSoonThreadsafe(changed::set);
    }

    @Override
    public void shutdown() {
        backlog.close();
        shutDown = true;
        loop.callSoonThreadsafe(changed::set);
    }

    @Override
    public List<Runnable> shutdownNow() {
        stopping = true;
        shutdown();
        List<Runnable> never = neverStarted(backlog.drain());
        running.keySet().forEach(PoolTask::askToStop);
        loop.callSoonThreadsafe(changed::set);
        return never;
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    @Override
    public String toString() {
        return "GreenPool[name=" + name() + ", size=" + size + "]";
    }

    /** Settings of a pool. For one thread; may be used for several pools. */
    public static final class Builder {
        private int size = Integer.MAX_VALUE;
        private int queueCapacity = Backlog.UNBOUNDED;
        private WhenFull whenFull = WhenFull.BLOCK;
        private @Nullable String name;

        private Builder() {}

        /**
         * How many tasks are under way at the same time, at most.
         *
         * @param size their number
         * @return this
         */
        public Builder size(int size) {
            this.size = size;
            return this;
        }

        /**
         * How many tasks may wait when so many are under way; as many as come if this is not said.
         *
         * @param capacity their number, 0 or more
         * @return this
         */
        public Builder queueCapacity(int capacity) {
            this.queueCapacity = capacity;
            return this;
        }

        /**
         * What happens to a task that finds the queue full; its submitter waits if this is not said.
         *
         * @param whenFull the policy
         * @return this
         */
        public Builder whenFull(WhenFull whenFull) {
            this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
            return this;
        }

        /**
         * What the pool is called, in the name of its thread and in messages.
         *
         * @param name the name
         * @return this
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Starts the pool.
         *
         * @return the pool
         * @throws IllegalArgumentException if a number is out of range
         */
        public GreenPool build() {
            return new GreenPool(
                    size, queueCapacity, whenFull, name == null ? "GreenPool-" + POOLS.incrementAndGet() : name);
        }
    }
}
