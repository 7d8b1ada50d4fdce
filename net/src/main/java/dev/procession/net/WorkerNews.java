package dev.procession.net;

import java.io.Serializable;
import java.util.List;

/** What a worker process tells its server. */
sealed interface WorkerNews extends Serializable {
    /** It accepts connections. */
    record Ready() implements WorkerNews {}

    /** It has the one connection that it is there for, and accepts no more. */
    record Taken(ServerStatistics statistics) implements WorkerNews {}

    /** The answer to {@link WorkerOrder.Look}. */
    record Figures(long number, ServerStatistics statistics) implements WorkerNews {}

    /** A page of the answer to {@link WorkerOrder.Enumerate}, and how many more come behind it. */
    record Listed(long number, List<ConnectionInfo> page, int pagesLeft) implements WorkerNews {}

    /** It accepts no more, and does not answer while it drains. */
    record Stopped(ServerStatistics statistics) implements WorkerNews {}

    /** It ends, and these are its last figures. */
    record Drained(ServerStatistics statistics, Outcome outcome) implements WorkerNews {}

    /** How a drain ended. */
    enum Outcome {
        ALL_ENDED,
        SOME_CUT
    }
}
