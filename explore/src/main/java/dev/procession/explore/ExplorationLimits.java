package dev.procession.explore;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * How far an exploration goes.
 *
 * @param maxSchedules how many schedules it runs
 * @param maxSteps how many steps a schedule may have; more is a failure
 * @param stepTimeout how long a step may take; longer is an error of the program
 * @param threads makes the tasks' threads
 */
record ExplorationLimits(long maxSchedules, int maxSteps, Duration stepTimeout, ThreadFactory threads) {
    static final ExplorationLimits USUAL = new ExplorationLimits(
            100_000,
            10_000,
            Duration.ofSeconds(10),
            Thread.ofVirtual().name("explored-", 0).factory());

    ExplorationLimits withMaxSchedules(long schedules) {
        return new ExplorationLimits(schedules, maxSteps, stepTimeout, threads);
    }

    ExplorationLimits withMaxSteps(int steps) {
        return new ExplorationLimits(maxSchedules, steps, stepTimeout, threads);
    }

    ExplorationLimits withStepTimeout(Duration timeout) {
        return new ExplorationLimits(maxSchedules, maxSteps, timeout, threads);
    }

    ExplorationLimits withThreads(ThreadFactory factory) {
        return new ExplorationLimits(maxSchedules, maxSteps, stepTimeout, factory);
    }
}
