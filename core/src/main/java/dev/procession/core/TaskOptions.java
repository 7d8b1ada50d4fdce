package dev.procession.core;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one task is to be run: {@code TaskOptions.defaults().withName("parse a.pdf").withDeadline(Duration.ofSeconds(5))}.
 *
 * @param name what the task is called in messages, thread dumps and output; without one it gets a number
 * @param deadline how long the task may run, counted from its start. Then it is asked to stop: its thread is interrupted,
 *     and {@link TaskContext#isCancelled} tells it
 * @param grace how long it may go on after that, until it is given up: its future fails with {@link TaskDeadlineException},
 *     and what runs it is killed where that can be done. Also the grace after {@code cancel(true)}. Without one, the pool's
 * @param priority tasks of higher priority leave the queue first, equal ones in the order in which they were submitted
 * @param retries how often the task is started again because the worker that ran it died; without it, what the pool says.
 *     What the task itself throws is never retried
 */
public record TaskOptions(
        Optional<String> name,
        Optional<Duration> deadline,
        Optional<Duration> grace,
        int priority,
        OptionalInt retries) {
    private static final TaskOptions DEFAULTS =
            new TaskOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0, OptionalInt.empty());

    /** Checks the options. */
    public TaskOptions {
        Objects.requireNonNull(name, "name");
        deadline.ifPresent(time -> {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("deadline must be positive: deadline=" + time);
            }
        });
        grace.ifPresent(time -> {
            if (time.isNegative()) {
                throw new IllegalArgumentException("grace must not be negative: grace=" + time);
            }
        });
        if (retries.isPresent() && retries.getAsInt() < 0) {
            throw new IllegalArgumentException("retries must not be negative: retries=" + retries.getAsInt());
        }
    }

    /**
     * No name, no deadline, priority 0, and for the rest what the pool says.
     *
     * @return the options to start from
     */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another name.
     *
     * @param name what the task is called
     * @return the new options
     */
    public TaskOptions withName(String name) {
        return new TaskOptions(Optional.of(name), deadline, grace, priority, retries);
    }

    /**
     * These options with another deadline.
     *
     * @param deadline how long the task may run
     * @return the new options
     * @throws IllegalArgumentException if it is not positive
     */
    public TaskOptions withDeadline(Duration deadline) {
        return new TaskOptions(name, Optional.of(deadline), grace, priority, retries);
    }

    /**
     * These options with another grace.
     *
     * @param grace how long the task may go on after it was asked to stop
     * @return the new options
     * @throws IllegalArgumentException if it is negative
     */
    public TaskOptions withGrace(Duration grace) {
        return new TaskOptions(name, deadline, Optional.of(grace), priority, retries);
    }

    /**
     * These options with another priority.
     *
     * @param priority higher is sooner
     * @return the new options
     */
    public TaskOptions withPriority(int priority) {
        return new TaskOptions(name, deadline, grace, priority, retries);
    }

    /**
     * These options with another number of retries.
     *
     * @param retries how often the task is started again after a worker died; {@link Integer#MAX_VALUE} is without bound
     * @return the new options
     * @throws IllegalArgumentException if it is negative
     */
    public TaskOptions withRetries(int retries) {
        return new TaskOptions(name, deadline, grace, priority, OptionalInt.of(retries));
    }
}
