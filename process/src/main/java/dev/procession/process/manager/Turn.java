package dev.procession.process.manager;

/**
 * A call as the manager's own objects see it: who makes it, and whether it may wait.
 *
 * <p>A call is first carried out by the thread that reads the client's messages, which must not wait, for that would hold
 * up the client's other threads. So an object that is about to wait calls {@link #ensureMayWait} first, while nothing is
 * changed yet; that ends the attempt, and the call is carried out anew by a thread of its own.
 */
record Turn(Caller caller, Patience patience) {
    private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

    /** Whether a thread may wait. */
    enum Patience {
        NONE,
        ANY
    }

    /**
     * A thread of a client: to whom locks and claims belong.
     *
     * @param session the client
     * @param thread its thread's number
     */
    record Caller(Session session, long thread) {
        @Override
        public String toString() {
            return "thread " + thread + " of " + session;
        }
    }

    /** The call would have to wait: it is to be carried out by a thread that may. */
    static final class WouldWait extends RuntimeException {
        private static final long serialVersionUID = 1;

        WouldWait() {
            super("would wait", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        }
    }

    /** A wait that no interrupt of the caller ends was cut short: its client is gone, or the object is. */
    static final class CutShort extends RuntimeException {
        private static final long serialVersionUID = 1;

        CutShort() {
            super("cut short", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        }
    }

    /** What a call does. */
    interface Work {
        Object run() throws Exception;
    }

    Object carryOut(Work work) throws Exception {
        return ScopedValue.where(CURRENT, this).call(work::run);
    }

    static Caller current() {
        return CURRENT.get().caller();
    }

    static void ensureMayWait() {
        if (CURRENT.get().patience() == Patience.NONE) {
            throw new WouldWait();
        }
    }

    /** As every wait of the JDK begins. */
    static void ensureNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
