package dev.procession.core.spi;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The order in which tasks take their steps, in somebody else's hands: what lets an explorer run a program in every order
 * there is.
 *
 * <p>A structure made while an interleaving is {@linkplain #control in control} asks it for its locks ({@link #newLock}) and
 * is explored without knowing it. Elsewhere it gets the JDK's, and pays nothing: the question is asked when it is made.
 *
 * <p>Only one task runs at a time, from one step to the next. A step is announced by {@link #step}, which returns when it is
 * that task's turn; what the task does until it announces the next one belongs to the step.
 */
public abstract class Interleaving {
    /** What a step does to its subject. */
    public enum Act {
        /** The task begins. */
        START,
        /** Looks at the subject. */
        READ,
        /** Changes the subject. */
        WRITE,
        /** Acquires the subject. */
        LOCK,
        /** Releases the subject. */
        UNLOCK,
        /** Releases the subject, a lock, and waits for a signal. */
        AWAIT,
        /** Was signalled, and acquires the subject again. */
        RESUME,
        /** Anything, to anything. */
        YIELD
    }

    private static final ScopedValue<Interleaving> IN_CONTROL = ScopedValue.newInstance();

    /** Starts an interleaving, which controls nothing yet. */
    protected Interleaving() {}

    /**
     * The interleaving that controls the calling thread.
     *
     * @return it, or null: then threads run as they please
     */
    public static @Nullable Interleaving current() {
        return IN_CONTROL.isBound() ? IN_CONTROL.get() : null;
    }

    /**
     * Makes the lock of an in-process structure: a {@link ReentrantLock}, or one that the interleaving in control
     * provides. Either is re-entrant, and has conditions.
     *
     * @param name what it is called in a schedule
     * @return the lock, free
     */
    public static Lock newLock(String name) {
        Interleaving inControl = current();
        return inControl == null ? new ReentrantLock() : inControl.lock(name);
    }

    /**
     * Runs something under this interleaving's control, in the calling thread.
     *
     * @param body what to run
     */
    protected final void control(Runnable body) {
        ScopedValue.where(IN_CONTROL, this).run(body);
    }

    /**
     * Provides a re-entrant lock whose every acquisition and release is a step.
     *
     * @param name what it is called in a schedule
     * @return the lock, free
     */
    protected abstract Lock lock(String name);

    /**
     * Announces the calling task's next step and waits for its turn. A thread that is no task, such as the one that sets the
     * program up, goes on at once.
     *
     * @param act what the step does
     * @param subject what it does it to; steps of two subjects may be swapped without changing anything. Null: perhaps to
     *     everything
     * @param label what it is called in a schedule
     * @param ready whether it can be taken now; asked while no task runs, must have no effect
     */
    public abstract void step(Act act, @Nullable Object subject, String label, BooleanSupplier ready);
}
