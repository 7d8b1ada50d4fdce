package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.UnencodableException;
import dev.procession.process.Sinks.Capture;
import dev.procession.process.Spawner.Spawned;
import dev.procession.shm.channel.EndOfChild;
import dev.procession.shm.os.CpuAffinity;
import dev.procession.shm.os.Signals;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM that runs one action: Python's {@code multiprocessing.Process}.
 *
 * <pre>{@code
 * int seats = 3;
 * ChildProcess child = ChildProcess.start(() -> System.out.println("selling " + seats + " in " + Processes.current()));
 * child.join();
 * assert child.exitCode().getAsInt() == 0;
 * }</pre>
 *
 * <p>The action and what it captures are copied: what the child does to them the parent does not see. It has the
 * parent's class path, module path and JVM options, but a heap, a collector and a crash of its own. Classes that are not
 * on a path (of a source file that is run as it is, of JShell, of a class loader of one's own) it fetches from the parent
 * when it needs them; their resources it does not have. Static fields are what their initializers make them, except the
 * variables of a JShell session, which are copied too.
 *
 * <p><b>Life.</b> A child is started by being made, so there is no child that was not yet started (Python's is one until
 * {@code start()}), and none is started twice. It <i>ends</i> when its process is gone and all its output has gone where
 * it goes. It never outlives its parent: if the parent is killed, the child is killed within moments, and so are the
 * child's children. A parent whose non-daemon threads have ended waits for its non-daemon children, then ends its daemon
 * children. {@code System.exit}, SIGINT and SIGTERM end all: by SIGTERM, and two seconds later by SIGKILL.
 *
 * <p><b>Exit codes</b> are Python's:
 *
 * <table>
 * <caption>How a child ended</caption>
 * <tr><th>exit code</th><th>meaning</th></tr>
 * <tr><td>0</td><td>the action returned, and the child's non-daemon threads ended</td></tr>
 * <tr><td>1</td><td>the action threw; the stack is on the child's stderr and in {@link #failure}</td></tr>
 * <tr><td>n</td><td>{@code System.exit(n)} or {@code Runtime.halt(n)}</td></tr>
 * <tr><td>-n</td><td>signal n ended it: -9 is SIGKILL, -15 SIGTERM, -6 SIGABRT</td></tr>
 * <tr><td>-6 and a {@linkplain ChildFailedException#crashFile crash file}</td><td>the JVM crashed: by a wrong access of
 *     native code, SIGSEGV, for instance</td></tr>
 * <tr><td>3 and {@linkplain ChildFailedException#ranOutOfMemory the JVM's word}</td><td>the heap was full, in a JVM that
 *     was told to end then, by {@code -XX:+ExitOnOutOfMemoryError}. By default it throws {@link OutOfMemoryError}, an
 *     exception like others</td></tr>
 * </table>
 *
 * <p>All methods may be called from any thread. None but {@link #join} and {@link #waitAny} blocks. What a child did before
 * it ended happens before a {@code join} returns true, as far as the two share anything (files, shared memory).
 *
 * <p>Source: CPython {@code Lib/multiprocessing/process.py}. Notable differences: starts at once; a signal that is
 * answered by a shutdown hook reads as its signal too, since the JVM then exits with 128 + n; so an {@code exit(128 + n)}
 * of one's own reads as -n: {@code exit(137)} as -9.
 */
public final class ChildProcess {
    private final String name;
    private final Lineage.Ending ending;
    private final Spawned process;
    private final @Nullable Capture stdout;
    private final @Nullable Capture stderr;
    private final Postmortem postmortem;

    /** Completed first, and given to nobody: so no callback of a user can hold up those that wait in {@link #join}. */
    private final CompletableFuture<ChildProcess> gone = new CompletableFuture<>();

    private final CompletableFuture<ChildProcess> exit = new CompletableFuture<>();

    /** Set before {@link #start} returns. */
    private @Nullable Attendant attendant;

    /** How it ended; set before {@link #gone} completes. */
    private volatile @Nullable Ended ended;

    private volatile boolean closed;

    private record Ended(int exitCode, @Nullable ChildFailedException failure) {}

    ChildProcess(
            String name,
            Lineage.Ending ending,
            Spawned process,
            @Nullable Capture stdout,
            @Nullable Capture stderr,
            Postmortem postmortem) {
        this.name = name;
        this.ending = ending;
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
        this.postmortem = postmortem;
    }

    /**
     * Starts a child with the default name, flags and output.
     *
     * @param action what it runs; a lambda, or an object of a class with its own {@code run}
     * @return the child, starting
     * @throws UnencodableException if the action, or what it captures, is not serializable; no process was made
     * @throws IllegalStateException if this process is a daemon child, or is ending
     * @throws UncheckedIOException if the system refuses to make the process
     */
    public static ChildProcess start(SerializableAction action) {
        return builder().start(action);
    }

    /**
     * Begins a child with choices.
     *
     * @return a builder without any
     */
    public static Builder builder() {
        return new Builder();
    }

    void attendedBy(Attendant attendant) {
        this.attendant = attendant;
    }

    /** Called once, by the attendant, when the process is gone and its output has gone where it goes. */
    void ended(int exitCode, @Nullable Throwable thrown, Attendant.Stage stage) {
        boolean well = exitCode == 0 && thrown == null && stage == Attendant.Stage.TOLD;
        ended = new Ended(exitCode, well ? null : postmortem.explain(exitCode, thrown, stage));
        Children.ours().remove(this);
        gone.complete(this);
        exit.complete(this);
    }

    /**
     * The name.
     *
     * @return as given, or {@code Process-1} and so on; of a closed child too
     */
    public String name() {
        return name;
    }

    /**
     * The process id.
     *
     * @return the id; once the child has ended another process may have it
     * @throws IllegalStateException if closed
     */
    public long pid() {
        ensureOpen();
        return process.pid();
    }

    /**
     * Whether a parent whose work is done ends this child rather than wait for it.
     *
     * @return the flag it was started with
     */
    public boolean isDaemon() {
        return ending != Lineage.Ending.AWAITED;
    }

    /**
     * Whether the child has not ended.
     *
     * @return true from the start until its process is gone and its output has gone where it goes
     * @throws IllegalStateException if closed
     */
    public boolean isAlive() {
        ensureOpen();
        return !gone.isDone();
    }

    /**
     * How the child ended.
     *
     * @return the exit code; minus the signal's number if a signal ended it; empty while it is alive
     * @throws IllegalStateException if closed
     */
    public OptionalInt exitCode() {
        ensureOpen();
        Ended how = ended;
        return how == null ? OptionalInt.empty() : OptionalInt.of(how.exitCode());
    }

    /**
     * What went wrong.
     *
     * @return an exception that tells how the child ended, with what its action threw as its cause; empty while the child
     *     is alive and if it ended well: with exit code 0
     * @throws IllegalStateException if closed
     */
    public Optional<ChildFailedException> failure() {
        ensureOpen();
        return failureEvenIfClosed();
    }

    Optional<ChildFailedException> failureEvenIfClosed() {
        Ended how = ended;
        return how == null ? Optional.empty() : Optional.ofNullable(how.failure());
    }

    /**
     * Waits until the child has ended. It returns at once if that is so already. If the child's main thread waits for a shared
     * lock that this thread holds, or for one that waits for this thread, neither can go on: that is reported by a warning
     * of {@code dev.procession.shm}.
     *
     * @throws InterruptedException if this thread is interrupted; the child goes on
     * @throws IllegalStateException if closed, or if called from a consumer of this child's output, whose end it would
     *     wait for
     */
    public void join() throws InterruptedException {
        ensureJoinable();
        if (!gone.isDone()) {
            EndOfChild.await(pid(), atMost -> await(gone, atMost));
        }
    }

    /**
     * Waits until the child has ended, but not for ever.
     *
     * @param timeout how long at least; zero or less does not wait
     * @return whether it has ended
     * @throws InterruptedException if this thread is interrupted; the child goes on
     * @throws IllegalStateException if closed, or if called from a consumer of this child's output
     */
    public boolean join(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        ensureJoinable();
        return await(gone, timeout);
    }

    /**
     * Waits until the child has ended, and throws if it ended otherwise than well.
     *
     * @throws ChildFailedException the {@link #failure}, if there is one
     * @throws InterruptedException if this thread is interrupted; the child goes on
     * @throws IllegalStateException as {@link #join()}
     */
    public void joinOrThrow() throws InterruptedException, ChildFailedException {
        join();
        Optional<ChildFailedException> failure = failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Waits until at least one of several children has ended: Python's {@code connection.wait} on their sentinels.
     *
     * @param children the children; may be empty
     * @param timeout how long at least; zero or less does not wait
     * @return those that have ended, in the order given; empty if none had when the time was over
     * @throws InterruptedException if this thread is interrupted; the children go on
     * @throws IllegalStateException if one of them is closed
     */
    public static List<ChildProcess> waitAny(Collection<ChildProcess> children, Duration timeout)
            throws InterruptedException {
        List<ChildProcess> watched = List.copyOf(children);
        watched.forEach(ChildProcess::ensureJoinable);
        CompletableFuture<?> any = CompletableFuture.anyOf(
                watched.stream().map(child -> child.gone).toArray(CompletableFuture<?>[]::new));
        await(any, timeout);
        return watched.stream().filter(child -> child.gone.isDone()).toList();
    }

    private static boolean await(CompletableFuture<?> event, Duration timeout) throws InterruptedException {
        if (!timeout.isPositive()) {
            return event.isDone();
        }
        try {
            event.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException _) {
            return event.isDone();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** For this package: whether all that the process has written so far was read. */
    boolean isOutputRead() {
        return attendant == null || attendant.isOutputRead();
    }

    /** As {@link #onExit}, for this package: completes before any callback of a user runs. */
    CompletableFuture<ChildProcess> gone() {
        return gone;
    }

    /**
     * The end of the child as a future: Python's sentinel.
     *
     * @return completes with this child when it has ended, never exceptionally; its callbacks run on a thread of this child
     *     alone, which keeps a JVM with a non-daemon child alive; completing or cancelling it does nothing to the child
     * @throws IllegalStateException if closed
     */
    public CompletableFuture<ChildProcess> onExit() {
        ensureOpen();
        return exit.copy();
    }

    /**
     * The child as work that is under way, a member of a group of tasks say.
     *
     * @return a future that is done when the child has ended: with this child if it ended well, else failed with its
     *     {@link #failure}. {@code cancel(true)} ends the child, by SIGTERM and two seconds later by SIGKILL; the future is
     *     cancelled when it has ended, and succeeds if it ended well all the same. {@code cancel(false)} does nothing
     * @throws IllegalStateException if closed
     */
    public Future<ChildProcess> asFuture() {
        return new ChildFuture(this);
    }

    /**
     * Asks the child to end, by SIGTERM: its shutdown hooks run. Does not wait. One that has ended is left alone.
     *
     * @throws IllegalStateException if closed
     */
    public void terminate() {
        ensureOpen();
        signal(Signals.TERM);
    }

    /** For this package: of a closed child too, which has ended and is left alone. */
    void signal(int signal) {
        process.signal(signal);
    }

    /**
     * Ends the child at once, by SIGKILL: nothing of it runs any more. Does not wait. One that has ended is left alone.
     *
     * @throws IllegalStateException if closed
     */
    public void kill() {
        ensureOpen();
        signal(Signals.KILL);
    }

    /**
     * What the child has written to its standard output, if that is {@linkplain Output#captured captured}.
     *
     * @return all of it up to its last line feed; all of it once the child has ended
     * @throws IllegalStateException if closed, or if its output goes elsewhere
     */
    public String stdout() {
        return captured(stdout, "stdout");
    }

    /**
     * What the child has written to its standard error, if that is {@linkplain Output#captured captured}.
     *
     * @return all of it up to its last line feed; all of it once the child has ended
     * @throws IllegalStateException if closed, or if its errors go elsewhere
     */
    public String stderr() {
        return captured(stderr, "stderr");
    }

    private String captured(@Nullable Capture capture, String stream) {
        ensureOpen();
        if (capture == null) {
            throw new IllegalStateException("not captured: child=" + name + ", stream=" + stream
                    + "; start it with builder()." + stream + "(Output.captured())");
        }
        return capture.text();
    }

    /**
     * Gives back what this object holds. Only for a child that has ended; afterwards all methods but {@link #name},
     * {@link #isDaemon} and this one throw. A second call does nothing. Calling it is not needed: a child that has ended
     * holds no system resource. It is no {@link AutoCloseable}, since it does not end a child.
     *
     * @throws IllegalStateException if the child is alive: end it first
     */
    public void close() {
        if (!closed && !gone.isDone()) {
            throw new IllegalStateException("still running, call join, terminate or kill first: child=" + this);
        }
        closed = true;
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("closed: child=" + name);
        }
    }

    private void ensureJoinable() {
        ensureOpen();
        if (attendant != null && attendant.owns(Thread.currentThread()) && !gone.isDone()) {
            throw new IllegalStateException(
                    "a consumer of a child's output cannot wait for that child's end: child=" + this);
        }
    }

    /** As in {@code Process-1 (pid 4711), running} or {@code Process-1 (pid 4711), exitCode=-9}. */
    @Override
    public String toString() {
        Ended how = ended;
        return name + " (pid " + process.pid() + "), " + (how == null ? "running" : "exitCode=" + how.exitCode());
    }

    /**
     * A child's choices. Each has a default; a later call overrides an earlier one, or adds to it where it says so. One
     * builder may start many children; changing it changes none that was started. Not thread-safe.
     */
    public static final class Builder {
        private static final int MAX_NAME = 200;

        @Nullable
        String name;

        Lineage.Ending ending = Lineage.current().ending().ofChildren();

        @Nullable
        ListeningSocket stdin;

        Output stdout = Output.prefixed();
        Output stderr = Output.prefixed();
        final Map<String, @Nullable String> environment = new HashMap<>();

        @Nullable
        Path workingDirectory;

        @Nullable
        CpuBinding cpus;

        List<String> heap = List.of();
        List<String> jvmOptions = List.of();

        private Builder() {}

        /**
         * Names the child.
         *
         * @param name the name, of 1 to 200 characters, none of them a control character; by default {@code Process-N},
         *     counted from 1 in each parent, and {@code Process-N:M} for a child of the N-th child
         * @return this
         * @throws IllegalArgumentException if it is no such name
         */
        public Builder name(String name) {
            if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("not a name of 1 to " + MAX_NAME
                        + " characters without control characters: name=\"" + name + '"');
            }
            this.name = name;
            return this;
        }

        /**
         * Makes a daemon child: a parent whose work is done ends it rather than wait for it. It cannot have children. By
         * default a child is what its parent is.
         *
         * @return this
         */
        public Builder daemon() {
            ending = Lineage.Ending.DAEMON;
            return this;
        }

        /** For pools. */
        Builder worker() {
            ending = Lineage.Ending.WORKER;
            return this;
        }

        /**
         * Makes a child that is no daemon: a parent whose work is done waits for it.
         *
         * @return this
         */
        public Builder nonDaemon() {
            ending = Lineage.Ending.AWAITED;
            return this;
        }

        /**
         * Bounds the heap.
         *
         * @param maxHeapBytes its largest size in bytes, at least 2 MiB; by default what the JVM takes for the machine, and
         *     not what the parent has
         * @return this
         * @throws IllegalArgumentException if less than 2 MiB
         */
        public Builder heap(long maxHeapBytes) {
            if (maxHeapBytes < 2 << 20) {
                throw new IllegalArgumentException(
                        "too small a heap: maxHeapBytes=" + maxHeapBytes + ", min=" + (2 << 20));
            }
            heap = List.of("-Xmx" + maxHeapBytes);
            return this;
        }

        /**
         * Chooses the processors that the child runs on, with all its threads and what it starts. Its JVM then counts
         * these alone as {@linkplain Runtime#availableProcessors available}.
         *
         * @param cpus their numbers, as the system counts them from 0; by default those of the calling thread
         * @return this
         * @throws IllegalArgumentException if there is none, or one is not among this process's own; the message lists
         *     these
         * @throws UnsupportedOperationException if this system does not let processors be chosen
         */
        public Builder cpus(int... cpus) {
            var chosen = new BitSet();
            for (int cpu : cpus) {
                if (cpu < 0 || cpu >= CpuAffinity.MOST_CPUS) {
                    throw new IllegalArgumentException("not a processor: cpu=" + cpu);
                }
                chosen.set(cpu);
            }
            return cpus(chosen);
        }

        /**
         * Chooses the processors that the child runs on, as {@link #cpus(int...)}.
         *
         * @param cpus the set of their numbers; copied
         * @return this
         * @throws IllegalArgumentException as there
         * @throws UnsupportedOperationException as there
         */
        public Builder cpus(BitSet cpus) {
            this.cpus = CpuBinding.to(cpus);
            return this;
        }

        /**
         * Gives options to the child's JVM, after those it inherits.
         *
         * @param options as on a command line, one word each
         * @return this
         */
        public Builder jvmOptions(String... options) {
            jvmOptions = List.of(options);
            return this;
        }

        /**
         * Adds a variable to the environment, which is otherwise the parent's.
         *
         * @param variable its name
         * @param value its value
         * @return this
         */
        public Builder environment(String variable, String value) {
            environment.put(Objects.requireNonNull(variable, "variable"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Takes a variable out of the environment.
         *
         * @param variable its name
         * @return this
         */
        public Builder withoutEnvironment(String variable) {
            environment.put(Objects.requireNonNull(variable, "variable"), null);
            return this;
        }

        /**
         * Chooses the working directory.
         *
         * @param folder an existing folder; by default the parent's
         * @return this
         */
        public Builder workingDirectory(Path folder) {
            workingDirectory = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Gives a listening socket to the child, which finds it by {@link System#inheritedChannel}.
         *
         * @param listener the socket, in place of an empty standard input; open when the child is started
         * @return this
         */
        public Builder stdin(ListeningSocket listener) {
            stdin = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Chooses where the standard output goes.
         *
         * @param output where; by default {@link Output#prefixed}
         * @return this
         */
        public Builder stdout(Output output) {
            stdout = Objects.requireNonNull(output, "output");
            return this;
        }

        /**
         * Chooses where the standard error goes.
         *
         * @param output where; by default {@link Output#prefixed}
         * @return this
         */
        public Builder stderr(Output output) {
            stderr = Objects.requireNonNull(output, "output");
            return this;
        }

        /**
         * Starts a child.
         *
         * @param action what it runs
         * @return the child, starting
         * @throws UnencodableException if the action, or what it captures, is not serializable; no process was made
         * @throws IllegalStateException if this process is a daemon child, or is ending
         * @throws UncheckedIOException if the system refuses to make the process
         */
        public ChildProcess start(SerializableAction action) {
            return ChildStart.of(this, Objects.requireNonNull(action, "action"));
        }
    }
}
