package dev.procession.net;

/** What carries the connections of a {@link StreamServer}. The handler is the same for all. */
public enum ServerStrategy {
    /**
     * A fixed number of worker JVMs, each of which serves many connections as {@link #GREEN} does. What kills a worker, kills its
     * connections alone, and another takes its place. The handler must be serializable.
     */
    PROCESS,

    /**
     * A fixed number of worker JVMs, each of which serves one connection at a time: nothing that a handler does to its JVM is
     * seen by the next connection. By far the most expensive. The handler must be serializable.
     */
    PROCESS_PER_CONNECTION,

    /** A platform thread per connection. Good for some hundred connections, and for handlers that compute. */
    THREAD,

    /**
     * A virtual thread per connection, on all cores. Good for tens of thousands of connections and handlers that wait: the
     * one to begin with.
     */
    GREEN,

    /**
     * One thread for everything: an {@link dev.procession.green.EventLoop} with a task per connection. Between two waits a handler
     * has all data to itself, and no other handler runs. Lowest memory, one core; a handler that computes holds up all others.
     */
    LOOP
}
