package dev.procession.core;

/**
 * Threads, tasks or processes wait for each other in a circle, and nobody outside of it can let one of them go on. The
 * message names each of them, what it waits for, and who holds that.
 *
 * <p>Thrown where the wait that would close the circle was about to begin. That wait has not begun, and what was asked for
 * was not got; what the thread held before, it holds still. Let it go, so that the others can go on, and try again if that
 * makes sense. gevent calls it {@code LoopExit}.
 */
public final class DeadlockException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Names a deadlock.
     *
     * @param message who waits for whom
     */
    public DeadlockException(String message) {
        super(message);
    }
}
