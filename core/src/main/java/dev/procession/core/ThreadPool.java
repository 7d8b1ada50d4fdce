package dev.procession.core;

import dev.procession.core.spi.AbstractPool;
import dev.procession.core.spi.Backlog;
import dev.procession.core.spi.PoolTask;
import dev.procession.core.spi.TaskScope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Pool} whose workers are threads of this JVM: Python's {@code ThreadPoolExecutor} and {@code ThreadPool}.
 *
 * <pre>{@code
 *   try (Pool pool = ThreadPool.of(4)) { ... }
 *   try (Pool pool = ThreadPool.virtual(1_000)) { ... }   // a thousand at a time, on virtual threads
 *   try (Pool pool = ThreadPool.builder().size(4).queueCapacity(100).whenFull(WhenFull.CALLER_RUNS).build()) { ... }
 * }</pre>
 *
 * <p>Threads are made when there is a task and no idle thread, up to the pool's size, are named {@code NAME-worker-1}, {@code
 * NAME-worker-2} and so on, and end when they were idle for long. They are no daemons: a JVM whose {@code main} returns runs
 * the tasks that are there to their end, and then ends as soon as the threads are idle long enough. (Virtual threads are
 * always daemons.)
 *
 * <p><b>What threads cannot do.</b> A thread cannot be killed. {@code cancel(true)} and a deadline interrupt the task; what
 * ignores the interrupt goes on running, keeps its worker, and {@link TaskFuture#gone} stays open until it ends. After its
 * deadline and grace its future fails with a {@link TaskDeadlineException} whose cause shows where the thread is. A task that
 * waits for another task of its own pool holds its thread as it waits; if all do, they wait for ever, and a warning of {@code
 * dev.procession.core} says so. For both, there is the pool of processes.
 *
 * <p>Tasks need not be serializable, and inputs and results are shared, not copied. {@link PoolStatistics#retried} and {@link
 * PoolStatistics#restarts} are always 0: a thread does not die.
 */
public final class ThreadPool extends AbstractPool {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final Backlog backlog;
    private final Handoff tickets = new Handoff();
    private final ThreadPoolExecutor workers;
    private final Map<PoolTask<?>, ThreadRun> running = new ConcurrentHashMap<>();
    private final Starvation starvation;
    private volatile boolean stopping;

    private ThreadPool(Builder builder, String name) {
        super(name, builder.grace);
        backlog = new Backlog(name, builder.queueCapacity, builder.whenFull, builder.max);
        // A ticket a task, but the tasks wait in the backlog, where they have priorities.
        workers = new ThreadPoolExecutor(
                builder.min,
                builder.max,
                TimeUnit.NANOSECONDS.convert(builder.idleTime),
                TimeUnit.NANOSECONDS,
                tickets,
                new WorkerThreads(name, builder.kind),
                this::refused);
        starvation = new Starvation(name, running, workers::getMaximumPoolSize);
    }

    /**
     * Starts a pool of platform threads.
     *
     * @param size how many tasks run at the same time, at most
     * @return the pool
     * @throws IllegalArgumentException if {@code size} is not positive
     */
    public static ThreadPool of(int size) {
        return builder().size(size).build();
    }

    /**
     * Starts a pool of platform threads, for tasks that wait more than they compute: four more than there are processors, and
     * at most 32, as in Python.
     *
     * @return the pool
     */
    public static ThreadPool of() {
        return builder().build();
    }

    /**
     * Starts a pool of virtual threads.
     *
     * @param size how many tasks run at the same time, at most
     * @return the pool
     * @throws IllegalArgumentException if {@code size} is not positive
     */
    public static ThreadPool virtual(int size) {
        return builder().size(size).virtual().build();
    }

    /**
     * Describes a pool.
     *
     * @return a builder with the settings of {@link #of()}
     */
    public static Builder builder() {
        return new Builder();
    }

    // ---- the JDK's pool

    /** Gives a ticket to a thread that waits for one, and else says that it is full, so that a thread is made. */
    private static final class Handoff extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable ticket) {
            return tryTransfer(ticket);
        }

        void addLast(Runnable ticket) {
            super.offer(ticket);
        }
    }

    /** No thread waits for a ticket, and there may not be more threads; or the pool is shut down. */
    private void refused(Runnable ticket, ThreadPoolExecutor executor) {
        if (executor.isShutdown()) {
            throw new RejectedExecutionException("pool is shut down: pool=" + name());
        }
        tickets.addLast(ticket);
        // If meanwhile the pool was shut down, or all threads ended, nobody might look at the queue again.
        boolean unattended = executor.isShutdown() || executor.getPoolSize() == 0;
        if (unattended && tickets.remove(ticket)) {
            executor.execute(ticket);
        }
    }

    // ---- tasks

    @Override
    protected void enqueue(PoolTask<?> task) {
        if (!backlog.admit(task)) {
            run(task, 0);
            return;
        }
        try {
            workers.execute(this::runOne);
        } catch (RejectedExecutionException e) {
            // A ticket of a task that was cancelled may have run it all the same.
            if (backlog.remove(task)) {
                throw e;
            }
        }
    }

    private void runOne() {
        PoolTask<?> task = backlog.poll();
        if (task != null) {
            try {
                run(task, WorkerThreads.currentNumber());
            } finally {
                backlog.left();
            }
        }
    }

    private void run(PoolTask<?> task, int workerNumber) {
        if (!task.start()) {
            return;
        }
        var run = new ThreadRun(task, workerNumber);
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
        } catch (Throwable e) {
            failure = e;
        } finally {
            running.remove(task);
            run.end();
        }
        if (failure == null) {
            task.succeed(result);
        } else {
            task.fail(failure);
        }
    }

    @Override
    protected void beginWait(Collection<? extends PoolTask<?>> tasks) {
        starvation.enter(tasks);
    }

    @Override
    protected void endWait() {
        starvation.leave();
    }

    @Override
    protected void withdraw(PoolTask<?> task) {
        backlog.remove(task);
    }

    @Override
    protected void interrupt(PoolTask<?> task) {
        ThreadRun run = running.get(task);
        if (run != null) {
            run.interrupt();
        }
    }

    @Override
    protected void kill(PoolTask<?> task) {
        if (task.isPastDeadline()) {
            ThreadRun run = running.get(task);
            task.giveUp(task.deadlineFailure(run == null ? null : run.whereabouts()));
        }
    }

    @Override
    protected int parallelism() {
        return workers.getMaximumPoolSize();
    }

    // ---- size and end

    @Override
    public void resize(int min, int max) {
        requireSizes(min, max);
        int more;
        synchronized (workers) {
            more = max - workers.getMaximumPoolSize();
            if (more > 0) {
                workers.setMaximumPoolSize(max);
                workers.setCorePoolSize(min);
            } else {
                workers.setCorePoolSize(min);
                workers.setMaximumPoolSize(max);
            }
        }
        backlog.resize(max);
        // The JDK's pool makes threads when tickets come. Those for tickets that wait already come with empty ones.
        for (int i = 0; i < Math.min(more, backlog.size()) && !isShutdown(); i++) {
            workers.execute(this::runOne);
        }
    }

    private static void requireSizes(int min, int max) {
        if (max <= 0) {
            throw new IllegalArgumentException("size must be greater than 0: size=" + max);
        }
        if (min < 0 || min > max) {
            throw new IllegalArgumentException("min must be between 0 and the size: min=" + min + ", size=" + max);
        }
    }

    @Override
    public void shutdown() {
        backlog.close();
        workers.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        stopping = true;
        shutdown();
        List<Runnable> never = neverStarted(backlog.drain());
        running.keySet().forEach(PoolTask::askToStop);
        return never;
    }

    @Override
    public boolean isShutdown() {
        return workers.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return workers.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return workers.awaitTermination(timeout, unit);
    }

    @Override
    public String toString() {
        return "ThreadPool[name=" + name() + ", size=" + parallelism() + "]";
    }

    /** Settings of a pool. For one thread; may be used for several pools. */
    public static final class Builder {
        private int min;
        private int max = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
        private int queueCapacity = Backlog.UNBOUNDED;
        private WhenFull whenFull = WhenFull.BLOCK;
        private Duration grace = Duration.ofSeconds(2);
        private Duration idleTime = Duration.ofSeconds(10);
        private WorkerThreads.Kind kind = WorkerThreads.Kind.PLATFORM;
        private @Nullable String name;

        private Builder() {}

        /**
         * How many tasks run at the same time, at most.
         *
         * @param size the largest number of threads
         * @return this
         */
        public Builder size(int size) {
            this.max = size;
            return this;
        }

        /**
         * How many threads stay when there is nothing to do; none if this is not said.
         *
         * @param min the smallest number of threads, once so many have been needed
         * @return this
         */
        public Builder min(int min) {
            this.min = min;
            return this;
        }

        /**
         * For how long a thread more than {@link #min} stays when there is nothing to do; 10 s if this is not said.
         *
         * @param idleTime the time
         * @return this
         */
        public Builder idleTime(Duration idleTime) {
            this.idleTime = Objects.requireNonNull(idleTime, "idleTime");
            return this;
        }

        /**
         * How many tasks may wait when all threads are busy; as many as come if this is not said.
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
         * How long a task may go on after its deadline until its future fails; 2 s if this is not said.
         *
         * @param grace the time
         * @return this
         */
        public Builder grace(Duration grace) {
            this.grace = Objects.requireNonNull(grace, "grace");
            return this;
        }

        /**
         * What the pool is called, in the names of its threads and in messages.
         *
         * @param name the name
         * @return this
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Tasks run on virtual threads.
         *
         * @return this
         */
        public Builder virtual() {
            this.kind = WorkerThreads.Kind.VIRTUAL;
            return this;
        }

        /**
         * Starts the pool.
         *
         * @return the pool
         * @throws IllegalArgumentException if a number is out of range
         */
        public ThreadPool build() {
            requireSizes(min, max);
            return new ThreadPool(this, name == null ? "ThreadPool-" + POOLS.incrementAndGet() : name);
        }
    }
}
