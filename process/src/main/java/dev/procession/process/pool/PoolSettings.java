package dev.procession.process.pool;

import dev.procession.core.WhenFull;
import dev.procession.core.codec.Encoded;
import java.time.Duration;

/**
 * What a pool's builder chose.
 *
 * @param name the pool's name
 * @param minWorkers how many workers are kept
 * @param maxWorkers how many there are at most
 * @param spares how many more are kept ready to take the place of one that dies: 0 or 1
 * @param retries how often a task is started again because its worker died, unless its options say otherwise
 * @param queueCapacity how many tasks may wait when all workers are busy
 * @param whenFull what a submitter meets then
 * @param maxTasksPerWorker after how many tasks a worker is replaced
 * @param maxWorkerAge at what age a worker is replaced
 * @param maxResidentBytes from what resident size on a worker is replaced, and killed if it is in a task
 * @param idleTime after what time without task a worker above the minimum is ended
 * @param endTime how long a worker may take to end when it is told to
 * @param init makes a worker's state, or encoded null
 * @param exit ends it, or encoded null
 * @param wear tells from the state whether a worker is to be replaced, or encoded null
 */
public record PoolSettings(
        String name,
        int minWorkers,
        int maxWorkers,
        int spares,
        int retries,
        int queueCapacity,
        WhenFull whenFull,
        int maxTasksPerWorker,
        Duration maxWorkerAge,
        long maxResidentBytes,
        Duration idleTime,
        Duration endTime,
        Encoded init,
        Encoded exit,
        Encoded wear) {
    /** No bound on a worker's age. */
    public static final Duration FOR_EVER = Duration.ofDays(36_500);
}
