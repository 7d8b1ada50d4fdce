package dev.procession.green;

/**
 * Thrown into a greenlet, or into a {@link Green} task, to end it. Its {@code finally} blocks run, and who ended it gets this
 * object as the value. Python calls it {@code greenlet.GreenletExit}.
 *
 * <p>It is an {@link Error}, though nothing is wrong, so that {@code catch (Exception e)} does not keep alive what was to end;
 * {@code ThreadDeath} was one for the same reason.
 */
public final class GreenletExit extends Error {
    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public GreenletExit() {
        super("killed", null, /* enableSuppression= */ true, /* writableStackTrace= */ false);
    }
}
