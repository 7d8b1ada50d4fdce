package dev.procession.lab.ticket;

import dev.procession.shm.SharedLock;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One rush for the tickets of one file.
 *
 * @param file the tickets
 * @param lock what to buy under, or null to buy without
 * @param checkDelay how long a buyer looks at the count it read
 * @param buyDelay how long it pays before it writes
 */
record Round(TicketFile file, @Nullable SharedLock lock, Duration checkDelay, Duration buyDelay)
        implements Serializable {
    /** The same, but nobody takes any time between reading and writing. */
    static Round bare(TicketFile file) {
        return new Round(file, null, Duration.ZERO, Duration.ZERO);
    }
}
