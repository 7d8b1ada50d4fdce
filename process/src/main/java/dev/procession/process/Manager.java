package dev.procession.process;

import dev.procession.core.SerializableSupplier;
import dev.procession.core.codec.UnencodableException;
import dev.procession.process.manager.Address;
import dev.procession.process.manager.Building;
import dev.procession.process.manager.Client;
import dev.procession.process.manager.Key;
import dev.procession.process.manager.ManagerMain.Rules;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process that holds objects for others: Python's {@code multiprocessing.Manager}.
 *
 * <pre>{@code
 * try (Manager manager = Manager.start()) {
 *     ConcurrentMap<String, Integer> scores = manager.map();
 *     ChildProcess child = ChildProcess.start(() -> scores.merge("ann", 1, Integer::sum));
 *     child.join();
 *     assert scores.get("ann") == 1;
 * }
 * }</pre>
 *
 * <p>What its methods make lives in the manager's process; what they return are proxies. A proxy is used like the thing
 * itself, by any thread, and travels: captured by a lambda that runs in a child, put into a queue, or put into another
 * managed object, it stays the same object wherever it arrives. So managed objects nest.
 *
 * <p><b>When to take which.</b>
 *
 * <table>
 * <caption>Manager or shared memory</caption>
 * <tr><th>you want</th><th>take</th><th>because</th></tr>
 * <tr><td>a map and nothing else</td><td>{@code SharedMap}</td><td>no process between: reads are a hundred times
 *     faster, and it survives the death of any process</td></tr>
 * <tr><td>a queue, a lock, a semaphore, an event, a barrier</td><td>{@code SharedQueue} and so on</td><td>the same; the
 *     queue has leases</td></tr>
 * <tr><td>a list; a map of maps of lists; a namespace</td><td>a manager</td><td>nothing in shared memory nests</td></tr>
 * <tr><td>one object of your own that several processes use</td><td>{@link #register}</td><td>it has one state, in one
 *     heap, whatever its class</td></tr>
 * <tr><td>JVMs that nobody of one family started</td><td>{@link Builder#serveAt} and {@link #connect}, or {@code
 *     Space.open}</td><td>both meet by a name and need the same user</td></tr>
 * </table>
 *
 * <p><b>Elements are copies</b>, kept as the bytes they travel in: what {@code get} gives is a new object, and changing it
 * changes nothing in the manager. A proxy as an element is a reference. Two keys of a map are one if their bytes are, as for
 * {@code SharedMap}; values and elements of lists and queues are compared by {@code equals}, in the caller. Null is an
 * element of a list like any other; maps and queues refuse it. Maps keep the order in which keys were first put.
 *
 * <p><b>Atomic</b> is each method of one object that takes no function; of those that do, {@code compute}, {@code merge} and
 * their kin, for their key. Functions run in the caller, once, and need not be serializable; other changes of that key
 * wait meanwhile. {@code List.sort} and {@code replaceAll} are atomic too, but may ask their function again when another
 * changed the list meanwhile. Iterators go through what was there when they were made; what they remove or set they find
 * again, and if it has gone they do nothing.
 *
 * <p><b>Waiting.</b> A call that waits in the manager holds up nobody else, of this process or another. An interrupt ends
 * the wait of a method that throws {@link InterruptedException}: the manager is told and says what came of it, so an element
 * that was already taken is returned, with the thread's interrupt flag set, and never lost. Other methods keep the
 * interrupt for later. Time-outs are a minimum; zero or less does not wait.
 *
 * <p><b>Exceptions</b> cross: the caller gets one of the same type with its own stack, and the stack it had in the manager as
 * a {@link RemoteThrowable}: as the cause, or as a suppressed exception where there is a cause already. One that cannot be
 * rebuilt is that {@link RemoteThrowable} itself, inside an {@link java.lang.reflect.UndeclaredThrowableException}.
 *
 * <p><b>Life.</b> An object lives until it is {@linkplain #remove removed} or the manager ends, whether or not anybody has a
 * proxy of it. The manager ends when it is {@linkplain #close closed} by who started it, or with that process, however
 * that ends. Then every call, also one that waits, throws {@link ManagerUnreachableException}.
 *
 * <p><b>If a process dies</b> that uses the manager: locks of its threads are released, and the manager logs it; a key it was
 * working on in a {@code compute} is free again and keeps its value; its waits end, and a barrier it waited at breaks. What
 * it had taken from a queue is gone with it: at most once, as Python has it. Permits it held are gone. {@code
 * docs/contracts/manager.md} has the table.
 *
 * <p><b>Who may use it</b>: processes of the same user that have its key. A serialized proxy carries the address and the
 * key: keep it as you would keep the key. A {@link Builder#classFilter class filter} bounds what may be built of bytes, in
 * the manager and in its clients.
 *
 * <p><b>Memory effects</b>: what a thread did before it put something into a managed object <i>happens before</i> what a
 * thread of any process does after it has found it there.
 *
 * <p>A manager itself travels like a proxy; there it is a {@linkplain #connect connected} one. Thread-safe.
 *
 * <p>Source: CPython {@code Lib/multiprocessing/managers.py}. Notable differences: one line for all threads of a process; no
 * reference counts; a dead client's locks come back; no element is unpickled by the manager.
 */
public final class Manager implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final transient Client client;
    private final transient @Nullable ManagerStart own;

    private Manager(Client client, @Nullable ManagerStart own) {
        this.client = client;
        this.own = own;
    }

    /**
     * Starts a manager that this process and those it tells may use.
     *
     * @return the manager, ready
     * @throws IllegalStateException if this process is a daemon child, or is ending, or the manager's process failed
     */
    public static Manager start() {
        return builder().start();
    }

    /**
     * Begins a manager with choices.
     *
     * @return a builder without any
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Connects to a manager that another process started with {@link Builder#serveAt}.
     *
     * @param socket where it serves
     * @param key its key
     * @return the manager; to close it ends the connection, not the manager
     * @throws ManagerUnreachableException if none serves there, or it has another key; the message tells which
     */
    public static Manager connect(Path socket, byte[] key) {
        return new Manager(Client.at(socket.toAbsolutePath().toString(), Key.of(key)), null);
    }

    /**
     * The manager's process.
     *
     * @return the child, if this process started it; empty if it is connected
     */
    public Optional<ChildProcess> process() {
        return Optional.ofNullable(own).map(ManagerStart::child);
    }

    /**
     * Makes a map: Python's {@code dict()}.
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <K, V> ConcurrentMap<K, V> map() {
        return client.map();
    }

    /**
     * Makes a list: Python's {@code list()}. Its {@code subList} is as undefined as any when others add or remove.
     *
     * @param <E> the type of elements
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <E extends @Nullable Object> List<E> list() {
        return client.list();
    }

    /**
     * Makes a list that keeps its size: Python's {@code Array}. What would add or remove throws {@link
     * UnsupportedOperationException}.
     *
     * @param elements what is in it
     * @param <E> the type of elements
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <E extends @Nullable Object> List<E> array(Collection<? extends E> elements) {
        return client.array(elements);
    }

    /**
     * Makes a queue without a bound: Python's {@code Queue()}.
     *
     * @param <E> the type of elements
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <E> BlockingQueue<E> queue() {
        return queue(Integer.MAX_VALUE);
    }

    /**
     * Makes a queue: Python's {@code Queue(n)}.
     *
     * @param capacity how many elements it holds
     * @param <E> the type of elements
     * @return its proxy
     * @throws IllegalArgumentException if the capacity is not positive
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <E> BlockingQueue<E> queue(int capacity) {
        return client.queue(capacity);
    }

    /**
     * Makes a lock that its owner cannot acquire again and anybody may release: Python's {@code Lock()}.
     *
     * @return its proxy; the conditions of it are proxies too
     * @throws ManagerUnreachableException if the manager is gone
     */
    public Lock lock() {
        return client.lock();
    }

    /**
     * Makes a lock that belongs to a thread, which may acquire it again: Python's {@code RLock()}. With its {@link
     * Lock#newCondition}, Python's {@code Condition()}.
     *
     * @return its proxy; the conditions of it are proxies too
     * @throws ManagerUnreachableException if the manager is gone
     */
    public Lock reentrantLock() {
        return client.reentrantLock();
    }

    /**
     * Makes a semaphore: Python's {@code Semaphore(n)}.
     *
     * @param permits how many permits it has
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public ManagedSemaphore semaphore(int permits) {
        return client.semaphore(permits);
    }

    /**
     * Makes an event, not set: Python's {@code Event()}.
     *
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public ManagedEvent event() {
        return client.event();
    }

    /**
     * Makes a barrier: Python's {@code Barrier(n)}.
     *
     * @param parties how many must come
     * @return its proxy
     * @throws IllegalArgumentException if that is not positive
     * @throws ManagerUnreachableException if the manager is gone
     */
    public ManagedBarrier barrier(int parties) {
        return client.barrier(parties);
    }

    /**
     * Makes a namespace: Python's {@code Namespace()}.
     *
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public Namespace namespace() {
        return client.namespace();
    }

    /**
     * Makes a value: Python's {@code Value}.
     *
     * @param initial what it is at first
     * @param <T> its type
     * @return its proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <T extends @Nullable Object> ManagedValue<T> value(T initial) {
        return client.value(initial);
    }

    /**
     * Makes an object of a class of your own in the manager's process, and gives a proxy that sends each call of the
     * interface's methods there: Python's {@code BaseManager.register} and the call of what it made.
     *
     * <p>Arguments and results are copies, proxies references. Each call is carried out by a thread of the manager's, not
     * always the same for one caller: what belongs to a thread, as a {@code ReentrantLock} does, is not to be kept from one
     * call to the next. Many calls run at once; the object sees to its own safety. An interrupt reaches a method that
     * declares {@link InterruptedException}; the end of the calling process interrupts all of its calls.
     *
     * @param type the interface; the manager's process must know it
     * @param maker makes the object, in the manager's process
     * @param <I> the interface
     * @return the proxy
     * @throws UnencodableException if the supplier cannot travel
     * @throws IllegalArgumentException if it is no interface, or is not known there
     * @throws ManagerUnreachableException if the manager is gone
     */
    public <I> I register(Class<I> type, SerializableSupplier<? extends I> maker) {
        return client.register(Objects.requireNonNull(type, "type"), Objects.requireNonNull(maker, "maker"));
    }

    /**
     * Finds the object of a name, or makes it: the way for processes that have nothing but the address to meet.
     *
     * <pre>{@code
     * BlockingQueue<Job> jobs = manager.named("jobs", manager::queue);
     * }</pre>
     *
     * <p>Of several processes that ask at once one makes it, and the others wait for that.
     *
     * @param name the name
     * @param maker makes it, in this process, by another method of this manager
     * @param <T> its type; who asks for another than it has gets a {@link ClassCastException} when using it
     * @return the proxy
     * @throws ManagerUnreachableException if the manager is gone
     */
    @SuppressWarnings("unchecked") // the caller's to know
    public <T> T named(String name, Supplier<? extends T> maker) {
        Objects.requireNonNull(maker, "maker");
        return (T) Objects.requireNonNull(directory().computeIfAbsent(name, _ -> maker.get()));
    }

    /**
     * The names that objects have.
     *
     * @return a proxy of the map from names to objects, which is the same for all who use this manager
     */
    public ConcurrentMap<String, Object> directory() {
        return client.directory();
    }

    /**
     * Removes an object, for everybody: calls of it, also those that wait, throw {@link IllegalStateException} from now on.
     *
     * @param proxy a proxy of it
     * @return false if it is none of this manager's, or was removed already
     * @throws ManagerUnreachableException if the manager is gone
     */
    public boolean remove(Object proxy) {
        return client.remove(Objects.requireNonNull(proxy, "proxy"));
    }

    /**
     * Ends the manager, if this process started it: its process ends with exit code 0 once its non-daemon threads have, or is
     * killed after some seconds. Otherwise ends the connection only, and with it what this process held. A second call does
     * nothing.
     *
     * <p>Waits for that; an interrupt is kept for later.
     */
    @Override
    public void close() {
        if (own == null) {
            client.close();
            return;
        }
        Thread.ofVirtual().start(client::shutdown); // a manager that is stopped does not answer
        own.awaitEnd(CLOSING);
        client.close();
    }

    /** As in {@code manager at /run/user/1000/procession-.../s}. */
    @Override
    public String toString() {
        return "manager at " + client.address().socket();
    }

    private Object writeReplace() {
        return new Travelling(client.address());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a manager travels as its address");
    }

    private record Travelling(Address address) implements Serializable {
        private Object readResolve() {
            return new Manager(Client.of(address), null);
        }
    }

    /** A manager's choices. Each has a default. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_MAX_MESSAGE_BYTES = 256 << 20;

        private ChildProcess.Builder process = ChildProcess.builder();
        private @Nullable Path socket;
        private Key key = Key.random();
        private String filter = "";
        private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;

        private Builder() {}

        /**
         * Serves at a place that processes can name, of this user and with the key.
         *
         * @param socket the path of a socket, of at most 107 bytes; its folder must be closed to other users (mode 0700),
         *     and is made if it is not there. What a dead manager left there is taken over; a file of that name with {@code
         *     .lock} behind it stays
         * @param key the secret they share
         * @return this
         * @throws IllegalArgumentException if the path is too long or the key empty
         */
        public Builder serveAt(Path socket, byte[] key) {
            this.socket = ManagerStart.ensureShort(socket.toAbsolutePath());
            this.key = Key.of(key);
            return this;
        }

        /**
         * Chooses how the manager's process is started: its heap, its name, its output.
         *
         * @param process its choices; it is always a daemon, so that it ends when this program's work is done
         * @return this
         */
        public Builder process(ChildProcess.Builder process) {
            this.process = Objects.requireNonNull(process, "process");
            return this;
        }

        /**
         * Bounds what may be built of bytes, in the manager's process and in every client of it. Numbers, strings, the JDK's
         * exceptions and managed objects are always let pass; all else is asked for, lambdas by the class they are in.
         *
         * @param pattern as {@link java.io.ObjectInputFilter.Config#createFilter} takes it, for example {@code
         *     com.acme.**;java.base/*;!*}; by default everything
         * @return this
         * @throws IllegalArgumentException if it is no such pattern
         */
        public Builder classFilter(String pattern) {
            Building.under(pattern); // or it is none
            this.filter = pattern;
            return this;
        }

        /**
         * Bounds a message to the manager; who sends a longer one is cut off.
         *
         * @param maxMessageBytes in bytes, at least 4096; by default 256 MiB
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxMessageBytes(int maxMessageBytes) {
            if (maxMessageBytes < 4096) {
                throw new IllegalArgumentException("too little: maxMessageBytes=" + maxMessageBytes + ", min=4096");
            }
            this.maxMessageBytes = maxMessageBytes;
            return this;
        }

        /**
         * Starts the manager, and waits until it is ready.
         *
         * @return the manager
         * @throws IllegalStateException if this process is a daemon child or is ending, or if the manager's process failed,
         *     for instance because another manager serves at the place; the cause tells
         * @throws java.io.UncheckedIOException if the system refuses to make what is needed
         */
        public Manager start() {
            var rules = new Rules(filter, maxMessageBytes);
            ManagerStart started = socket == null
                    ? ManagerStart.of(process, key, rules)
                    : ManagerStart.at(socket, process, key, rules);
            try {
                return new Manager(Client.of(started.address()), started);
            } catch (RuntimeException | Error e) {
                started.awaitEnd(Duration.ZERO);
                throw e;
            }
        }
    }
}
