package dev.procession.net;

import java.io.Serializable;
import java.time.Duration;

/** What a server tells one of its worker processes. */
sealed interface WorkerOrder extends Serializable {
    /** Answer by {@link WorkerNews.Figures} of this number. */
    record Look(long number) implements WorkerOrder {}

    /** Answer by {@link WorkerNews.Listed}, as often as it takes, of this number. */
    record Enumerate(long number) implements WorkerOrder {}

    /** Accept no more, and say so. */
    record Stop() implements WorkerOrder {}

    /** Accept no more, say so, let what is under way end within that time, and end. */
    record Drain(Duration grace) implements WorkerOrder {}
}
