package dev.procession.core;

/** What a pool does with a task when its queue is full. */
public enum WhenFull {
    /**
     * The submitter waits for room. The wait ends with {@link java.util.concurrent.RejectedExecutionException} when the pool
     * is shut down, or the submitter is interrupted (its interrupt flag stays set). A task that submits to its own full pool
     * may wait for ever.
     */
    BLOCK,
    /** The task is refused with {@link java.util.concurrent.RejectedExecutionException}. */
    REJECT,
    /** The submitting thread runs the task itself, in its own JVM. */
    CALLER_RUNS
}
