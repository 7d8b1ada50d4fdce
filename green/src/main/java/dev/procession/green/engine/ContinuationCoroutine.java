package dev.procession.green.engine;

/**
 * A continuation of the JDK, run on the thread of whoever runs it.
 *
 * <p>A thread keeps its scoped-value bindings in a field that a continuation's switch does not touch. It is exchanged at
 * each switch, so that neither side sees the other's, and the body stands on a frame where the JDK's search through the
 * stack ends.
 */
final class ContinuationCoroutine extends Coroutine {
    private final Object continuation;
    private final PinnedFrames.Census census;
    private Object bindings = Internals.NO_BINDINGS;
    private boolean done;

    ContinuationCoroutine(Class<?> kind, Runnable body) {
        census = PinnedFrames.census(kind);
        continuation = Internals.newContinuation(() -> {
            try {
                Internals.runWith(Internals.NO_BINDINGS, body);
            } finally {
                done = true;
            }
        });
    }

    @Override
    public void run() {
        Thread thread = Thread.currentThread();
        Object runners = Internals.bindings(thread);
        Internals.setBindings(thread, bindings);
        try {
            Internals.run(continuation);
        } finally {
            bindings = Internals.bindings(thread);
            Internals.setBindings(thread, runners);
        }
    }

    @Override
    public void suspend() {
        if (census.isDue()) {
            String holder = PinnedFrames.monitorHeld();
            if (holder != null) {
                throw new PinnedException(holder);
            }
        }
        try {
            Internals.yieldContinuation();
        } catch (IllegalStateException pinned) {
            throw new PinnedException(PinnedFrames.refused(pinned));
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
