package dev.procession.process;

import dev.procession.core.SerializableConsumer;
import dev.procession.core.SerializableFunction;
import dev.procession.core.SerializableSupplier;
import dev.procession.core.WhenFull;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UnencodableException;
import dev.procession.core.spi.AbstractPool;
import dev.procession.core.spi.Backlog;
import dev.procession.core.spi.PoolTask;
import dev.procession.process.pool.Engine;
import dev.procession.process.pool.PoolSettings;
import dev.procession.process.pool.WorkerState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose workers are child JVMs: Python's {@code ProcessPoolExecutor} and {@code multiprocessing.Pool} in one. Work
 * that may crash, leak, hang or fill the heap does so in a process of its own.
 *
 * <pre>{@code
 * try (ProcessPool pool = ProcessPool.of(4)) {
 *     TaskFuture<String> text = pool.submit(() -> parse(file), TaskOptions.defaults().withDeadline(Duration.ofSeconds(5)));
 *     List<Integer> squares = pool.map(x -> x * x, List.of(1, 2, 3));
 * }
 * }</pre>
 *
 * <p><b>Tasks</b> are copied to a worker: what they capture must be serializable, and what they change there is not changed
 * here. One that cannot travel fails its own future with {@link UnencodableException}, whose message names the path of
 * fields to what is to blame; so does a result that cannot. An exception arrives with its class, message and remote stack.
 * A worker runs one task at a time, on one thread; what a task prints appears here line by line behind the names of
 * worker and task.
 *
 * <p><b>Failure.</b> A worker that dies harms the one task it was in: that fails with {@link WorkerDiedException}, which
 * tells how, or is started again if the pool or the task says so ({@link Builder#retries}, {@link
 * dev.procession.core.TaskOptions#withRetries}). Another worker takes its place at once; one more than needed is kept ready
 * for that. (Python's executor breaks as a whole; its {@code Pool} waits for ever.)
 *
 * <p><b>Stopping.</b> {@code cancel(true)} and deadlines interrupt the task; one that does not heed that within its grace
 * is killed with its worker and all processes it has started. A task past its deadline fails with {@link
 * dev.procession.core.TaskDeadlineException}, whose cause shows where it was stuck.
 *
 * <p><b>The end.</b> A program whose main returns waits for the tasks it has submitted, then ends, pool and all. {@code
 * System.exit} ends the workers, and so does, at once, whatever kills this JVM. {@code close} waits for the tasks and then
 * for the workers' processes to be gone.
 *
 * <p>All methods may be called from any thread. How each part behaves when a process dies is in {@code
 * docs/contracts/process-pool.md}. Source: CPython {@code Lib/concurrent/futures/process.py}, {@code
 * Lib/multiprocessing/pool.py}.
 */
public final class ProcessPool extends AbstractPool {
    private static final AtomicInteger POOLS = new AtomicInteger();
    private static final Duration DEFAULT_GRACE = Duration.ofMillis(500);

    private final Engine engine;

    private ProcessPool(Builder<?> choices, String name) {
        super(name, choices.grace);
        this.engine =
                new Engine(choices.settings(name), choices.processes(name), PoolWorker.FAILURES, this::countRestart);
    }

    /**
     * Starts a pool with a fixed number of workers and defaults for the rest.
     *
     * @param workers how many, at least 1
     * @return the pool, whose workers are starting
     * @throws IllegalArgumentException if less than 1
     * @throws IllegalStateException if this process is a daemon child, which cannot have children
     */
    public static ProcessPool of(int workers) {
        return builder().size(workers).build();
    }

    /**
     * Begins a pool with choices.
     *
     * @param <S> the type of the state each worker keeps; see {@link Builder#init}
     * @return a builder without any
     */
    public static <S> Builder<S> builder() {
        return new Builder<>();
    }

    /**
     * The state that the worker this task runs in was given by {@link Builder#init}.
     *
     * @param type what it is
     * @param <S> its type
     * @return the state, the same object for all tasks of this worker
     * @throws IllegalStateException if this process is no worker of a pool
     * @throws ClassCastException if the state is of another type
     */
    public static <S> @Nullable S state(Class<S> type) {
        if (!WorkerState.isHere()) {
            throw new IllegalStateException("this process is no worker of a pool: process=" + Processes.current());
        }
        return type.cast(WorkerState.value());
    }

    /**
     * Gives a value to all workers, once each, to be used by any number of tasks: they capture what this returns instead of
     * the value.
     *
     * @param value what they share; a copy for each worker
     * @param <T> its type
     * @return stands for the value in tasks of this pool
     * @throws UnencodableException if it cannot travel
     */
    public <T> Broadcast<T> share(T value) {
        Encoded encoded = Codec.standard().prepare(value);
        // A byte[] is not copied by the codec, and may be changed before it is sent.
        return new Broadcast<>(engine, engine.broadcast(Encoded.of(encoded.toByteArray())), value);
    }

    @Override
    protected void enqueue(PoolTask<?> task) {
        engine.enqueue(task);
    }

    @Override
    protected void withdraw(PoolTask<?> task) {
        engine.withdraw(task);
    }

    @Override
    protected void interrupt(PoolTask<?> task) {
        engine.interrupt(task);
    }

    @Override
    protected void kill(PoolTask<?> task) {
        engine.kill(task);
    }

    @Override
    protected boolean hasBegun(PoolTask<?> task) {
        return engine.hasBegun(task);
    }

    @Override
    protected void assist(PoolTask<?> task) {
        engine.assist(task);
    }

    @Override
    protected int parallelism() {
        return engine.maxWorkers();
    }

    @Override
    public void resize(int min, int max) {
        ensureSize(min, max);
        engine.resize(min, max);
    }

    @Override
    public void shutdown() {
        engine.shutDown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return neverStarted(engine.stop());
    }

    @Override
    public boolean isShutdown() {
        return engine.isShutDown();
    }

    @Override
    public boolean isTerminated() {
        return engine.isTerminated();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A pool has terminated when its tasks have ended and the processes of its workers are gone.
     */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return engine.awaitTermination(timeout, unit);
    }

    /** As in {@code ProcessPool[pool-1]}. */
    @Override
    public String toString() {
        return "ProcessPool[" + name() + "]";
    }

    private static void ensureSize(int min, int max) {
        if (min < 0 || max < 1 || min > max) {
            throw new IllegalArgumentException(
                    "not a size: min=" + min + ", max=" + max + ", expected 0 <= min <= max, max >= 1");
        }
    }

    private static int positive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be greater than 0: " + name + "=" + value);
        }
        return value;
    }

    private static Duration positive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
        return value;
    }

    /**
     * A pool's choices. Each has a default; a later call overrides an earlier one, or adds to it where it says so. Not
     * thread-safe.
     *
     * @param <S> the type of the state each worker keeps
     */
    public static final class Builder<S> {
        private @Nullable String name;
        private int maxWorkers = Processes.cpuCount();

        /** Negative: as many as the maximum. */
        private int minWorkers = -1;

        private int spares = 1;
        private int retries;
        private Duration grace = DEFAULT_GRACE;
        private int queueCapacity = Backlog.UNBOUNDED;
        private WhenFull whenFull = WhenFull.BLOCK;
        private int maxTasksPerWorker = Integer.MAX_VALUE;
        private Duration maxWorkerAge = PoolSettings.FOR_EVER;
        private long maxResidentBytes = Long.MAX_VALUE;
        private Duration idleTime = Duration.ofSeconds(60);
        private Duration endTime = Duration.ofSeconds(5);
        private @Nullable SerializableSupplier<? extends S> init;
        private @Nullable SerializableConsumer<? super S> exit;
        private @Nullable SerializableFunction<? super @Nullable S, Boolean> wear;
        private final List<Consumer<ChildProcess.Builder>> processChoices = new ArrayList<>();
        private List<String> heap = List.of();
        private int processors;
        private List<String> jvmOptions = List.of();
        private Consumer<String> stdout = line -> System.out.println(line);
        private Consumer<String> stderr = line -> System.err.println(line);

        private Builder() {}

        /**
         * Names the pool. Its workers are called {@code NAME-worker-1} and so on.
         *
         * @param name of 1 to 100 characters, none of them a control character; by default {@code pool-N}
         * @return this
         * @throws IllegalArgumentException if it is no such name
         */
        public Builder<S> name(String name) {
            if (name.isBlank() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "not a name of 1 to 100 characters without control characters: name=\"" + name + '"');
            }
            this.name = name;
            return this;
        }

        /**
         * Sets the number of workers, and with {@link #min} the largest number.
         *
         * @param size how many tasks run at the same time, at least 1; by default the number of processors
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder<S> size(int size) {
            maxWorkers = positive(size, "size");
            return this;
        }

        /**
         * Has the number of workers follow the work.
         *
         * @param min how many are kept also when there is nothing to do, at most {@link #size}; by default all
         * @return this
         * @throws IllegalArgumentException if negative
         */
        public Builder<S> min(int min) {
            if (min < 0) {
                throw new IllegalArgumentException("min must not be negative: min=" + min);
            }
            minWorkers = min;
            return this;
        }

        /**
         * Ends workers above the minimum that have had nothing to do for a while.
         *
         * @param idleTime for how long; by default a minute
         * @return this
         * @throws IllegalArgumentException if not positive
         */
        public Builder<S> idleTime(Duration idleTime) {
            this.idleTime = positive(idleTime, "idleTime");
            return this;
        }

        /**
         * Keeps no worker ready beyond those at work: saves the memory of a JVM, and makes the first task after a worker's
         * death wait for a start.
         *
         * @return this
         */
        public Builder<S> withoutSpare() {
            spares = 0;
            return this;
        }

        /**
         * Starts tasks again whose worker died, unless their options say otherwise. What a task throws is never retried, nor
         * is one that was killed because of its deadline.
         *
         * @param retries how often, by default not at all; {@link Integer#MAX_VALUE} is without bound. A task that kills each
         *     worker fails when this is used up
         * @return this
         * @throws IllegalArgumentException if negative
         */
        public Builder<S> retries(int retries) {
            if (retries < 0) {
                throw new IllegalArgumentException("retries must not be negative: retries=" + retries);
            }
            this.retries = retries;
            return this;
        }

        /**
         * Sets how long a task may go on after it was asked to stop, unless its options say otherwise.
         *
         * @param grace how long, by default half a second
         * @return this
         * @throws IllegalArgumentException if negative
         */
        public Builder<S> grace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("grace must not be negative: grace=" + grace);
            }
            this.grace = grace;
            return this;
        }

        /**
         * Bounds the queue.
         *
         * @param capacity how many tasks may wait when all workers are busy, 0 or more; by default any number
         * @return this
         * @throws IllegalArgumentException if negative
         */
        public Builder<S> queueCapacity(int capacity) {
            if (capacity < 0) {
                throw new IllegalArgumentException("queueCapacity must not be negative: queueCapacity=" + capacity);
            }
            queueCapacity = capacity;
            return this;
        }

        /**
         * Chooses what happens to a task that finds the queue full.
         *
         * @param whenFull by default its submitter waits. One that is {@linkplain WhenFull#CALLER_RUNS run by the submitter} is
         *     run in this JVM, with nothing between its faults and the program
         * @return this
         */
        public Builder<S> whenFull(WhenFull whenFull) {
            this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
            return this;
        }

        /**
         * Replaces a worker after a number of tasks: Python's {@code max_tasks_per_child}.
         *
         * @param tasks how many, at least 1; by default never
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder<S> maxTasksPerWorker(int tasks) {
            maxTasksPerWorker = positive(tasks, "maxTasksPerWorker");
            return this;
        }

        /**
         * Replaces a worker that has reached an age, once it has no task.
         *
         * @param age counted from its start; by default never
         * @return this
         * @throws IllegalArgumentException if not positive
         */
        public Builder<S> maxWorkerAge(Duration age) {
            maxWorkerAge = positive(age, "maxWorkerAge");
            return this;
        }

        /**
         * Bounds the memory a worker has resident, native memory included: one above it is replaced once its task has ended,
         * and killed if it comes to an eighth more in the middle of one, as after a deadline. Looked at a few times a second.
         *
         * @param bytes how much, at least 32 MiB; by default any amount
         * @return this
         * @throws IllegalArgumentException if less than 32 MiB
         */
        public Builder<S> maxResident(long bytes) {
            if (bytes < 32 << 20) {
                throw new IllegalArgumentException("too little for a JVM: bytes=" + bytes + ", min=" + (32 << 20));
            }
            maxResidentBytes = bytes;
            return this;
        }

        /**
         * Bounds each worker's heap. A task that fills it ends its worker, and fails with {@link
         * WorkerDiedException.Cause#OUT_OF_MEMORY}.
         *
         * @param maxHeapBytes its largest size, at least 2 MiB; by default an equal share of three quarters of the machine's
         *     memory, and a quarter at most
         * @return this
         * @throws IllegalArgumentException if less than 2 MiB
         */
        public Builder<S> heap(long maxHeapBytes) {
            if (maxHeapBytes < 2 << 20) {
                throw new IllegalArgumentException(
                        "too small a heap: maxHeapBytes=" + maxHeapBytes + ", min=" + (2 << 20));
            }
            heap = List.of("-Xmx" + maxHeapBytes);
            return this;
        }

        /**
         * Bounds how many processors each worker's JVM counts on: for its own threads (compiler, collector) and in what
         * {@link Runtime#availableProcessors} tells its tasks. It does not bind the worker to any.
         *
         * @param processors how many, at least 1; by default an equal share of this JVM's, rounded up
         * @return this
         * @throws IllegalArgumentException if less than 1
         */
        public Builder<S> processors(int processors) {
            this.processors = positive(processors, "processors");
            return this;
        }

        /**
         * Gives options to the workers' JVMs, after those they inherit.
         *
         * @param options as on a command line, one word each
         * @return this
         */
        public Builder<S> jvmOptions(String... options) {
            jvmOptions = List.of(options);
            return this;
        }

        /**
         * Adds a variable to the workers' environment, which is otherwise this process's.
         *
         * @param variable its name
         * @param value its value
         * @return this
         */
        public Builder<S> environment(String variable, String value) {
            Objects.requireNonNull(variable, "variable");
            Objects.requireNonNull(value, "value");
            processChoices.add(builder -> builder.environment(variable, value));
            return this;
        }

        /**
         * Chooses the workers' working directory.
         *
         * @param folder an existing folder; by default this process's
         * @return this
         */
        public Builder<S> workingDirectory(Path folder) {
            Objects.requireNonNull(folder, "folder");
            processChoices.add(builder -> builder.workingDirectory(folder));
            return this;
        }

        /**
         * Chooses where the lines of the workers' standard output go.
         *
         * @param consumer takes a line: {@code [pool-1-worker-2] [task-17] what the task printed}; from one thread per worker;
         *     by default prints to {@link System#out}
         * @return this
         */
        public Builder<S> stdout(Consumer<String> consumer) {
            stdout = Objects.requireNonNull(consumer, "consumer");
            return this;
        }

        /**
         * Chooses where the lines of the workers' standard error go. The last ones are in {@link WorkerDiedException} as
         * well.
         *
         * @param consumer as for {@link #stdout}; by default prints to {@link System#err}
         * @return this
         */
        public Builder<S> stderr(Consumer<String> consumer) {
            stderr = Objects.requireNonNull(consumer, "consumer");
            return this;
        }

        /**
         * Has each worker make a state before its first task, which its tasks find by {@link ProcessPool#state}. What this
         * throws is told by the log, and the worker is started anew; the third time in a row all tasks, and those submitted
         * later, fail with it as the cause.
         *
         * @param init makes the state, in the worker
         * @return this
         */
        public Builder<S> init(SerializableSupplier<? extends S> init) {
            this.init = Objects.requireNonNull(init, "init");
            return this;
        }

        /**
         * Has each worker end its state after its last task. Not called in one that dies or is killed.
         *
         * @param exit ends the state, in the worker; it has the {@link #endTime}
         * @return this
         */
        public Builder<S> exit(SerializableConsumer<? super S> exit) {
            this.exit = Objects.requireNonNull(exit, "exit");
            return this;
        }

        /**
         * Bounds how long a worker may take to end once it is told to: for its {@link #exit} and its JVM's shutdown hooks. One
         * that is not gone then is killed, with all that its tasks have started.
         *
         * @param time more than zero; by default five seconds
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder<S> endTime(Duration time) {
            endTime = positive(time, "endTime");
            return this;
        }

        /**
         * Has each worker ask itself after each of its tasks whether it should be replaced: because of what its state says,
         * what its tasks have left behind, or how slow it has become. One that says yes begins on no more tasks.
         *
         * @param wear given the worker's state, null if it has none; it is asked in the worker, before the task's outcome is
         *     sent. One that throws is replaced as well
         * @return this
         */
        public Builder<S> replaceWhen(SerializableFunction<? super @Nullable S, Boolean> wear) {
            this.wear = Objects.requireNonNull(wear, "wear");
            return this;
        }

        /**
         * Starts the pool.
         *
         * @return the pool, whose workers are starting
         * @throws IllegalArgumentException if {@code min} is more than {@code size}
         * @throws UnencodableException if {@code init} or {@code exit} cannot travel
         * @throws IllegalStateException if this process is a daemon child, which cannot have children, or is ending
         */
        public ProcessPool build() {
            ensureSize(Math.max(0, minWorkers), maxWorkers);
            Children.ours().ensureAllowed(name == null ? "a pool's worker" : name, Lineage.Ending.WORKER);
            var pool = new ProcessPool(this, name == null ? "pool-" + POOLS.incrementAndGet() : name);
            pool.engine.begin();
            return pool;
        }

        private PoolSettings settings(String poolName) {
            return new PoolSettings(
                    poolName,
                    minWorkers < 0 ? maxWorkers : minWorkers,
                    maxWorkers,
                    spares,
                    retries,
                    queueCapacity,
                    whenFull,
                    maxTasksPerWorker,
                    maxWorkerAge,
                    maxResidentBytes,
                    idleTime,
                    endTime,
                    Codec.standard().prepare(init),
                    Codec.standard().prepare(exit),
                    Codec.standard().prepare(wear));
        }

        /** The VM's own last words, such as those about a full heap, go to the stream whose last lines are kept. */
        private PoolProcesses processes(String poolName) {
            List<String> options = new ArrayList<>();
            options.add("-XX:+ExitOnOutOfMemoryError");
            options.add("-XX:+DisplayVMOutputToStderr");
            options.add("-XX:ActiveProcessorCount="
                    + (processors > 0 ? processors : Math.ceilDiv(Processes.cpuCount(), maxWorkers)));
            options.addAll(heap.isEmpty() ? List.of(heapShare(maxWorkers + spares)) : heap);
            options.addAll(jvmOptions);
            String[] all = options.toArray(String[]::new);
            List<Consumer<ChildProcess.Builder>> choices = List.copyOf(processChoices);
            return new PoolProcesses(
                    poolName,
                    builder -> {
                        builder.jvmOptions(all);
                        choices.forEach(choice -> choice.accept(builder));
                    },
                    stdout,
                    stderr);
        }

        private static String heapShare(int processes) {
            double percent = Math.min(25.0, 75.0 / processes);
            return "-XX:MaxRAMPercentage=" + Math.max(1.0, Math.floor(percent * 10) / 10);
        }
    }
}
