package dev.procession.net;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that a server's engine is told; it can travel to a worker process if the handler can.
 *
 * @param name the server's, for threads and reports
 * @param strategy what carries connections
 * @param workers how many processes, where there are any
 * @param limits what is allowed
 * @param drainGrace how long {@code close} lets connections go on
 * @param handler what to do with each
 * @param layer what is put on top of the plain transport; null for nothing
 */
record Plan(
        String name,
        ServerStrategy strategy,
        int workers,
        Limits limits,
        Duration drainGrace,
        Handler handler,
        @Nullable TransportLayer layer)
        implements Serializable {
    /** The same with other limits. */
    Plan withLimits(Limits other) {
        return new Plan(name, strategy, workers, other, drainGrace, handler, layer);
    }

    /** The same with another handler. */
    Plan withHandler(Handler other) {
        return new Plan(name, strategy, workers, limits, drainGrace, other, layer);
    }
}
