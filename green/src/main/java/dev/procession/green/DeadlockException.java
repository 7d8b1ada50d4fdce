package dev.procession.green;

/**
 * All tasks of a loop wait for each other, and nothing outside the loop can wake them. The message names each of them and
 * what it waits for. gevent calls it {@code LoopExit}.
 *
 * <p>Thrown in the loop's main task, where it waits.
 */
public final class DeadlockException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    DeadlockException(String message) {
        super(message);
    }
}
