package dev.procession.net;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What serves the connections of a listening socket. {@link LocalEngine} does it in this JVM, and inside of each worker process;
 * other engines look after workers.
 */
interface Engine {
    /** Begins to accept. */
    void start() throws IOException;

    /** Accepts no more. When this returns, no connection is accepted any more. Does nothing the second time. */
    void stopAccepting();

    /**
     * Accepts no more, tells connections that no further request is wanted, lets what is under way end, and closes what has not
     * ended when the time is over.
     *
     * @param grace how long connections may go on
     * @return whether all ended by themselves
     * @throws InterruptedException if interrupted; the connections are closed all the same
     */
    boolean drain(Duration grace) throws InterruptedException;

    /** Accepts no more, closes all connections, and gives back all that the engine has. Does nothing the second time. */
    void close();

    ServerStatistics statistics();

    /** Those there are now, the oldest first. */
    List<ConnectionInfo> connections();
}
